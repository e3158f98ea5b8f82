"""What machine the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def described() -> str:
    """Processor, cores, memory, Python: one line."""
    model = "?"
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        model = next(
            (line.split(":", 1)[1].strip() for line in cpu.read_text().splitlines() if "model name" in line),
            "?",
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}"
    return f"{model}, {os.cpu_count()} kerner, {memory:.0f} GiB, Python {platform.python_version()}, {system}"
