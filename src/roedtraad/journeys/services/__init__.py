"""What can happen to a stay: one function an event, one transaction, access checked, history kept."""

from roedtraad.journeys.services.common import Conflict, version_of
from roedtraad.journeys.services.moves import change_paying_municipality, move_to_place
from roedtraad.journeys.services.stays import (
    book_stay,
    change_booking,
    end_stay,
    register_and_book,
    start_stay,
    withdraw_booking,
)
from roedtraad.journeys.services.undo import undo_last

__all__ = [
    "Conflict",
    "book_stay",
    "change_booking",
    "change_paying_municipality",
    "end_stay",
    "move_to_place",
    "register_and_book",
    "start_stay",
    "undo_last",
    "version_of",
    "withdraw_booking",
]
