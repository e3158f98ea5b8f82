"""A real push server on the suite's database, and pages that listen to it, without a browser."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo

from roedtraad.accounts.models import User
from roedtraad.config.cli.serve import push_command
from roedtraad.config.postgres import free_port
from roedtraad.safety import tickets

ORIGIN = "http://rt.test:8000"


@dataclass
class Push:
    """A running push server."""

    url: str
    process: subprocess.Popen[bytes]

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def status(self, query: str, headers: Mapping[str, str] = {}) -> int:
        """What a stream asked for like this is answered."""
        request = urllib.request.Request(f"{self.url}/strom?{query}", headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def push_server() -> Iterator[Push]:
    """Granian with the application, as `roedtraad push` starts it."""
    database = connection.settings_dict
    address = make_conninfo(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    )
    port = free_port(8790)
    env = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")} | {
        "ROEDTRAAD_MODE": "test",
        "DATABASE_URL": address,
        "ROEDTRAAD_PUSH_ORIGINS": ORIGIN,
        "ROEDTRAAD_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(push_command(port), env=env)
    push = Push(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                push.health()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield push
    finally:
        process.terminate()
        process.wait(20)


class Page:
    """An open page of the user: what it hears, in order."""

    def __init__(self, push: Push, user: User, *, after: int | None = None) -> None:
        request = urllib.request.Request(
            f"{push.url}/strom?billet={tickets.issue(user)}",
            headers={"Last-Event-ID": str(after)} if after is not None else {},
        )
        self._answer = urllib.request.urlopen(request, timeout=60)
        self.heard: queue.Queue[tuple[int, str, dict[str, Any]]] = queue.Queue()
        self.first = self._answer.readline()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        event: dict[str, str] = {}
        try:
            for raw in self._answer:
                line = raw.decode().rstrip("\n")
                if line and not line.startswith(":"):
                    name, _mark, value = line.partition(": ")
                    event[name] = value
                elif event:
                    self.heard.put((int(event.get("id", 0)), event["event"], json.loads(event["data"])))
                    event = {}
        except (OSError, ValueError, AttributeError):
            pass  # closed by the test

    def next(self, seconds: float = 10) -> tuple[int, str, dict[str, Any]]:
        """The next news; queue.Empty when none comes."""
        return self.heard.get(timeout=seconds)

    def kinds(self, seconds: float = 1.5) -> list[str]:
        """What comes until nothing has come for so long."""
        found = []
        while True:
            try:
                found.append(self.next(seconds)[2]["kind"])
            except queue.Empty:
                return found

    def close(self) -> None:
        self._answer.fp.raw._sock.shutdown(2)
        self._thread.join(5)
        self._answer.close()
