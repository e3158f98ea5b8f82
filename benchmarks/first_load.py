"""How much a phone fetches for its first look at Min vagt, and when one can tap: in Chromium, on a throttled fast 3G.

The region's world is made and served as a newcomer gets it; a colleague logs in, the browser's memory is emptied and the
page opened. Bytes are what came through the net, compressed, with headers. One can tap when the page has been drawn and
all its scripts have run (the end of DOMContentLoaded), or when the last long piece of work that began before that was
over. The worker's fetching of the empty page comes after it and is printed by itself.
"""

from __future__ import annotations

import os
import secrets
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from benchmarks.faulthouse import House

TIMES = 5
WHO = "medarbejder"
PAGE = "/min-vagt/"
PHONE = {"width": 360, "height": 740}
# The profile the browser's own tools call fast 3G: 1.6 Mbit/s down and 0.75 up at nine tenths, 562.5 ms there and back.
FAST_3G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6e6 / 8 * 0.9,
    "uploadThroughput": 0.75e6 / 8 * 0.9,
}
MOST_BYTES, MOST_SECONDS = 200_000, 2.0
WATCH = """
window.long = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.long.push([one.startTime, one.startTime + one.duration]);
}).observe({ type: "longtask", buffered: true });
"""
TIMES_OF = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const drawn = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const ready = Math.max(drawn, page.domContentLoadedEventEnd);
  const busy = window.long.filter(([begins]) => begins < ready).map(([, ends]) => ends);
  return { answered: page.responseStart, drawn, tap: Math.max(ready, ...busy), loaded: page.loadEventEnd };
}"""


def run() -> None:
    """Make the world, serve it, and print both figures beside their aims."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "var", jobs=False)
        made = house.run("demo", "--no-serve")
        assert made.returncode == 0, made.stdout + made.stderr
        house.start()
        try:
            measure(f"http://localhost:{house.port}", _password(house))
        finally:
            house.stop()


def _password(house: House) -> str:
    """A password of the colleague's, for this house alone."""
    password = secrets.token_urlsafe(18)
    house.shell(
        "import json; from roedtraad.accounts.models import User; from roedtraad.access import rows\n"
        "rows.process_is('måling')\n"
        f"user = User.objects.get(username={WHO!r}); user.set_password({password!r}); user.save(); print(json.dumps(1))"
    )
    return password


def measure(url: str, password: str) -> None:
    """Open the page anew some times, and print what came and when."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        context = browser.new_context(base_url=url, viewport=PHONE, locale="da-DK")
        page = context.new_page()
        page.goto("/konto/login/")
        page.fill("input[name=login]", WHO)
        page.fill("input[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url(lambda address: "login" not in address)
        cookies = context.cookies()
        context.close()
        looks = []
        for _ in range(TIMES):
            context = browser.new_context(base_url=url, viewport=PHONE, locale="da-DK")
            # A cookie of the site; the rest of the memory is a new phone's.
            context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were read
            looks.append(_look(context.new_page()))
            context.close()
        browser.close()
    _print(looks)


def _look(page: Page) -> dict[str, Any]:
    """One first look: the bytes of each kind, and the times in milliseconds."""
    page.add_init_script(WATCH)
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", FAST_3G)
    kinds: dict[str, str] = {}
    found: dict[str, float] = defaultdict(float)
    largest: dict[str, float] = {}
    paths: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        paths[event["requestId"]] = urlsplit(event["response"]["url"]).path

    def finished(event: dict[str, Any]) -> None:
        found[kinds.get(event["requestId"], "Other")] += event["encodedDataLength"]
        largest[paths.get(event["requestId"], "?")] = event["encodedDataLength"]

    protocol.on("Network.responseReceived", answered)
    protocol.on("Network.loadingFinished", finished)
    page.goto(PAGE, wait_until="load", timeout=60_000)
    page.wait_for_timeout(1_500)
    return {"kinds": dict(found), "largest": largest, **page.evaluate(TIMES_OF)}


def _print(looks: list[dict[str, Any]]) -> None:
    middle = {
        name: statistics.median(look[name] for look in looks)
        for name in ("answered", "drawn", "tap", "loaded")
    }
    sums = [sum(look["kinds"].values()) for look in looks]
    typical = looks[sums.index(statistics.median_low(sums))]
    print(f"   {PAGE} som {WHO}, {TIMES} gange på en ny telefon, hurtig 3G (1,44 Mbit/s, 562 ms)")
    for kind, size in sorted(typical["kinds"].items(), key=lambda item: -item[1]):
        print(f"   {kind:<14}{size / 1000:>8.1f} kB")
    for path, size in sorted(typical["largest"].items(), key=lambda item: -item[1])[:6]:
        print(f"      {size / 1000:>7.1f} kB  {path}")
    print(f"   i alt{statistics.median(sums) / 1000:>17.1f} kB   (mål: højst {MOST_BYTES / 1000:.0f})")
    print(
        f"   svar efter {middle['answered'] / 1000:.2f} s, tegnet {middle['drawn'] / 1000:.2f} s, "
        f"kan bruges {middle['tap'] / 1000:.2f} s (mål: højst {MOST_SECONDS:.0f}), hentet {middle['loaded'] / 1000:.2f} s"
    )
