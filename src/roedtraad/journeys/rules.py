"""What holds for a stay, whatever stores it. Pure: dates in, sentences out. Each end is the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from roedtraad.core.danish import day as in_words
from roedtraad.core.refusal import Refusal

ONE_DAY = timedelta(days=1)
# The ages a place's group is normally for; outside them the product warns and never refuses. Support for the
# young may go on until 23 (barnets lov), so a person may fit both groups from 18 to 22.
ADULT_FROM = 18
YOUNG_UNTIL = 23
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)
HIGHEST_RATE = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Booking:
    """The days and the rate of a stay as they will be once a change is made."""

    ordered_start: date
    ordered_end: date | None = None
    actual_start: date | None = None
    actual_end: date | None = None
    agreed_day_rate: Decimal | None = None

    @property
    def first(self) -> date:
        """The first day the place is taken."""
        return self.actual_start or self.ordered_start

    @property
    def last(self) -> date | None:
        """The last day the place is taken, as far as anybody has said."""
        return self.actual_end or self.ordered_end

    def check(self) -> None:
        """Raise Refusal, with the field it belongs to, when the days contradict each other."""
        for field in ("ordered_start", "ordered_end", "actual_start", "actual_end"):
            value = getattr(self, field)
            if value is not None and not EARLIEST <= value < LATEST:
                raise Refusal("Årstallet ser forkert ud. Skriv datoen med et årstal på fire cifre.", field)
        _in_order(self.ordered_start, self.ordered_end, "ordered_end")
        if self.actual_end is not None and self.actual_start is None:
            raise Refusal("Skriv først, hvornår borgeren flyttede ind.", "actual_start")
        if self.actual_start is not None:
            _in_order(self.actual_start, self.actual_end, "actual_end")
            if self.actual_end is None:
                _in_order(self.actual_start, self.ordered_end, "ordered_end")
        if self.agreed_day_rate is not None and not 0 <= self.agreed_day_rate < HIGHEST_RATE:
            raise Refusal(
                "Taksten skal være mellem 0 og 100.000 kr. pr. døgn. Kontrollér beløbet.", "agreed_day_rate"
            )


def _in_order(first: date, last: date | None, field: str) -> None:
    if last is not None and last < first:
        raise Refusal(before_start(first), field)


def before_start(first: date) -> str:
    """The sentence for a day that lies before the stay."""
    return f"Datoen ligger før opholdet begynder ({in_words(first)}). Ret datoen, eller flyt opholdets start."


def check_happened(day: date, today: date, field: str) -> None:
    """Only what has happened is written as a fact; Refusal for a day to come."""
    if day > today:
        raise Refusal(
            f"Datoen ligger i fremtiden ({in_words(day)}). Skriv den, når det er sket, "
            "eller ret de bestilte datoer.",
            field,
        )


def check_open(*, withdrawn: bool, started: bool, ended: bool, must_be_started: bool | None = None) -> None:
    """Refusal when the stay is past the point where it can be changed in this way."""
    if withdrawn:
        raise Refusal("Bookingen er fortrudt. Book opholdet igen.")
    if ended:
        raise Refusal("Opholdet er afsluttet. Book et nyt ophold, eller fortryd afslutningen.")
    if must_be_started is True and not started:
        raise Refusal("Borgeren er ikke flyttet ind endnu. Skriv indflytningen først.")
    if must_be_started is False and started:
        raise Refusal("Borgeren er allerede flyttet ind. Afslut opholdet i stedet.")


def days_in(first: date, last: date | None, window_first: date, window_last: date) -> int:
    """How many days of a stay (first and last day included, open when `last` is None) lie in the window."""
    start = max(first, window_first)
    end = window_last if last is None else min(last, window_last)
    return max(0, (end - start).days + 1)


def is_overdue(booking: Booking, today: date) -> bool:
    """Whether the citizen should have moved out, and nobody has written that they did."""
    return (
        booking.actual_start is not None
        and booking.actual_end is None
        and booking.ordered_end is not None
        and booking.ordered_end < today
    )


def proposed_end(booking: Booking, today: date) -> date:
    """The last day to propose when a stay is ended: the ordered one when it has passed, else today."""
    proposal = (
        booking.ordered_end if booking.ordered_end is not None and booking.ordered_end < today else today
    )
    return max(proposal, booking.first)


def age_on(birth_date: date, day: date) -> int:
    """Whole years on the day; who is born on 29 February turns on 1 March in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def age_warning(birth_date: date, day: date, age_group: str) -> str:
    """A sentence when the age does not fit the place's age group ("child" or "adult"), else nothing."""
    age = age_on(birth_date, day)
    if age_group == "adult" and age < ADULT_FROM:
        return f"Borgeren er {age} år den {in_words(day)}, og pladsen er for voksne."
    if age_group == "child" and age >= YOUNG_UNTIL:
        return f"Borgeren er {age} år den {in_words(day)}, og pladsen er for børn og unge."
    return ""


def check_undo(*, made_by: int | None, made_on: str, user: int, today: date, is_latest: bool) -> None:
    """A change may be undone by the one who made it, the day it was made, while nothing came after it."""
    if made_by != user:
        raise Refusal("Kun den, der lavede ændringen, kan fortryde den. Ret opholdet i stedet.")
    if made_on != today.isoformat():
        raise Refusal("En ændring kan kun fortrydes samme dag. Ret opholdet i stedet.")
    if not is_latest:
        raise Refusal("Der er sket noget nyt siden, så ændringen kan ikke fortrydes. Ret opholdet i stedet.")


def taken(wanted: Booking, other: Booking) -> str:
    """The sentence for a place that is taken. It never says by whom: nobody asked to see that citizen."""
    since = max(wanted.first, other.first)
    until = f" til og med den {in_words(other.last)}" if other.last else ""
    if other.last:
        advice = f"Vælg en anden plads, eller begynd tidligst den {in_words(other.last + ONE_DAY)}."
    else:
        advice = "Vælg en anden plads, eller lad opholdet slutte før."
    return f"Pladsen er optaget fra den {in_words(since)}{until}. {advice}"


def still_lived_in(other: Booking) -> str:
    """The sentence for a place whose citizen should have moved out but has not."""
    due = f" den {in_words(other.ordered_end)}" if other.ordered_end else ""
    return (
        f"Pladsen skulle være fri{due}, men det er ikke skrevet, at borgeren er flyttet. "
        "Afslut det ophold først, eller vælg en anden plads."
    )


def outside_life(code: str, wanted: Booking, life: list[tuple[date, date | None]]) -> str:
    """The sentence for a stay on days when the place does not exist. `life`: its first and last days."""
    periods = "; ".join(
        f"fra den {in_words(first)}" + (f" til og med den {in_words(last)}" if last else "")
        for first, last in life
    )
    if not periods:
        return f"Plads {code} er ikke åben. Vælg en anden plads."
    wish = "uden slutdato" if wanted.last is None else f"til og med den {in_words(wanted.last)}"
    return (
        f"Plads {code} er kun åben {periods}, men opholdet er fra den {in_words(wanted.first)} {wish}. "
        "Ret datoerne, eller vælg en anden plads."
    )
