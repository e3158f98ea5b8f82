"""The command line: help that can be read, refusals in one sentence, and accounts from the terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from roedtraad.config.cli import checks as checks_command
from roedtraad.config.cli import cli, words
from roedtraad.config.cli import maalbillede as maalbillede_command
from roedtraad.config.cli import users as users_command
from tests import factories


def every_command(group: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            if name != "manage":
                yield from every_command(command, (*path, name))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_help_is_danish_and_says_what_it_does(path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(cli, [*path, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Brug: ")
    for english in ("Usage", "Options", "[required]", "[default", "INTEGER", "TEXT"):
        assert english not in result.output
    assert "Vis denne hjælp." in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["findesikke"], "Kender ikke kommandoen findesikke. Se »roedtraad --help«."),
        (["serve", "--nope"], "Kender ikke tilvalget --nope. Se »roedtraad serve --help«."),
        (["serve", "--port", "abc"], "port kan ikke bruges sådan. Se »roedtraad serve --help«."),
        (["user", "create"], "Der mangler BRUGERNAVN. Se »roedtraad user create --help«."),
        (["check", "ekstra"], "Der er skrevet mere, end kommandoen kan bruge. Se »roedtraad check --help«."),
        (
            ["maalbillede", "--format", "doc"],
            "form skal være en af: text, json, pdf, xlsx. Se »roedtraad maalbillede --help«.",
        ),
    ],
)
def test_wrong_use_is_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = words.said_in_one_sentence(cli, arguments)
    assert code != 0
    assert capsys.readouterr().err.strip() == sentence


@pytest.fixture
def in_the_house(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands use the suite's own database instead of starting one."""

    @contextlib.contextmanager
    def here(quiet: bool = True) -> Iterator[str]:
        yield "test"

    for module in (users_command, checks_command, maalbillede_command):
        monkeypatch.setattr(module, "house", here)


def run(*arguments: str) -> tuple[int, str]:
    import io
    from contextlib import redirect_stderr, redirect_stdout

    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = words.said_in_one_sentence(cli, list(arguments))
    return code, out.getvalue()


def test_an_account_from_the_terminal(in_the_house: None) -> None:
    factories.unit("tilbuddet")
    code, said = run("user", "create", "ny", "--name", "Ny Prøve")
    assert code == 0 and "Første adgangskode: " in said
    password = said.strip().rsplit(" ", 1)[1]
    from roedtraad.accounts.models import User

    account = User.objects.get(username="ny")
    assert account.check_password(password)
    assert run("user", "create", "NY")[0] != 0
    assert run("user", "grant", "ny", "leader", "tilbuddet") == (
        0,
        "ny har nu rollen leader for tilbuddet.\n",
    )
    assert run("user", "grant", "ny", "leader", "findes-ikke")[0] != 0
    assert run("user", "grant", "ny", "konge", "tilbuddet")[0] != 0
    assert run("user", "grant", "ingen", "leader", "tilbuddet")[0] != 0
    assert "Leder" in run("user", "list")[1]
    assert run("user", "password", "ny")[0] == 0
    assert run("user", "close", "ny")[0] == 0
    account.refresh_from_db()
    assert not account.is_active and not account.check_password(password)


def test_the_checks_find_nothing_in_an_empty_house_and_something_in_a_broken_one(in_the_house: None) -> None:
    code, said = run("check")
    assert code == 0, said
    unit = factories.unit("tilbuddet")
    from roedtraad.journeys.models import OccupancyMonth

    OccupancyMonth.objects.create(unit=unit, category="residential", month="2026-01-01", bed_days=7)
    code, said = run("check")
    assert code == 1
    assert "✗ occupancy_months_recount" in said


def test_the_target_picture_of_a_unit_that_is_not_there(in_the_house: None) -> None:
    code, said = run("maalbillede", "--enhed", "findes-ikke")
    assert code == 1
    assert said.count("\n") == 1


def test_a_server_that_is_too_old_is_refused_by_name() -> None:
    from roedtraad.config.cli.house import refuse_old_server
    from roedtraad.config.cli.words import Refused

    refuse_old_server(170002)
    with pytest.raises(Refused, match="PostgreSQL 16"):
        refuse_old_server(160012)
