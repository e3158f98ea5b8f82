"""The pages about security name what is there: every requirement once, and paths, tests and figures that exist."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ASVS, THREATS = DOCS / "asvs.md", DOCS / "threat-model.md"
MET, NOT_MET, NO_MATTER = "opfyldt", "ikke opfyldt", "ikke relevant"

# OWASP ASVS 5.0.0: the level of each requirement, a digit each, section by section ("-" is a section without any).
LEVELS = {
    1: "22 1111122223 112222222223 222 123",
    2: "122 112 12223 23",
    3: "3 113 12223 11222233 11122333 3 22333",
    4: "12233 23333 22 1222",
    5: "2 112333 113 222",
    6: "122 111111112222 11223333 112233 22222333 2223 33 2222",
    7: "222 1111 22 11222 223 22",
    8: "1233 1123 133 23",
    9: "111 1222",
    10: "22 223 22223 1111122222233333 22222 22 222",
    11: "2233 22233 11233 1222 23 23 33",
    12: "12233 11 22223",
    13: "2333 222223 2233 1222233",
    14: "22 12223333 122",
    15: "12233 12233 1222222 3333",
    16: "2 22222 2222 222 2223",
    17: "23 22223333 22",
}
ROW = re.compile(r"^\| v5\.0\.0-([\d.]+) \| L(\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
CITED = re.compile(r"`((?:src|tests|scripts|docs|benchmarks)/[\w./-]+|uv\.lock)(?:::(\w+))?`")
SAID_TO_BE_IN = re.compile(r"`(\w+)` i `((?:src|tests)/[\w./-]+)`")
LINKED = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


def rows() -> list[tuple[str, str, str, str, str]]:
    """Number, level, subject, answer and evidence."""
    return ROW.findall(ASVS.read_text())


def asked() -> Iterator[tuple[str, str]]:
    """Number and level of what levels 1 and 2 ask."""
    for chapter, sections in LEVELS.items():
        for section, levels in enumerate(sections.split(), start=1):
            for number, level in enumerate(levels, start=1):
                if level in "12":
                    yield f"{chapter}.{section}.{number}", level


def test_every_requirement_is_answered_once() -> None:
    found = [(number, level) for number, level, *_rest in rows()]
    assert found == list(asked())
    assert ASVS.read_text().count("| v5.0.0-") == len(found), "a row that is not in form"


def test_answers_are_one_of_three_and_say_why() -> None:
    for number, _level, _subject, answer, evidence in rows():
        assert answer in (MET, NOT_MET, NO_MATTER), number
        assert len(evidence) > 5, number
        if answer == MET:
            assert CITED.search(evidence) or LINKED.search(evidence), f"{number}: met, and nothing is named"


def test_the_overview_counts() -> None:
    chapters = dict(re.findall(r"^## V(\d+) (.+)$", ASVS.read_text(), re.M))
    counted = Counter(
        (number.split(".")[0], answer) for number, _level, _subject, answer, _evidence in rows()
    )
    tested = Counter(
        number.split(".")[0] for number, *_rest, answer, why in rows() if answer == MET and "::" in why
    )
    every = [str(chapter) for chapter in LEVELS]

    def line(name: str, numbers: list[str]) -> str:
        figures = [sum(counted[n, answer] for n in numbers) for answer in (MET, NOT_MET, NO_MATTER)]
        met = f"{figures[0]} ({sum(tested[n] for n in numbers)})"
        return f"| {name} | {sum(figures)} | {met} | {figures[1]} | {figures[2]} |"

    expected = [line(f"V{n} {chapters[n]}", [n]) for n in every] + [line("**i alt**", every)]
    text = ASVS.read_text().split("## Oversigt")[1].split("\n## ")[0]
    assert re.findall(r"^\| (?:V\d|\*\*).+$", text, re.M) == expected


@pytest.mark.parametrize("page", [ASVS, THREATS], ids=lambda page: page.name)
def test_what_is_named_is_there(page: Path) -> None:
    text = page.read_text()
    assert CITED.search(text)
    for path, name in set(CITED.findall(text)):
        assert (ROOT / path).exists(), path
        if name:
            assert f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}"
    for word, path in set(SAID_TO_BE_IN.findall(text)):
        assert re.search(rf"\b{word}\b", (ROOT / path).read_text()), f"{word} is not in {path}"
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.M)
    }
    for target, part in LINKED.findall(text):
        assert not target or (DOCS / target).exists(), target
        assert target or part in headings, part


def test_the_limits_are_those_of_the_code() -> None:
    table = ASVS.read_text().split("grænser: begynd")[1].split("grænser: slut")[0]
    lines = re.findall(r"^\| [^|]+ \| (.+?) \| `([\w.]+):([\w.]+)` \|$", table, re.M)
    assert len(lines) > 10
    for said, module, name in lines:
        assert said == in_words(looked_up(module, name)), f"{module}:{name}"


def looked_up(module: str, name: str) -> object:
    """The value of a name with dots; a name of an enumeration's member is a key where the value is a table."""
    value: object = importlib.import_module(module)
    for part in name.split("."):
        value = (
            next(v for k, v in value.items() if k.name == part)
            if isinstance(value, dict)
            else getattr(value, part)
        )
    return value


def in_words(value: object) -> str:
    """A time, a size or a number as the page writes it."""
    if isinstance(value, dt.timedelta):
        for unit, seconds in (("dage", 86_400), ("timer", 3_600), ("min.", 60), ("sek.", 1)):
            if value.total_seconds() >= 2 * seconds or seconds == 1:
                return f"{value.total_seconds() / seconds:g} {unit}"
    if isinstance(value, int) and value % 2**20 == 0:
        return f"{value // 2**20} MB"
    return f"{value:,}".replace(",", ".")
