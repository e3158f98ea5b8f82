"""Everything `make test` runs: the journeys in the browser beside all the other tests, each in a process of its own.

The journeys wait for a server and a browser, the others reckon; side by side they take about as long as the longer of
the two. What the journeys print comes when they are done, so that the two do not talk at the same time. With arguments
it is pytest itself, with those arguments.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    """The verdict of both, as the shell takes it: 0 when all is well."""
    if arguments:
        return subprocess.run([*PYTEST, *arguments], check=False).returncode
    print("Brugerrejserne i browseren kører ved siden af de andre prøver og vises til sidst.", flush=True)
    with tempfile.TemporaryFile() as said:
        journeys = subprocess.Popen([*PYTEST, "tests/e2e"], stdout=said, stderr=subprocess.STDOUT)
        try:
            others = subprocess.run([*PYTEST, "--ignore=tests/e2e"], check=False).returncode
            journeys.wait()
        finally:
            if journeys.poll() is None:
                journeys.terminate()
                journeys.wait()
            said.seek(0)
            sys.stdout.flush()
            while part := said.read(1 << 20):
                sys.stdout.buffer.write(part)
            sys.stdout.flush()
    return others or journeys.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
