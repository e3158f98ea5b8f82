"""Finding the forms in a page's HTML, and putting a draft's values into one of them.

Only for pages the house has written itself: attributes stand in double quotes, and what users wrote is escaped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from roedtraad.drafts.rules import NUMBER, TECHNICAL, Typed, without_asking

_FORM = re.compile(r"<form\b(?:[^>\"]|\"[^\"]*\")*>", re.IGNORECASE)
_END = re.compile(r"</form\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:=\"([^\"]*)\")?")
_TO_TYPE_IN = re.compile(
    r"<(?:textarea|select)\b|<input\b(?![^>]*\btype=\"(?:hidden|submit|button|image|reset|password|file)\")",
    re.IGNORECASE,
)
_UNTOUCHED = {"password", "file", "submit", "button", "image", "reset"}


@dataclass(frozen=True)
class FoundForm:
    """A form that is sent: its opening tag, what is inside, where it is sent, and whether one can type in it."""

    start: int
    tag_end: int
    end: int
    action: str
    has_action: bool
    typable: bool


def forms_in(html: str, address: str) -> Iterator[FoundForm]:
    """The forms with method="post" in the page at this local address."""
    for match in _FORM.finditer(html):
        attributes = {
            name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(match.group()[5:-1])
        }
        if attributes.get("method", "").lower() != "post":
            continue
        closing = _END.search(html, match.end())
        end = closing.start() if closing else len(html)
        action = _sent_to(attributes.get("action", ""), address)
        if action:
            typable = bool(_TO_TYPE_IN.search(html, match.end(), end))
            yield FoundForm(match.start(), match.end(), end, action, bool(attributes.get("action")), typable)


def _sent_to(action: str, address: str) -> str:
    """Where the browser sends the form, as a local address; empty when it leaves the house."""
    if not action:
        return without_asking(address)
    joined = urlsplit(urljoin(f"http://here{address}", action))
    if joined.netloc != "here" or joined.scheme != "http":
        return ""
    return without_asking(joined.path + (f"?{joined.query}" if joined.query else ""))


@dataclass(frozen=True)
class Filled:
    """The inside of a form with the values in it, and those that found no place."""

    html: str
    missing: tuple[Typed, ...]


def fill(inside: str, fields: Sequence[Typed], number: str = "") -> Filled:
    """Put the values into the fields of the same name; the form's own number, too, where one is given."""
    filler = _Filler(inside, fields, number)
    filler.feed(inside)
    filler.close()
    return Filled(
        filler.result(), tuple(one for one in fields if one.label and one.value and not filler.took(one))
    )


class _Filler(HTMLParser):
    """Writes anew the tags that hold a value, and leaves every other character as it stands."""

    def __init__(self, inside: str, fields: Sequence[Typed], number: str) -> None:
        super().__init__(convert_charrefs=True)
        self._text = inside
        self._lines = [0, *(match.end() for match in re.finditer("\n", inside))]
        self._values: dict[str, list[str]] = defaultdict(list)
        for one in fields:
            self._values[one.name].append(one.value)
        self._next: dict[str, int] = defaultdict(int)
        self._number = number
        self._taken: set[tuple[str, str]] = set()
        self._edits: list[tuple[int, int, str]] = []
        self._select = ""
        self._area: tuple[str, int] | None = None
        # The folded parts one is inside of: where each begins, and what its tag says.
        self._folded: list[tuple[int, str]] = []

    def took(self, one: Typed) -> bool:
        """Did this value find its place?"""
        return (one.name, one.value) in self._taken

    def result(self) -> str:
        """The text with the edits made, the last first."""
        text = self._text
        for start, end, new in sorted(self._edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A field: its value, its tick or its choice."""
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "details":
            self._folded.append((self._here(), self.get_starttag_text() or ""))
        elif tag == "input":
            self._input(given, name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select in self._values:
            self._choose("option", given, "selected", self._select)
        elif tag == "textarea" and name in self._values:
            self._area = (name, self._here() + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of a field whose content lies between two tags, or of a folded part."""
        if tag == "details" and self._folded:
            self._folded.pop()
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            name, start = self._area
            # The first line break inside a textarea belongs to the tag.
            self._edits.append((start, self._here(), "\n" + escape(self._take(name), quote=False)))
            self._area = None

    def _input(self, given: dict[str, str | None], name: str) -> None:
        kind = (given.get("type") or "text").lower()
        if name == NUMBER and self._number:
            self._rewrite("input", {**given, "value": self._number})
        elif kind in _UNTOUCHED or name in TECHNICAL or not name:
            return
        elif kind in {"checkbox", "radio"}:
            self._choose("input", given, "checked", name)
        elif name in self._values:
            self._rewrite("input", {**given, "value": self._take(name)})

    def _choose(self, tag: str, given: dict[str, str | None], mark: str, name: str) -> None:
        value = given.get("value") or ("on" if tag == "input" else "")
        others = {key: text for key, text in given.items() if key != mark}
        if value in self._values.get(name, ()):
            self._took(name, value)
            others[mark] = None
        self._rewrite(tag, others)

    def _take(self, name: str) -> str:
        values = self._values[name]
        value = values[min(self._next[name], len(values) - 1)]
        self._next[name] += 1
        self._took(name, value)
        return value

    def _took(self, name: str, value: str) -> None:
        """The value has its place; where that is folded away, it is unfolded."""
        self._taken.add((name, value))
        for start, tag in self._folded if value else ():
            if not re.search(r"\sopen\b", tag):
                edit = (start, start + len(tag), f"{tag[:-1]} open>")
                self._edits += [] if edit in self._edits else [edit]

    def _rewrite(self, tag: str, given: Mapping[str, str | None]) -> None:
        inside = "".join(
            f" {key}" if text is None else f' {key}="{escape(text)}"' for key, text in given.items()
        )
        start = self._here()
        self._edits.append((start, start + len(self.get_starttag_text() or ""), f"<{tag}{inside}>"))

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
