"""The queries behind the indicators: one file each, registered under the key of its row in the table.

An indicator whose row has no query here has no data yet; the page then names the part of the system that will
feed it. A new indicator is a row in the table and a file here, named below.
"""

from roedtraad.steering.indicators import capacity_utilisation, goal_outcomes
from roedtraad.steering.indicators.base import Own, Query, Row, query_of, register, source_words

__all__ = [
    "Own",
    "Query",
    "Row",
    "capacity_utilisation",
    "goal_outcomes",
    "query_of",
    "register",
    "source_words",
]
