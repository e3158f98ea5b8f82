"""Bytes that no browser sends, on the wire to the real server; and slow ones that hold on to it."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.security.raw import CLOSED, RAW, Raw, request

from .conftest import Site

PATIENCE = 20
# Seconds after which nothing more will come.
SILENCE = 3


@contextmanager
def wire(site: Site) -> Iterator[socket.socket]:
    parts = urlsplit(site.url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as made:
        yield made


def answer_to(site: Site, sent: bytes) -> bytes:
    """All that comes back until the server closes, or has nothing more to say for a while."""
    host = urlsplit(site.url).netloc.encode()
    came = b""
    with wire(site) as made:
        try:
            made.sendall(sent.replace(b"$host", host))
            made.settimeout(SILENCE)
            while piece := made.recv(65536):
                came += piece
        except OSError:
            # It hung up while we were still talking, or says nothing.
            pass
    return came


def statuses(came: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"(?:^|\r\n\r\n|\n)HTTP/1\.[01] (\d{3})", came)]


def is_well(site: Site) -> bool:
    with urllib.request.urlopen(f"{site.url}/readyz", timeout=PATIENCE) as answer:
        return bool(answer.status == 200)


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: raw.id)
def test_bytes_on_the_wire(site: Site, raw: Raw) -> None:
    came = answer_to(site, raw.sent)
    found = [status for status in statuses(came) if status != 100] or [CLOSED]
    assert found[0] in raw.must, f"{raw.tries}: {found} {came[:300]!r}"
    assert len(found) <= raw.answers, f"{raw.tries}: {len(found)} answers"
    assert b"zzsmuggled" not in came
    assert b"root:" not in came
    assert b"Traceback" not in came
    assert is_well(site)


def test_the_server_does_not_say_what_it_is(site: Site) -> None:
    for path in ("/", "/konto/login/", "/readyz", "/static/design/trusted.js"):
        came = answer_to(site, request(f"GET {path} HTTP/1.1", "Host: $host", "Connection: close"))
        head = came.split(b"\r\n\r\n")[0].lower()
        for word in (b"granian", b"django", b"python", b"x-powered-by"):
            assert word not in head, (path, head)


def test_slow_headers_do_not_keep_others_out(site: Site) -> None:
    """Forty who never finish their headers, and the forty-first is served."""
    held = []
    try:
        for _n in range(40):
            made = socket.create_connection(
                (urlsplit(site.url).hostname or "", urlsplit(site.url).port or 80), 5
            )
            made.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
            held.append(made)
        started = time.monotonic()
        assert is_well(site)
        assert time.monotonic() - started < 5
    finally:
        for made in held:
            made.close()


def test_a_plain_request_is_answered(site: Site) -> None:
    """The wire works: what is refused above is refused for what it is."""
    came = answer_to(site, request("GET /konto/login/ HTTP/1.1", "Host: $host", "Connection: close"))
    assert statuses(came) == [200]
    assert b"</html>" in came
