"""`roedtraad terminology load`: the list of themes from a file, again and again, and what is wrong with a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from roedtraad.config.cli import cli
from roedtraad.config.cli import terminology as command
from roedtraad.practice.models import Theme
from roedtraad.practice.rules.terminology import read_ffb

HEAD = "code,display,parent,path,level,leaf,definition"
# An area of activity and one of functions, as a file of the terminology has them, and a branch that is none of ours.
ROWS = [
    "s,Noget helt andet,,,0,0,",
    "t,FFB tilstande,,,0,0,FFB tilstande",
    "f,Funktioner og forhold,t,FFB tilstande,1,0,",
    "f1,Sansning,f,x,2,0,At sanse",
    'f11,"Lugt, smag",f1,x,3,1,At lugte',
    "a,Aktivitet og deltagelse,t,FFB tilstande,1,0,",
    "a1,Færdsel,a,x,2,0,At færdes",
    "a11,Cykle,a1,x,3,1,At cykle",
    "a12,Sejle,a1,x,3,1,At sejle",
]


@pytest.fixture(autouse=True)
def _in_the_house(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(command, "house", nullcontext)


def load(folder: Path, rows: list[str], head: str = HEAD) -> Result:
    path = folder / "ffb.csv"
    path.write_text("\r\n".join([head, *rows, ""]), encoding="utf-8")
    return CliRunner().invoke(cli, ["terminology", "load", str(path)])


def known() -> dict[str, Theme]:
    return {theme.code: theme for theme in Theme.objects.filter(list="ffb")}


def test_themes_and_conditions_become_the_list(tmp_path: Path) -> None:
    result = load(tmp_path, ROWS)
    assert result.exit_code == 0, result.output
    assert "2 temaer med 3 tilstande er i brug: 5 nye, 0 ændrede, 0 uændrede. 0 er taget ud" in result.output
    found = known()
    assert sorted(found) == ["a1", "a11", "a12", "f1", "f11"]
    assert found["a11"].parent == found["a1"]
    assert found["a1"].parent is None
    assert (found["a12"].is_activity, found["f11"].is_activity) == (True, False)
    assert (found["f11"].name, found["f11"].definition) == ("Lugt, smag", "At lugte")
    assert [theme.code for theme in Theme.objects.filter(list="ffb")] == ["f1", "f11", "a1", "a11", "a12"]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, ROWS)
    before = {code: theme.pk for code, theme in known().items()}
    result = load(tmp_path, ROWS)
    assert "0 nye, 0 ændrede, 5 uændrede. 0 er taget ud" in result.output
    assert {code: theme.pk for code, theme in known().items()} == before


def test_what_is_gone_is_retired_and_what_comes_back_is_in_use(tmp_path: Path) -> None:
    load(tmp_path, ROWS)
    result = load(tmp_path, ROWS[:-1])
    assert "0 nye, 0 ændrede, 4 uændrede. 1 er taget ud" in result.output
    assert known()["a12"].retired_on == dt.date(2026, 6, 15)
    assert "4 uændrede. 0 er taget ud" in load(tmp_path, ROWS[:-1]).output
    result = load(tmp_path, [*ROWS[:-1], "a12,Sejle langt,a1,x,3,1,At sejle"])
    assert "0 nye, 1 ændrede, 4 uændrede" in result.output
    assert (known()["a12"].name, known()["a12"].retired_on) == ("Sejle langt", None)


def test_the_other_lists_are_left_alone(tmp_path: Path) -> None:
    before = list(Theme.objects.exclude(list="ffb").values_list())
    load(tmp_path, ROWS)
    assert list(Theme.objects.exclude(list="ffb").values_list()) == before


@pytest.mark.parametrize(
    ("head", "rows", "sentence"),
    [
        ("kode;navn", ROWS, "Filen mangler kolonnerne code, display, parent, definition."),
        (HEAD.replace(",definition", ""), ROWS, "Filen mangler kolonnen definition."),
        (HEAD, [], "Filen har ikke begrebet »FFB tilstande«."),
        (HEAD, ROWS[:7], "Temaet »Færdsel« har ingen tilstande."),
        (HEAD, ROWS[:5], "Filen har ingen temaer under »Aktivitet og deltagelse«."),
        (HEAD, [*ROWS, "a13,Svøm"], "Linje 11 har ikke lige så mange felter som den første."),
        (HEAD, [*ROWS, "a12,Igen,a1,x,3,1,"], "Linje 11: koden a12 står der to gange."),
        (HEAD, [*ROWS, "a13,,a1,x,3,1,"], "Linje 11 mangler kode eller navn."),
        (HEAD, [*ROWS, "a13,Svømme,b1,x,3,1,"], "Linje 11: begrebet ovenover, b1, er ikke i filen."),
        (HEAD, [*ROWS, f"a13,{'x' * 161},a1,x,3,1,"], "Linje 11: koden eller navnet er for langt"),
        (HEAD, [*ROWS, 'a13,"Svømme,a1,x,3,1,'], "kan ikke læses som CSV."),
    ],
)
def test_a_wrong_file_is_refused_whole(tmp_path: Path, head: str, rows: list[str], sentence: str) -> None:
    result = load(tmp_path, rows, head)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Intet er indlæst." in result.output
    assert not Theme.objects.filter(list="ffb").exists()


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "billede.png"
    path.write_bytes(b"\x89PNG\xff\xfe")
    runner: Any = CliRunner()
    assert "UTF-8" in runner.invoke(cli, ["terminology", "load", str(path)]).output
    assert "Der er ingen fil" in runner.invoke(cli, ["terminology", "load", str(tmp_path / "nej.csv")]).output


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    raw = "\ufeff" + "\n".join([HEAD, *ROWS])
    assert [concept.code for concept in read_ffb(raw.encode())] == ["f1", "f11", "a1", "a11", "a12"]
