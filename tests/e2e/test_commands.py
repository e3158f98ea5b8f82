"""The commands an operator has: the same figures as the pages, help in Danish, and refusals in one sentence."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pypdf
import pytest

from .conftest import Site, Visit, environment

COMMANDS = (
    "demo",
    "serve",
    "worker",
    "db",
    "import",
    "export",
    "user",
    "check",
    "maalbillede",
    "backup",
    "restore",
    "keys",
)
PERCENT = re.compile(r"\d+,\d\s%")
SECOND_RUN = 45


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What the command printed, when it went well."""
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_target_picture_is_the_same_everywhere(site: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit("raad", "/maalbillede/?aar=2019")
    found = PERCENT.search(page.locator(".lead").inner_text())
    assert found
    on_page = found.group().replace("\xa0", " ")
    table = page.locator("table")
    area, area_value = (
        # A figure has the year before under it.
        table.locator("tbody tr")
        .first.locator("th, td")
        .nth(n)
        .inner_text()
        .replace("\xa0", " ")
        .splitlines()[0]
        for n in (0, 1)
    )
    share = float(on_page.removesuffix(" %").replace(",", "."))

    text = said(site.run("maalbillede", "--aar", "2019"))
    assert on_page in text.replace("\xa0", " ")
    assert re.search(rf"{re.escape(area)}.*{re.escape(area_value)}", text.replace("\xa0", " "))

    facts = json.loads(said(site.run("maalbillede", "--aar", "2019", "--format", "json")))
    assert str(share) in json.dumps(facts)

    pdf = tmp_path / "maalbillede.pdf"
    assert str(pdf) in said(site.run("maalbillede", "--aar", "2019", "--format", "pdf", "--fil", str(pdf)))
    written = pypdf.PdfReader(pdf)
    words = " ".join(sheet.extract_text() for sheet in written.pages).replace("\xa0", " ")
    assert on_page in words
    assert area_value in words
    assert written.trailer["/Root"]["/MarkInfo"]["/Marked"]

    sheet = said_bytes(site.run("maalbillede", "--aar", "2019", "--format", "xlsx"))
    cells = [
        cell
        for tab in openpyxl.load_workbook(io.BytesIO(sheet), read_only=True)
        for row in tab.iter_rows(values_only=True)
        for cell in row
    ]
    numbers = {round(float(cell), 1) for cell in cells if isinstance(cell, int | float)}
    assert share in numbers or any(on_page in str(cell).replace("\xa0", " ") for cell in cells)


def said_bytes(done: subprocess.CompletedProcess[bytes]) -> bytes:
    """The file a command printed."""
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_data_make_sense(site: Site) -> None:
    done = site.run("check")
    assert done.returncode == 0, done.stdout.decode()
    assert "✗" not in done.stdout.decode()
    assert done.stdout.decode().count("✓") >= 5


def test_a_second_demo_changes_nothing(site: Site) -> None:
    def world() -> str:
        return said(site.run("maalbillede", "--aar", "2025", "--format", "json")) + said(
            site.run("user", "list")
        )

    before = world()
    started = time.monotonic()
    text = said(site.run("demo", "--no-serve"))
    assert time.monotonic() - started < SECOND_RUN
    assert "adgangskoden" in text
    assert world() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(site: Site, command: str) -> None:
    text = said(site.run(command, "--help"))
    assert text.startswith("Brug: roedtraad")
    assert "Vis denne hjælp." in text
    assert "Usage" not in text
    assert len(text.splitlines()) >= 4


@pytest.mark.parametrize(
    "wrong",
    [
        ["snak"],
        ["maalbillede", "--aar", "sidste år"],
        ["maalbillede", "--format", "papir"],
        ["maalbillede", "--enhed", "et-sted-der-ikke-er"],
        ["serve", "--port", "99999999"],
        ["demo", "--stor"],
        ["user", "grant", "ingen", "leder"],
        ["check", "og", "mere"],
    ],
    ids=" ".join,
)
def test_wrong_use_gets_one_sentence(site: Site, wrong: list[str]) -> None:
    done = site.run(*wrong)
    told = done.stderr.decode().strip()
    assert done.returncode not in {0, -1}
    assert done.stdout == b""
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1, told
    assert told.endswith("."), told


def test_serve_takes_another_port_when_its_own_is_taken(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "roedtraad", "serve", "--no-jobs", "--port", str(port)],
            env=environment(site.data),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert server.stdout is not None
        lines = []
        for raw in server.stdout:
            lines.append(raw.decode())
            if "http://" in lines[-1]:
                break
        server.terminate()
        server.wait(60)
    heard = "".join(lines)
    assert f"Port {port} er optaget. Bruger " in heard
    chosen = int(heard.split("Bruger ")[-1].split()[0]) if "i stedet" in heard else 0
    assert chosen not in {0, port}
    assert f"http://localhost:{chosen}" in heard
