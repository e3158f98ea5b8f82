"""The embedded PostgreSQL server: a private cluster under the project's own data folder.

Pure standard library plus psycopg, so that settings and the command line can use it before Django exists.
Its sentences are therefore plain Danish strings and not gettext messages.

    with Cluster().ensure_running(say=print) as cluster:
        psycopg.connect(**cluster.connection("roedtraad_app"))

`docs/decisions/0002-embedded-postgresql.md` tells why it is built this way.
"""

from roedtraad.config.environment import data_folder

from .binaries import Binaries, find_binaries
from .cluster import Cluster, Status, temporary_cluster
from .errors import DiskFull, NoServerBinaries, PostgresError, ServerAlreadyRunning, ServerFailed
from .ports import free_port
from .process import dies_with
from .provision import APP, DATABASE, OWNER, SUPERUSER

__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "SUPERUSER",
    "Binaries",
    "Cluster",
    "DiskFull",
    "NoServerBinaries",
    "PostgresError",
    "ServerAlreadyRunning",
    "ServerFailed",
    "Status",
    "data_folder",
    "dies_with",
    "find_binaries",
    "free_port",
    "temporary_cluster",
]
