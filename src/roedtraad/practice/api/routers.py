"""The routers of the record, for the API as a whole."""

from __future__ import annotations

from roedtraad.practice.api import efforts, goals, notes, ratings, tasks, thread, wishes

ROUTERS = (
    thread.router,
    wishes.router,
    goals.router,
    ratings.router,
    efforts.router,
    notes.router,
    tasks.router,
)
