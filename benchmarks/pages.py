"""Server time and SQL of the heavy pages, on the region's world and on one twenty times larger.

The aim (issue of the foundation): at most 50 ms at the median on the region's world, at most twice that on
the larger one. The time is that of the whole request through Django's test client, one at a time.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.scratch import scratch

PAGES = (
    ("raad", "/maalbillede/?aar=2019"),
    ("raad", "/maalbillede/?aar=2019&enhed=sau"),
    ("leder", "/kapacitet/"),
    ("leder", "/kapacitet/enhed/tangkaer/"),
    ("raad", "/organisation/"),
    ("leder", "/"),
)
TIMES = 40
SCALES = ("region", "x20")


def run() -> None:
    """Make each world in a database of its own and print its pages."""
    for scale in SCALES:
        with scratch() as (_cluster, env):
            subprocess.run([sys.executable, "-m", "benchmarks.pages", scale], env=env, check=True)


def _measure(scale: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from roedtraad.accounts.models import User
    from roedtraad.demo.world import make_world

    call_command("migrate", verbosity=0)
    make_world(scale=scale, say=lambda _line: None)  # type: ignore[arg-type]  # checked by make_world
    print(f"   {scale:<8}{'side':<40}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}{'SQL':>5}{'kB':>6}")
    for username, path in PAGES:
        client = Client()
        client.force_login(User.objects.get(username=username))
        first = client.get(path)  # templates are compiled, figures counted once
        if first.status_code != 200:
            print(f"   {'':<8}{path:<40} svarer {first.status_code}")
            continue
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        statements = len(asked)  # counted now: the next request clears the list
        wall, cpu = [], []
        for _ in range(TIMES):
            began, used = time.perf_counter(), time.process_time()
            client.get(path)
            wall.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        print(
            f"   {'':<8}{path:<40}{statistics.median(wall):>8.1f}{statistics.quantiles(wall, n=20)[18]:>8.1f}"
            f"{statistics.median(cpu):>8.1f}{statements:>5}{len(first.content) / 1024:>6.0f}"
        )


if __name__ == "__main__":
    _measure(sys.argv[1])
