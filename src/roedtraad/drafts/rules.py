"""What is kept of a form, for how long, and of which forms. Pure: no Django, no clock."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

KEPT = dt.timedelta(days=7)
#: Bytes of one draft, and drafts of one person.
LARGEST = 64 * 1024
MOST = 50
#: A save by the page that arrives this soon after its form was sent is older than the sending.
LATE = dt.timedelta(seconds=10)

#: In an address: the draft to put into the form.
ASKED = "kladde"
WRITER = "written_by"
NUMBER = "request_id"
#: The house's own fields, made anew with every form.
TECHNICAL = frozenset({"csrfmiddlewaretoken", NUMBER, WRITER})
_SECRET = re.compile(r"pass(word|code|phrase)|adgangskode|secret|credential|\botp\b", re.IGNORECASE)

# Forms of which no draft is kept, by the name of the address they are sent to, and why. Everything else is kept.
EXEMPT: dict[str, str] = {
    "portals:switch-role": "en knap, som ikke er et svar værd at gemme",
    "portals:language": "en knap, som ikke er et svar værd at gemme",
    "portals:user-password": "laver en adgangskode og skal ikke kunne gentages fra en kladde",
    "journeys:citizens-search": "en søgning: intet gemmes af den, og den skrives hurtigt igen",
    "practice:search": "en søgning: intet gemmes af den, og den skrives hurtigt igen",
}
EXEMPT_BEGINNINGS: dict[str, str] = {
    "safety:alarm": "en alarm, der blev sendt senere, end den var ment, ville kalde kolleger til ingenting",
    "safety:lone": "gælder fra nu af og skal ikke kunne sendes senere",
    "account_": "log ind, log ud og adgangskoder",
    "mfa_": "koder og adgangsnøgler",
    "socialaccount_": "login hos en anden",
    "openid_connect_": "login hos en anden",
    "saml_": "login hos en anden",
    "drafts:": "kladderne selv",
}
# Forms whose answer is a page that shows a secret once: there a plain 200 means done, as a redirect does elsewhere.
DONE_WITH_A_PAGE = frozenset({"portals:tokens", "portals:user-create"})


def why_exempt(name: str) -> str:
    """Why nothing is kept of forms sent to the address of this name; empty when something is."""
    return EXEMPT.get(name) or next(
        (why for begin, why in EXEMPT_BEGINNINGS.items() if name.startswith(begin)), ""
    )


def is_secret(name: str) -> bool:
    """Is this a field whose value is never kept?"""
    return bool(_SECRET.search(name))


def is_done(name: str, status: int) -> bool:
    """Does this answer say that the form was carried out? A page means that it came back with sentences in it."""
    return 300 <= status < 400 or status in {201, 204} or (status == 200 and name in DONE_WITH_A_PAGE)


def canonical(address: str) -> str:
    """A local address in the one way its form is known by; empty for one that leaves the house."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in address:
        return ""
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != ASKED]
    return unquote(parts.path) + (f"?{urlencode(sorted(asked))}" if asked else "")


def without_asking(address: str) -> str:
    """The address as it stands, but without asking for a draft."""
    path, _mark, query = address.partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] != ASKED]
    return f"{path}?{'&'.join(kept)}" if kept else path


@dataclass(frozen=True)
class Typed:
    """One value of a field; `label` and `shown` are what the page called them, where it said so."""

    name: str
    value: str
    label: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Content:
    """What a draft holds: the page it was typed on, where the form is sent, and its fields in their order."""

    page: str
    action: str
    title: str = ""
    fields: tuple[Typed, ...] = ()
    has_files: bool = field(default=False)

    def dump(self) -> str:
        """As text for the database."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Content:
        """From the database's text."""
        kept = json.loads(text)
        return cls(**{**kept, "fields": tuple(Typed(**one) for one in kept["fields"])})


def worth_keeping(fields: Iterable[Typed]) -> tuple[Typed, ...]:
    """The fields without the house's own and without secrets."""
    return tuple(one for one in fields if one.name and one.name not in TECHNICAL and not is_secret(one.name))


def with_words_of(fields: Sequence[Typed], before: Sequence[Typed]) -> tuple[Typed, ...]:
    """The fields with the words the page used for them when it saved them before."""
    labels = {one.name: one.label for one in before}
    shown = {(one.name, one.value): one.shown for one in before}
    return tuple(
        replace(
            one,
            label=one.label or labels.get(one.name, ""),
            shown=one.shown or shown.get((one.name, one.value), ""),
        )
        for one in fields
    )
