"""The real thing: the demo made by the command, served by the command, driven in a real browser.

No part is replaced: PostgreSQL, granian, the compressed static files and Chromium are those of a newcomer.
Set ROEDTRAAD_BROWSER=required to fail instead of skip when there is no browser.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

TOKEN = "rt_e2e-" + "a" * 32
TODAY = "2026-11-16"
PASSWORD = "proevetraad-2026"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def find_browser() -> str | None:
    """Debian's Chromium, or whatever CHROMIUM names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is one group: one server, one browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@dataclass(frozen=True)
class Site:
    """A running Rødtråd with the demo's data."""

    url: str
    token: str
    data: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a `roedtraad` command against the same data."""
        return subprocess.run(
            [sys.executable, "-m", "roedtraad", *arguments],
            env=environment(self.data),
            capture_output=True,
            check=False,
        )


def environment(data: Path) -> dict[str, str]:
    """A newcomer's environment: none of the suite's settings, a fixed day."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("ROEDTRAAD_", "DJANGO_", "DATABASE_")) or k == "ROEDTRAAD_PG_BIN"
    }
    return kept | {
        "ROEDTRAAD_DATA": str(data),
        "ROEDTRAAD_TODAY": TODAY,
        "ROEDTRAAD_DEMO_TOKEN": TOKEN,
        "ROEDTRAAD_LOG_LEVEL": "WARNING",
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`roedtraad demo --no-serve`, then `roedtraad serve`, ended by its pid."""
    data = tmp_path_factory.mktemp("rt") / "var"
    made = subprocess.run(
        [sys.executable, "-m", "roedtraad", "demo", "--no-serve"],
        env=environment(data),
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout.decode() + made.stderr.decode()
    log = (data / "serve.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "roedtraad", "serve", "--port", "8700"],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=log,
    )
    assert server.stdout is not None
    url = ""
    for raw in server.stdout:
        if b"http://" in raw:
            url = raw.decode().split("http://")[1].split()[0]
            break
    assert url, (data / "serve.log").read_text()
    url = f"http://{url}"
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=5)
            break
        except OSError:
            assert time.monotonic() < deadline, (data / "serve.log").read_text()
            time.sleep(0.2)
    yield Site(url, TOKEN, data)
    server.send_signal(signal.SIGTERM)
    server.wait(30)
    log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen."""
    path = find_browser()
    if path is None:
        words = "Ingen Chromium fundet: browsertestene springes over (apt-get install chromium)."
        if os.environ.get("ROEDTRAAD_BROWSER") == "required":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        )
        yield running
        running.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """`visit("leder", "/kapacitet/", phone=True)`: a page as that demo user sees it."""
    contexts: list[BrowserContext] = []
    states: dict[tuple[str, str], BrowserContext] = {}

    def go(username: str | None, path: str = "/", *, phone: bool = False, scheme: str = "light") -> Page:
        key = (username or "", f"{phone}{scheme}")
        if key not in states:
            context = browser.new_context(
                base_url=site.url,
                viewport=PHONE if phone else WIDE,  # type: ignore[arg-type]  # the same shape
                color_scheme=scheme,  # type: ignore[arg-type]
                locale="da-DK",
                timezone_id="Europe/Copenhagen",
                reduced_motion="reduce",
                accept_downloads=True,
            )
            contexts.append(context)
            states[key] = context
            if username:
                log_in(context.new_page(), username)
        page = states[key].pages[0] if states[key].pages else states[key].new_page()
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


def log_in(page: Page, username: str) -> None:
    """Log in through the form, as a person does."""
    page.goto("/konto/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/konto/login" not in url)
