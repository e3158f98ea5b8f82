"""Which database, and as which role."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from roedtraad.config import environment


def connection_settings() -> dict[str, Any]:
    """Django's settings for the default database.

    `DATABASE_URL` names a real server; otherwise the embedded cluster of the data folder is used. The
    process connects as the app role, which owns no table; `ROEDTRAAD_DB_AS=owner` is for migrations and
    for the suite, which makes its own databases.
    """
    as_owner = environment.read("ROEDTRAAD_DB_AS", "app") == "owner"
    url = environment.read("DATABASE_URL")
    if as_owner:
        url = environment.read("DATABASE_OWNER_URL") or url
    if not url:
        from roedtraad.config.postgres import Cluster

        cluster = Cluster(environment.data_folder())
        if not cluster.exists():
            # Commands that need no database (help, --version) must work before the first start.
            return {"ENGINE": "django.db.backends.postgresql", "NAME": "roedtraad"}
        url = cluster.dsn("roedtraad_owner" if as_owner else "roedtraad_app", "roedtraad")
    parts = conninfo_to_dict(url)
    options: dict[str, Any] = {
        k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}
    }
    # The history triggers look this up for every row; unset, each look-up fails in a subtransaction of its own,
    # and writing 100,000 rows takes ten times as long.
    options["options"] = f"{options.get('options', '')} -c pgtrigger.ignore={{}}".strip()
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "roedtraad"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "") or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
    }
    if environment.read_bool("ROEDTRAAD_DB_POOL", False):
        # The pool keeps connections itself, so CONN_MAX_AGE stays 0. Each is tried before it is lent: the server
        # may have been restarted since. Tries to reach a server that is away end soon and begin anew with the next
        # request, instead of being further and further apart.
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 4}
        settings["CONN_HEALTH_CHECKS"] = True
    return settings
