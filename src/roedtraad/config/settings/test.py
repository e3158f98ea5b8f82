"""The suite: fixed keys, no password hashing cost, static files straight from the apps."""

import atexit
import os
import sys

os.environ.setdefault("ROEDTRAAD_SECRET_KEY", "test-" + "x" * 60)
os.environ.setdefault("ROEDTRAAD_FIELD_KEYS", "t1:" + "QUFB" * 10 + "QUE=")
os.environ.setdefault("ROEDTRAAD_INDEX_KEY", "QkJC" * 10 + "QkI=")

# The suite makes databases of its own, so it connects as the owner. Without a DATABASE_URL it starts a
# throw-away cluster once; the workers of a parallel run inherit the address. Type checkers and other tools
# that only read the settings start nothing.
os.environ["ROEDTRAAD_DB_AS"] = "owner"
if "pytest" in sys.modules and not os.environ.get("DATABASE_URL"):
    from roedtraad.config.postgres import OWNER, temporary_cluster

    _running = temporary_cluster()
    _cluster = _running.__enter__()
    atexit.register(_running.__exit__, None, None, None)
    os.environ["DATABASE_URL"] = _cluster.dsn(OWNER, "roedtraad")

from roedtraad.config.settings.base import *  # noqa: F403  the keys must stand before base reads them

MODE = "test"
EXAMPLE_DATA = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
# With a context of its own (`access.rows`) a connection becomes the role that owns nothing, as in real use.
ROWS_ROLE = "roedtraad_app"
# Tests that commit empty all tables afterwards, which the log of look-ups refuses (tests/access/test_seals.py shows it).
_KEPT = "{pgtrigger_no_truncate_87d75,pgtrigger_no_truncate_0ccea,pgtrigger_no_truncate_fc991}"
_options = DATABASES["default"].setdefault("OPTIONS", {})  # noqa: F405
_options["options"] = _options.get("options", "").replace("pgtrigger.ignore={}", f"pgtrigger.ignore={_KEPT}")
