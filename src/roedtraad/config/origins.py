"""From which addresses a form may come."""

from __future__ import annotations

from collections.abc import Sequence


def trusted_origins(hosts: Sequence[str]) -> list[str]:
    """The house's own addresses over https, as CSRF_TRUSTED_ORIGINS has them. A leading dot is every subdomain.

    "*" is left out: a form from anywhere is what is to be refused.
    """
    return [
        f"https://*{host}" if host.startswith(".") else f"https://{host}" for host in hosts if host != "*"
    ]
