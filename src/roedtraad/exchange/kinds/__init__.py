"""How each of the files becomes rows in the database."""

from roedtraad.exchange.kinds.base import Kind
from roedtraad.exchange.kinds.citizens import CITIZENS
from roedtraad.exchange.kinds.goals import GOALS
from roedtraad.exchange.kinds.notes import NOTES
from roedtraad.exchange.kinds.places import PLACES
from roedtraad.exchange.kinds.relations import RELATIONS
from roedtraad.exchange.kinds.stays import STAYS
from roedtraad.exchange.kinds.units import UNITS

KINDS: dict[str, Kind] = {
    kind.form.kind: kind for kind in (UNITS, PLACES, CITIZENS, STAYS, RELATIONS, GOALS, NOTES)
}

__all__ = ["KINDS", "Kind"]
