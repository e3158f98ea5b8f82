"""The server's postgresql.conf and pg_hba.conf, written anew at each start."""

from __future__ import annotations

from pathlib import Path

from .layout import SOCKET_PORT

_SAFETY = {
    "listen_addresses": "",
    "port": str(SOCKET_PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",  # nosec B105  the name of a method
    "ssl": "off",
    # Personal data stays out of the log: statements, their parameters and the values an ERROR quotes are not
    # written. The application gets its own errors back; start-up, shut-down and FATAL messages remain.
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
_TUNING = {
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
# For clusters that are thrown away: nothing is promised to survive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}

HBA = "# Written at each start. Only the socket, and always with a password.\nlocal all all scram-sha-256\n"


def server_settings(sockets: Path, share: Path, fast: bool) -> str:
    """The text of postgresql.conf.

    An operator's own settings go in `local.conf` in the cluster folder; they may tune but not open, since the
    safety settings come after them.
    """
    tuning = dict(_TUNING)
    if (share / "timezone" / "Europe" / "Copenhagen").exists() or Path(
        "/usr/share/zoneinfo/Europe/Copenhagen"
    ).exists():
        tuning |= {"timezone": "Europe/Copenhagen", "log_timezone": "Europe/Copenhagen"}
    if fast:
        tuning |= _FAST
    safety = _SAFETY | {"unix_socket_directories": str(sockets)}
    return "\n".join(
        [
            "# Written at each start: changes here are lost. Your own settings belong in ../local.conf.",
            *_lines(tuning),
            "include_if_exists = '../local.conf'",
            *_lines(safety),
            "",
        ]
    )


def _lines(settings: dict[str, str]) -> list[str]:
    return [f"{name} = '{value}'" for name, value in settings.items()]
