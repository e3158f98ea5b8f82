#!/usr/bin/env python3
"""Make `.venv` and install everything the lock file names: `python3 scripts/bootstrap.py`.

Needs a bare Python 3.11 and nothing else: no root, no pip, no ensurepip. Does nothing, quickly, when nothing
changed. Only the standard library may be imported, and the file must parse on older Pythons, so that they get
a sentence and not a traceback.

Honoured: UV_DEFAULT_INDEX or PIP_INDEX_URL (default https://pypi.org/simple), SSL_CERT_FILE or PIP_CERT.
"""

import base64
import hashlib
import html.parser
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

NEEDED = (3, 11)
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")

if sys.version_info < NEEDED:
    for candidate in NEWER_PYTHONS:
        if shutil.which(candidate):
            os.execvp(candidate, [candidate, *sys.argv])  # noqa: S606 - the same script under a newer Python
    sys.exit("Rødtråd kræver Python 3.11 eller nyere, men dette er {}.{}.".format(*sys.version_info[:2]))

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
# The version that wrote the lock file; any from OLDEST_UV on can read it.
PREFERRED_UV = "0.13.9"
OLDEST_UV = (0, 8)
TRIES = 3


class Failed(Exception):
    """Carries the sentence to show."""


def main() -> None:
    """Bring `.venv` up to date with the lock file."""
    wanted = _wanted()
    found = _stamp()
    if found == wanted and (VENV / "bin" / "roedtraad").exists():
        return
    began = time.monotonic()
    if found and found.get("checkout") != wanted["checkout"]:
        _say("Mappen er flyttet, så miljøet i .venv laves forfra.")
        shutil.rmtree(VENV)
    _ensure_venv()
    uv = _find_uv() or _fetch_uv()
    _say("Installerer de pakker, som uv.lock nævner …")
    command = [uv, "sync", "--frozen", "--all-groups", "--python", str(PYTHON)]
    if not sys.stderr.isatty():
        command.append("--no-progress")
    if subprocess.run(command, cwd=CHECKOUT, env=_environment_for_uv(), check=False).returncode != 0:
        raise Failed("Pakkerne kunne ikke installeres. Fejlen står ovenfor; prøv igen, når den er rettet.")
    STAMP.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    _say(f"Klar efter {time.monotonic() - began:.0f} sekunder.")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _wanted() -> dict[str, str]:
    """What the stamp must say for the environment to be current."""
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((CHECKOUT / name).read_bytes())
    return {"checkout": str(CHECKOUT), "sources": digest.hexdigest()}


def _stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and _venv_works() else {}


def _venv_works() -> bool:
    """Whether the environment's Python still runs and is new enough: the system's may have been replaced."""
    check = f"import sys; sys.exit(sys.version_info < {NEEDED!r})"
    try:
        return subprocess.run([str(PYTHON), "-c", check], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _ensure_venv() -> None:
    if _venv_works():
        return
    _say(f"Laver et miljø til Python {platform.python_version()} i .venv …")
    # Without pip: Debian keeps ensurepip in a package of its own, which may be missing.
    command = [sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        reason = (made.stderr or made.stdout).strip()
        raise Failed(
            f"Miljøet i {VENV} kunne ikke laves ({reason}). På Debian kan pakken python3-venv mangle."
        )


def _find_uv() -> str | None:
    """A usable uv: one on PATH, else the one fetched earlier."""
    for candidate in (shutil.which("uv"), str(VENV / "bin" / "uv")):
        if candidate is None:
            continue
        try:
            said = subprocess.run([candidate, "--version"], check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        match = re.match(r"uv (\d+)\.(\d+)", said)
        if match and (int(match[1]), int(match[2])) >= OLDEST_UV:
            return candidate
    return None


def _environment_for_uv() -> dict[str, str]:
    """Our environment, with pip's settings where uv has none of its own."""
    settings = dict(os.environ)
    settings.pop("VIRTUAL_ENV", None)
    settings["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    settings.setdefault("UV_PYTHON_DOWNLOADS", "never")
    for ours, theirs in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if theirs in settings:
            settings.setdefault(ours, settings[theirs])
    return settings


def _fetch_uv() -> str:
    """Put uv's program into `.venv/bin`, checked against the index's sha256."""
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    page = index.rstrip("/") + "/uv/"
    version, url, expected = _choose(_list_files(page))
    _say(f"Henter uv {version} …")
    content, _ = _get(url, "*/*", index)
    if hashlib.sha256(content).hexdigest() != expected:
        raise Failed(
            f"Filen fra {_without_secret(url)} har ikke den sum, som indekset lover. Den bruges ikke."
        )
    target = VENV / "bin" / "uv"
    draft = target.with_suffix(".new")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        (program,) = [name for name in wheel.namelist() if name.endswith(".data/scripts/uv")]
        draft.write_bytes(wheel.read(program))
    draft.chmod(0o755)
    draft.replace(target)
    return str(target)


class _Links(html.parser.HTMLParser):
    """The files of an index that only speaks HTML: url and sha256."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.files: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        href = attributes.get("href")
        if tag != "a" or not href or "data-yanked" in attributes:
            return
        url, _, fragment = urllib.parse.urljoin(self.base, href).partition("#")
        if fragment.startswith("sha256="):
            self.files.append({"url": url, "sha256": fragment[len("sha256=") :]})


def _list_files(page: str) -> list[dict[str, str]]:
    accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
    content, kind = _get(page, accept, page)
    if kind.endswith("json"):
        return [
            {"url": urllib.parse.urljoin(page, file["url"]), "sha256": file["hashes"]["sha256"]}
            for file in json.loads(content)["files"]
            if "sha256" in file["hashes"] and not file.get("yanked")
        ]
    links = _Links(page)
    links.feed(content.decode("utf-8"))
    return links.files


def _choose(files: list[dict[str, str]]) -> tuple[str, str, str]:
    """Version, url and sha256 of the wheel for this machine: the preferred version, else the newest."""
    best: tuple[tuple[bool, tuple[int, ...]], str, str, str] | None = None
    for file in files:
        name = urllib.parse.unquote(urllib.parse.urlsplit(file["url"]).path.rsplit("/", 1)[-1])
        match = re.fullmatch(r"uv-(\d+(?:\.\d+)*)-py3-none-(.+)\.whl", name)
        if match is None or not any(_runs_here(tag) for tag in match[2].split(".")):
            continue
        number = tuple(int(part) for part in match[1].split("."))
        rank = (match[1] == PREFERRED_UV, number)
        if number >= OLDEST_UV and (best is None or rank > best[0]):
            best = (rank, match[1], file["url"], file["sha256"])
    if best is None:
        raise Failed(
            f"Indekset har ingen uv til denne maskine ({platform.system()} {platform.machine()}). "
            "Installér uv selv, og kør kommandoen igen."
        )
    return best[1:]


def _runs_here(tag: str) -> bool:
    """Whether a wheel's platform tag fits this machine."""
    machine = platform.machine()
    if platform.system() == "Darwin":
        return tag.startswith("macosx_") and tag.endswith(f"_{machine}")
    if platform.system() != "Linux" or not tag.endswith(f"_{machine}"):
        return False
    library, version = platform.libc_ver()
    if library != "glibc":
        return tag.startswith("musllinux_")
    match = re.match(r"manylinux_(\d+)_(\d+)_", tag)
    ours = tuple(int(part) for part in version.split("."))
    return match is not None and (int(match[1]), int(match[2])) <= ours


def _get(url: str, accept: str, index: str) -> tuple[bytes, str]:
    """The content and its media type. A name and password in the index's address go to that host only."""
    parts = urllib.parse.urlsplit(url)
    owner = urllib.parse.urlsplit(index)
    if parts.scheme not in ("https", "http", "file"):
        raise Failed(f"Adressen {_without_secret(url)} kan ikke bruges: den skal begynde med https.")
    headers = {"Accept": accept, "User-Agent": "roedtraad-bootstrap"}
    if owner.username and owner.hostname == parts.hostname:
        secret = f"{urllib.parse.unquote(owner.username)}:{urllib.parse.unquote(owner.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    request = urllib.request.Request(_without_secret(url), headers=headers)  # noqa: S310 - the scheme is checked
    certificates = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT") or None
    attempt = 0
    while True:
        attempt += 1
        try:
            context = ssl.create_default_context(cafile=certificates)
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
                return answer.read(), answer.headers.get_content_type()
        except (OSError, urllib.error.URLError) as error:
            final = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if final or attempt == TRIES:
                raise Failed(
                    f"{_without_secret(url)} kunne ikke hentes ({error}). Se efter, om maskinen har adgang "
                    "til nettet, eller peg på jeres eget pakkeindeks med UV_DEFAULT_INDEX."
                ) from error
            time.sleep(attempt)


def _without_secret(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


if __name__ == "__main__":
    try:
        main()
    except Failed as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("Afbrudt. Kør kommandoen igen for at fortsætte.")
    except OSError as trouble:
        sys.exit(f"Installationen standsede: {trouble}")
