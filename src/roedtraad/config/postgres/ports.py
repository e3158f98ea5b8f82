"""Choosing a TCP port for the web server."""

from __future__ import annotations

import socket
from contextlib import closing

NEIGHBOURS = 100


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # The web server sets the same option; without it a port that just closed would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(preferred: int = 8000) -> int:
    """The preferred TCP port on 127.0.0.1, else the next free one above it, else any free one.

    The answer was true when given: another program may still take the port before the caller does.
    """
    for port in range(max(preferred, 1), min(preferred + NEIGHBOURS, 65536)):
        if _is_free(port):
            return port
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
