"""The web application in a worker process of our own web server: it follows its parent into death.

When the web server itself is killed, a worker would live on, hold the port and answer, watched by nobody.
"""

import multiprocessing
import signal

from roedtraad.config.postgres import dies_with
from roedtraad.config.wsgi import application

parent = multiprocessing.parent_process()
follow = dies_with(parent.pid, signal.SIGKILL) if parent is not None and parent.pid else None
if follow is not None:
    follow()

__all__ = ["application"]
