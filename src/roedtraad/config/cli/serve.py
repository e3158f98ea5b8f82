"""`roedtraad serve` and `roedtraad worker`: the web server and the one that does the jobs."""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from roedtraad.config import environment
from roedtraad.config.cli.house import house, manage
from roedtraad.config.cli.words import DanishCommand, Refused
from roedtraad.config.postgres import free_port

PR_SET_PDEATHSIG = 1


def static_files_ready(data: Path) -> None:
    """Collect, compress and hash the static files, unless they are as at the last start."""
    package = Path(__file__).resolve().parents[2]
    stamp = hashlib.sha256()
    for file in sorted(package.glob("*/static/**/*")):
        if file.is_file():
            info = file.stat()
            stamp.update(f"{file.relative_to(package)}:{info.st_size}:{info.st_mtime_ns}\n".encode())
    mark = data / "static" / ".stamp"
    if mark.exists() and mark.read_text() == stamp.hexdigest():
        return
    manage("collectstatic", "--noinput", "--clear", "-v", "0")
    mark.write_text(stamp.hexdigest())


def _die_with_parent() -> None:
    """In the child: go down with the command, however it ends, so that no server is left behind."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run_servers(port: int, workers: int, with_jobs: bool) -> None:
    """Run the web server and the job worker until one of them ends or somebody presses Ctrl-C."""
    env = {**os.environ, "ROEDTRAAD_DB_POOL": environment.read("ROEDTRAAD_DB_POOL") or "1"}
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning"]
    web += ["--respawn-failed-workers", "roedtraad.config.wsgi:application"]
    commands = [web]
    if with_jobs:
        commands.append([sys.executable, "-m", "roedtraad", "worker"])

    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # A mark, not an exception: one raised at a bad moment (in a finaliser, say) is swallowed.
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            running.append(subprocess.Popen(command, env=env, preexec_fn=_die_with_parent))  # noqa: PLW1509
        while not told_to_stop:
            if any(process.poll() is not None for process in running):
                raise Refused("En af serverne stoppede af sig selv; se loggen ovenfor.")
            time.sleep(0.2)
        click.echo("Stopper.")
    except KeyboardInterrupt:
        click.echo("Stopper.")
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def catch_up() -> None:
    """Bring what time alone changes up to today, after a night or a month without a server."""
    from roedtraad.journeys.occupancy import catch_up as count_again

    count_again()


def choose_port(wanted: int) -> int:
    """The wanted port, or another one with a word about it."""
    port = free_port(wanted)
    if port != wanted:
        click.echo(f"Port {wanted} er optaget. Bruger {port} i stedet.")
    return port


@click.command("serve", cls=DanishCommand)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Porten på denne maskine."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 32), help="Antal serverprocesser."
)
@click.option("--no-jobs", is_flag=True, help="Kør ikke baggrundsopgaver her.")
def serve(port: int, workers: int, no_jobs: bool) -> None:
    """Start systemet i browseren på de data, der er.

    Kører, til man trykker Ctrl-C.
    """
    with house(quiet=False) as mode:
        if mode == "production":
            from roedtraad.config.checks import refuse_owner_role

            refuse_owner_role()
        static_files_ready(environment.data_folder())
        catch_up()
        chosen = choose_port(port)
        click.echo(f"Rødtråd kører på http://localhost:{chosen} – tryk Ctrl-C for at stoppe.")
        run_servers(chosen, workers, with_jobs=not no_jobs)


@click.command("worker", cls=DanishCommand)
def worker() -> None:
    """Udfør baggrundsopgaverne (»serve« gør det selv)."""
    with house():
        from procrastinate.contrib.django import app

        from roedtraad.access import rows

        rows.process_is("baggrundsopgave")

        app.with_connector(app.connector.get_worker_connector()).run_worker(
            concurrency=1, install_signal_handlers=True, listen_notify=True
        )


COMMANDS = [serve, worker]
