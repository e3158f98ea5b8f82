"""`make bench`: every measurement, one after another. `python -m benchmarks world pages` runs some."""

from __future__ import annotations

import importlib
import sys
import time

from benchmarks.machine import described

ALL = (
    "world",
    "pages",
    "first_load",
    "imports",
    "notes",
    "note_writing",
    "rights",
    "faults",
    "faults_other",
    "load",
)


def main(names: list[str]) -> None:
    """Run the named measurements (all of them without names)."""
    print(f"Maskine: {described()}")
    for name in names or ALL:
        started = time.perf_counter()
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").run()
        print(f"   ({time.perf_counter() - started:.0f} s)")


if __name__ == "__main__":
    main(sys.argv[1:])
