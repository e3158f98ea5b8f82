"""How long the synthetic worlds take to make, and how much memory, each in a new database of its own.

Memory is the highest sum seen of the making process and the database server's processes, shared pages counted once
(PSS), sampled four times a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.scratch import scratch

SCALES = ("region", "national", "x20")
_MIB = 2**20


def run() -> None:
    """Make each world and print its figures."""
    print(f"   {'verden':<10}{'sekunder':>10}{'igen, s':>10}{'MiB':>8}   rækker")
    for scale in SCALES:
        made, peak = _measured(scale)
        rows = ", ".join(f"{count:,} {name}".replace(",", ".") for name, count in made["figures"].items())
        print(f"   {scale:<10}{made['seconds']:>10.1f}{made['again']:>10.1f}{peak / _MIB:>8.0f}   {rows}")


def _measured(scale: str) -> tuple[dict[str, Any], int]:
    """The child's own figures, and the highest memory of child and server in bytes."""
    with scratch() as (cluster, environment):
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.world", scale],
            env=environment,
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        server = psutil.Process(cluster.status().pid or 0)
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(child, server, peak), daemon=True)
        sampler.start()
        output, _ = child.communicate()
        sampler.join()
        if child.returncode:
            raise SystemExit(f"Verdenen »{scale}« blev ikke lavet.")
        return json.loads(output.splitlines()[-1]), peak[0]


def _sample(child: subprocess.Popen[str], server: psutil.Process, peak: list[int]) -> None:
    while child.poll() is None:
        total = 0
        for process in (psutil.Process(child.pid), server, *server.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue  # it ended between the listing and the reading
        peak[0] = max(peak[0], total)
        time.sleep(0.25)


def _make(scale: str) -> None:
    """In a process of its own: the tables, the world, and the second run that changes nothing."""
    import django

    django.setup()
    from django.core.management import call_command

    from roedtraad.demo.world import make_world

    call_command("migrate", verbosity=0)
    first = make_world(scale=scale, say=lambda _line: None)  # type: ignore[arg-type]  # checked by make_world
    again = make_world(scale=scale, say=lambda _line: None)  # type: ignore[arg-type]  # as above
    print(json.dumps({"seconds": first.seconds, "again": again.seconds, "figures": first.figures}))


if __name__ == "__main__":
    _make(sys.argv[1])
