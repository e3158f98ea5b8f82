"""A real running house to break: its processes, and clients that write through its pages and do not give up.

Shared by the measurement (`benchmarks/faults.py`), the load (`benchmarks/load.py`) and the suite's short version.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import psutil
import psycopg

from roedtraad.config.postgres import SUPERUSER, Cluster

ROOT = Path(__file__).resolve().parents[1]
BOOK = "/kapacitet/book/"
LOGIN = "/konto/login/"
_HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|request_id|key)" value="([^"]*)"')


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> float:
    """Wait until the condition holds; returns the seconds it took. AssertionError when it never does."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"still waiting for: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


class House:
    """`roedtraad serve` on a data folder."""

    def __init__(
        self, data: Path, *, jobs: bool = True, workers: int = 1, env: dict[str, str] | None = None
    ) -> None:
        self.data = data
        self.port = free_port()
        # Beside the data folder, which may be on a disk that is to be filled.
        self.log = data.with_name(f"{data.name}-{self.port}.log")
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("ROEDTRAAD_", "DATABASE_", "DJANGO_"))
        }
        source = str(ROOT / "src")
        self.env = {
            **kept,
            "PYTHONPATH": source,
            "ROEDTRAAD_DATA": str(data),
            "ROEDTRAAD_LOG_LEVEL": "WARNING",
        }
        # Eight clients that write as fast as they can are not what the limits are for.
        self.env |= {f"ROEDTRAAD_{kind}_RATE": "1000000/m" for kind in ("WRITE", "EXPORT", "SEARCH", "API")}
        self.env |= env or {}
        self.options = ["--workers", str(workers), *([] if jobs else ["--no-jobs"])]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *args: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Another command on the same data, seen through to its end."""
        command = [sys.executable, "-W", "ignore", "-m", "roedtraad", *args]
        return subprocess.run(
            command, env=self.env, cwd=ROOT, input=text, capture_output=True, text=True, check=False
        )

    def shell(self, code: str) -> Any:
        """What a piece of Python, run inside the house, prints as JSON on its last line."""
        done = self.run("manage", "shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *, wait: bool = True) -> float:
        """Start serving; returns the seconds until a page can be had."""
        began = time.monotonic()
        log = self.log.open("ab")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "roedtraad",
                "serve",
                "--port",
                str(self.port),
                *self.options,
            ],
            env=self.env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        log.close()
        if wait:
            wait_for(self.ready_or_gone, f"the house to be ready:\n{self.told()[-2000:]}")
            assert self.process.poll() is None, self.told()
        return time.monotonic() - began

    def ready_or_gone(self) -> bool:
        """Ready for visitors, or ended."""
        return (self.process is not None and self.process.poll() is not None) or self.ready()

    def ready(self) -> bool:
        """What /readyz says."""
        try:
            return Browser(self.port, patience=5).get("/readyz").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it nicely."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def told(self) -> str:
        """All that was said and logged so far."""
        return self.log.read_text() if self.log.exists() else ""

    # -- its processes --------------------------------------------------------------------------------------

    def _children(self, words: str) -> list[psutil.Process]:
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if words in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.Error:
                continue
        return found

    def web_server(self) -> psutil.Process:
        """The parent of the web workers."""
        return self._children("config.served")[0]

    def web_worker(self) -> psutil.Process:
        """One process that answers requests."""
        return self.web_server().children()[0]

    def push_server(self) -> psutil.Process:
        """The parent of the one that tells of alarms."""
        return self._children("config.pushed")[0]

    def job_worker(self) -> psutil.Process:
        """The process that does the jobs."""
        return self._children("roedtraad worker")[0]

    def postmaster(self) -> psutil.Process:
        """The database server."""
        wait_for(lambda: Cluster(self.data).status().pid is not None, "a database server")
        return psutil.Process(Cluster(self.data).status().pid)

    def everything(self) -> list[psutil.Process]:
        """The supervisor and all below it, the database included."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def database(self) -> psycopg.Connection[Any]:
        """A connection that sees every row, past the rules for rows."""
        return psycopg.connect(**Cluster(self.data).connection(SUPERUSER, "roedtraad"), autocommit=True)


@dataclass
class Answer:
    """Status, headers in lower case, and text."""

    status: int
    headers: dict[str, str]
    text: str


class Browser:
    """The least of a browser: one connection, cookies, forms. OSError when the connection breaks."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, patience: float = 30) -> None:
        self._port = port
        self._patience = patience
        self._line: http.client.HTTPConnection | None = None
        self.cookies = dict(cookies or {})

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._send("POST", path, urllib.parse.urlencode(form), headers)

    def hidden(self, page: str, action: str = "") -> dict[str, str]:
        """The hidden fields of the page's last form (a page's own form stands after those of its frame)."""
        forms = re.findall(r'<form method="post".*?</form>', page, re.DOTALL)
        wanted = [form for form in forms if action in form]
        return dict(_HIDDEN.findall(wanted[-1])) if wanted else {}

    def login(self, username: str, password: str) -> None:
        """Log in through the page."""
        form = self.hidden(self.get(LOGIN).text) | {"login": username, "password": password}
        answer = self.post(LOGIN, form)
        assert answer.status == 302, (answer.status, answer.text[:2000])

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        reused = self._line is not None
        try:
            response, text = self._ask(method, path, body, headers)
        except http.client.RemoteDisconnected:
            # The server had closed a line that was idle for long: a browser then takes a new one unasked.
            if not reused:
                raise
            response, text = self._ask(method, path, body, headers)
        for value in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, text)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._patience)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._line.request(method, path, body, {"Host": "localhost", "Cookie": cookie, **headers})
            response = self._line.getresponse()
            return response, response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            self._line = None
            if isinstance(error, OSError):
                raise  # RemoteDisconnected is one of them
            raise ConnectionError(str(error)) from error


@dataclass
class Writer:
    """A client that books the same place day after day, and sends each form until it is acknowledged."""

    browser: Browser
    place: str
    citizen: str
    payer: str
    first_day: dt.date
    number: int = 0
    acknowledged: list[tuple[str, str]] = field(default_factory=list)  # (stay key, request id)
    attempts: int = 0
    resent: int = 0
    unanswered: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def write(self, until: Callable[[], bool]) -> None:
        """Book day after day until told to stop; a form that was begun is seen through first."""
        while not until() and not self.wrong:
            form = self._fetch(until)
            if form is None:
                return
            self._send_until_acknowledged(form)

    def _fetch(self, until: Callable[[], bool]) -> dict[str, str] | None:
        while not until():
            page = self._try(lambda: self.browser.get(BOOK))
            hidden = self.browser.hidden(page.text, 'value="book"') if page and page.status == 200 else {}
            if hidden.get("request_id") and hidden.get("key"):
                day = (self.first_day + dt.timedelta(days=self.number)).isoformat()
                self.number += 1
                order = {"ordered_start": day, "ordered_end": day, "paying_municipality": self.payer}
                who = {"who": "known", "citizen": self.citizen, "place": self.place, "act": "book"}
                return hidden | order | who
            if page is not None and page.status not in {200, 503}:
                self.wrong.append(f"GET {page.status}: {page.text[:300]}")
                return None
            time.sleep(0.1)
        return None

    def _send_until_acknowledged(self, form: dict[str, str]) -> None:
        sent = 0
        while True:
            sent += 1
            self.attempts += 1
            answer = self._try(lambda: self.browser.post(BOOK, form))
            if answer is not None and 200 < answer.status < 400:
                self.acknowledged.append((form["key"], form["request_id"]))
                self.resent += sent > 1
                return
            if answer is not None and answer.status not in {503}:
                errors = re.findall(r"error[^>]*>([^<]{5,200})<", answer.text)
                self.wrong.append(f"POST {answer.status} efter {sent}: {errors[:3] or answer.text[:300]}")
                return
            if sent > 600:
                self.wrong.append("blev aldrig besvaret")
                return
            time.sleep(0.1)

    def _try(self, ask: Callable[[], Answer]) -> Answer | None:
        try:
            answer = ask()
        except OSError:
            self.unanswered += 1
            return None
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        return answer


class Writers:
    """Several writers at once, each in a thread of its own."""

    def __init__(self, writers: list[Writer]) -> None:
        self.writers = writers
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Let them write."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=writer.write, args=[self._stop.is_set], daemon=True)
            for writer in self.writers
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 90) -> None:
        """Let each see its last form through. AssertionError with its words when one did not."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)
            assert not thread.is_alive(), "a client still waits for its answer"
        wrong = [words for writer in self.writers for words in writer.wrong]
        assert not wrong, wrong[:3]

    @property
    def acknowledged(self) -> list[tuple[str, str]]:
        """All acknowledged writes."""
        return [pair for writer in self.writers for pair in writer.acknowledged]

    def wait_for_more(self, count: int, seconds: float = 120) -> float:
        """Until so many more are acknowledged; the seconds it took."""
        goal = len(self.acknowledged) + count
        return wait_for(
            lambda: len(self.acknowledged) >= goal or any(writer.wrong for writer in self.writers),
            f"{count} more acknowledged writes",
            seconds,
        )


@dataclass(frozen=True)
class Count:
    """What the tables hold of the writers' bookings."""

    acknowledged: int
    lost: int
    doubled: int
    half: int
    unknown: int

    @property
    def clean(self) -> bool:
        """Every acknowledged write is there exactly once and whole, and nothing else is."""
        return not (self.lost or self.doubled or self.half or self.unknown)


def count(connection: psycopg.Connection[Any], acknowledged: list[tuple[str, str]], since: dt.date) -> Count:
    """Compare what was acknowledged with what is there. `since`: the writers' first day.

    Half is a stay without exactly one history event or without its kept answer, or an answer without its stay.
    """
    stays = connection.execute(
        "SELECT key, place_id, ordered_start FROM journeys_stay WHERE ordered_start >= %s", [since]
    ).fetchall()
    events = dict(
        connection.execute(
            "SELECT key, count(*) FROM journeys_stayevent WHERE ordered_start >= %s GROUP BY key", [since]
        ).fetchall()
    )
    answers = {
        str(row[0]): row[1]
        for row in connection.execute(
            "SELECT request_id, count(*) FROM access_sentrequest WHERE status = 302 AND route = %s GROUP BY 1",
            [BOOK.lstrip("/")],
        )
    }
    keys = [row[0] for row in stays]
    known = dict(acknowledged)
    lost = [key for key in known if key not in set(keys)]
    doubled = len(keys) - len({(row[1], row[2]) for row in stays})
    half = [key for key in keys if events.get(key) != 1 or (key in known and answers.get(known[key]) != 1)]
    half += [number for number in answers if number not in set(known.values())]
    unknown = [key for key in keys if key not in known]
    return Count(len(known), len(lost), doubled, len(half), len(unknown))
