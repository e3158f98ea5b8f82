"""How each of the four files becomes rows in the database."""

from roedtraad.exchange.kinds.base import Kind
from roedtraad.exchange.kinds.citizens import CITIZENS
from roedtraad.exchange.kinds.places import PLACES
from roedtraad.exchange.kinds.stays import STAYS
from roedtraad.exchange.kinds.units import UNITS

KINDS: dict[str, Kind] = {kind.form.kind: kind for kind in (UNITS, PLACES, CITIZENS, STAYS)}

__all__ = ["KINDS", "Kind"]
