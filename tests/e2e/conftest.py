"""The real thing: the demo made by the command, served by the command, driven in a real browser.

No part is replaced: PostgreSQL, granian, the compressed static files and Chromium are those of a newcomer.
Set ROEDTRAAD_BROWSER=required to fail instead of skip when there is no browser. While writing tests, set
ROEDTRAAD_E2E_DATA to a folder to keep the demo's world there, and ROEDTRAAD_E2E_URL to a server that runs on it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    ViewportSize,
    sync_playwright,
)

TOKEN = "rt_e2e-" + "a" * 32
TODAY = "2026-11-16"
PORT = "8700"
PASSWORD = "proevetraad-2026"
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
# Tells the test of everything the browser holds back because the page may not (its content security policy). axe comes
# when the page already stands, and brings a style of its own.
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  if (!window.axe) window.heldBack(
    `${event.violatedDirective}: ${event.blockedURI} ${event.sample} (${event.sourceFile}:${event.lineNumber})`);
});
"""
# Milliseconds to wait for what should be there at once; a loaded machine is slow.
PATIENCE = 15_000


def find_browser() -> str | None:
    """Debian's Chromium, or whatever CHROMIUM names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is one group, one server and one browser, and comes last: the browser's driver keeps an event
    loop in this thread, in which the job worker's tests could not start their own. A test that uses the suite's own
    database stands among its like, and has a browser of its own."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
    items.sort(key=lambda item: here in item.path.parents and item.get_closest_marker("django_db") is None)


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
    kept = os.environ.get("ROEDTRAAD_E2E_DATA")
    data = Path(kept) if kept else tmp_path_factory.mktemp("rt") / "var"
    running = os.environ.get("ROEDTRAAD_E2E_URL")
    if kept and running:
        yield Site(running, TOKEN, data)
        return
    made = subprocess.run(
        [sys.executable, "-m", "roedtraad", "demo", "--no-serve"],
        env=environment(data),
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout.decode() + made.stderr.decode()
    log = (data / "serve.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "roedtraad", "serve", "--port", PORT],
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


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium without a screen, and its driver, which goes with it."""
    path = find_browser()
    if path is None:
        words = "Ingen Chromium fundet: browsertestene springes over (apt-get install chromium)."
        if os.environ.get("ROEDTRAAD_BROWSER") == "required":
            pytest.fail(words)
        pytest.skip(words)
    # The driver keeps an event loop in this thread; tests that use the database come after it in the same run.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of all journeys through the demo."""
    with launched() as running:
        yield running


class Visit:
    """`visit("leder", "/kapacitet/", phone=True)`: a page as that demo user sees it.

    One context per user, size and scheme; a login is made once in a run and its cookies kept. What the console
    and the scripts complain about lands in `problems`.
    """

    def __init__(self, site: Site, browser: Browser, logins: dict[str, StorageState]) -> None:
        self.site = site
        self.browser = browser
        self.logins = logins
        self.problems: list[str] = []
        self.held_back: list[str] = []
        self.contexts: dict[tuple[str | None, bool, str, bool], BrowserContext] = {}

    def __call__(
        self,
        username: str | None,
        path: str = "/",
        *,
        phone: bool = False,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
    ) -> Page:
        page = self.page(username, phone=phone, scheme=scheme, scripts=scripts)
        page.goto(path)
        return page

    def page(
        self,
        username: str | None,
        *,
        phone: bool = False,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
        watch: str = "",
    ) -> Page:
        """The window of that user, logged in and not yet sent anywhere; `watch` is a script each page begins with."""
        key = (username, phone, scheme, scripts)
        if key not in self.contexts:
            self.contexts[key] = self._context(username, phone, scheme, scripts)
            if watch:
                self.contexts[key].add_init_script(watch)
        context = self.contexts[key]
        return context.pages[0] if context.pages else context.new_page()

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts.values():
            context.close()

    def _context(
        self, username: str | None, phone: bool, scheme: Literal["light", "dark"], scripts: bool
    ) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport=PHONE if phone else WIDE,
            color_scheme=scheme,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            reduced_motion="reduce",
            accept_downloads=True,
            java_script_enabled=scripts,
            storage_state=self.logins.get(username or ""),
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._heard)
        if not scripts:
            # Then there is no other word of it.
            context.on("console", self._heard_of_policy)
        context.expose_function("heldBack", lambda said: self.held_back.append(said))
        context.add_init_script(WATCH_POLICY)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        if username and username not in self.logins:
            log_in(context.new_page(), username)
            self.logins[username] = context.storage_state()
        return context

    def _heard_of_policy(self, said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            self.held_back.append(said.text)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.problems.append(f"{said.text} ({said.location.get('url', '')})")


@pytest.fixture(scope="session")
def logins() -> dict[str, StorageState]:
    """The cookies of those who have logged in."""
    return {}


@pytest.fixture
def visit(site: Site, browser: Browser, logins: dict[str, StorageState]) -> Iterator[Visit]:
    """How a test goes somewhere."""
    made = Visit(site, browser, logins)
    yield made
    made.close()
    assert not made.held_back, "\n".join(made.held_back)


def log_in(page: Page, username: str) -> None:
    """Log in through the form, as a person does."""
    page.goto("/konto/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/konto/login" not in url)
