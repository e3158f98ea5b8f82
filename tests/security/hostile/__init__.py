"""What somebody with bad intentions sends, one line a request, and what must come of it.

One file a subject. `$name` stands for something of the world in tests/security/world.py: `$own…` is what the sender
may see, `$other…` belongs to somebody else. Whatever the line says, three things hold for each (test_hostile.py): no
answer of 500 or above, not a word about a foreign citizen in the answer, and no change in the database that the line
does not name.
"""

from __future__ import annotations

from tests.security.hostile.bodies import BODIES
from tests.security.hostile.headers import HEADERS
from tests.security.hostile.others import OTHERS
from tests.security.hostile.parameters import PARAMETERS
from tests.security.hostile.paths import PATHS
from tests.security.hostile.programs import PROGRAMS
from tests.security.hostile.raising import RAISING
from tests.security.hostile.request import FORM, JSON, LONG, MARKERS, STAY, Hostile, get, post
from tests.security.hostile.verbs import VERBS

__all__ = ["ALL", "FORM", "GROUPS", "JSON", "LONG", "MARKERS", "STAY", "Hostile", "get", "post"]

GROUPS = {
    "others": OTHERS,
    "raising": RAISING,
    "verbs": VERBS,
    "paths": PATHS,
    "parameters": PARAMETERS,
    "bodies": BODIES,
    "headers": HEADERS,
    "programs": PROGRAMS,
}
ALL = tuple(line for group in GROUPS.values() for line in group)
