"""The push server's application in a process of our own server: it follows its parent into death, as the web's does."""

import multiprocessing
import signal

from roedtraad.config.modes import choose_settings
from roedtraad.config.postgres import dies_with

parent = multiprocessing.parent_process()
follow = dies_with(parent.pid, signal.SIGKILL) if parent is not None and parent.pid else None
if follow is not None:
    follow()

choose_settings()

import django  # noqa: E402  the settings must be chosen first

django.setup()

from roedtraad.safety.push.app import application  # noqa: E402  needs Django

__all__ = ["application"]
