"""`roedtraad serve`, `worker` and `push`: the web server, the one that does the jobs, and the one that tells of alarms."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import click

from roedtraad.config import environment
from roedtraad.config.cli.house import house, manage
from roedtraad.config.cli.words import DanishCommand, Refused
from roedtraad.config.postgres import Cluster, free_port
from roedtraad.config.supervision import DatabaseKeeper, GivenUp, Part, Supervisor, serving


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


def _say(sentence: str) -> None:
    """Tell the operator. A full disk under the log must not end the supervisor."""
    with suppress(OSError):
        click.echo(sentence)


def push_command(port: int) -> list[str]:
    """What starts the push server: a process of its own, for a stream would hold one of the web server's few threads."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    return [*command, "--workers-kill-timeout", "5", "roedtraad.config.pushed:application"]


def own_origins(port: int) -> str:
    """Where our own pages come from, on the web server's port and, behind a proxy, over https."""
    from django.conf import settings

    from roedtraad.config.origins import trusted_origins

    hosts = [host for host in settings.ALLOWED_HOSTS if host != "*" and not host.startswith(".")]
    return ",".join([*(f"http://{host}:{port}" for host in hosts), *trusted_origins(hosts)])


def run_servers(port: int, workers: int, with_jobs: bool) -> None:
    """Keep the web server, the job worker and the embedded database running until told to stop."""
    from django.db import connections

    from roedtraad.config.faults import database_answers

    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning"]
    web += ["--respawn-failed-workers", "roedtraad.config.served:application"]
    push_port = free_port(int(environment.read("ROEDTRAAD_PUSH_PORT") or min(port + 1, 65535)))
    parts = [
        Part("Webserveren", web),
        Part("Push-serveren", push_command(push_port), waits_for_database=True),
    ]
    if with_jobs:
        jobs = [sys.executable, "-m", "roedtraad", "worker", "--supervised"]
        parts.append(Part("Arbejderen til baggrundsopgaver", jobs, waits_for_database=True))
    env = {
        **os.environ,
        "ROEDTRAAD_DB_POOL": environment.read("ROEDTRAAD_DB_POOL") or "1",
        "ROEDTRAAD_PUSH_PORT": str(push_port),
        "ROEDTRAAD_PUSH_ORIGINS": environment.read("ROEDTRAAD_PUSH_ORIGINS") or own_origins(port),
    }
    embedded = not environment.read("DATABASE_URL")
    keeper = DatabaseKeeper(Cluster(environment.data_folder()), _say) if embedded else None
    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # A mark, not an exception: one raised at a bad moment (in a finaliser, say) is swallowed.
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    connections.close_all()
    try:
        Supervisor(parts, env, database_answers, _say, keeper).run(lambda: told_to_stop)
    except GivenUp as sentence:
        raise Refused(str(sentence)) from sentence
    click.echo("Stopper.")


@contextmanager
def serving_here() -> Iterator[None]:
    """Around a serving command: says so when another one already serves the same data."""
    data = environment.data_folder()
    with serving(data) as others:
        if others:
            click.echo(
                f"Rødtråd kører allerede på datamappen {data}. De to deles om databasen; stopper den ene, "
                "fortsætter den anden med den."
            )
        yield


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
    with serving_here(), house(quiet=False) as mode:
        if mode == "production":
            from roedtraad.config.checks import refuse_owner_role

            refuse_owner_role()
        from roedtraad.config.checks import refuse_unfitting_keys

        refuse_unfitting_keys()
        static_files_ready(environment.data_folder())
        catch_up()
        chosen = choose_port(port)
        click.echo(f"Rødtråd kører på http://localhost:{chosen} – tryk Ctrl-C for at stoppe.")
        run_servers(chosen, workers, with_jobs=not no_jobs)


@click.command("push", cls=DanishCommand)
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Porten på denne maskine."
)
def push(port: int) -> None:
    """Send alarmer til de åbne sider, og kald naboen, når ingen svarer (»serve« gør det selv)."""
    with house():
        command = push_command(port)
    click.echo(f"Push-serveren kører på http://localhost:{port} – tryk Ctrl-C for at stoppe.")
    env = {**os.environ, "ROEDTRAAD_DB_POOL": environment.read("ROEDTRAAD_DB_POOL") or "1"}
    os.execve(command[0], command, env)  # noqa: S606  the process becomes the server, so that it is stopped as one


@click.command("worker", cls=DanishCommand)
@click.option("--supervised", is_flag=True, hidden=True)
def worker(supervised: bool) -> None:
    """Udfør baggrundsopgaverne (»serve« gør det selv)."""
    # Under »serve« the database is the supervisor's: one that is away shall not be started from here.
    with house(database_given=supervised):
        from procrastinate.contrib.django import app

        from roedtraad.access import rows

        rows.process_is("baggrundsopgave")
        app.with_connector(app.connector.get_worker_connector()).run_worker(
            concurrency=1, install_signal_handlers=True, listen_notify=True
        )


COMMANDS = [serve, worker, push]
