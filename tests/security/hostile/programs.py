"""Programs with a key that want more of a record than their user may, or the same twice."""

from __future__ import annotations

from typing import Any

from tests.security.hostile.request import JSON, Hostile, get

NOTE = {"citizen": "$other", "text": "Et notat"}


def write(
    name: str,
    tries: str,
    path: str,
    data: dict[str, Any],
    *must: int,
    key: str = "k-1",
    method: str = "POST",
    **more: Any,
) -> Hostile:
    """A write with a key that may write in Elmehuset, and an idempotency key."""
    headers = {"Idempotency-Key": key} if key else {}
    said: dict[str, Any] = {"token": "$token_writer", "content_type": JSON, "headers": headers, **more}
    return Hostile(name, tries, "nobody", method, f"/api/v1/{path}", must, data, **said)


def read(name: str, tries: str, path: str, *must: int, token: str = "$token_writer") -> Hostile:
    return get(name, tries, "nobody", f"/api/v1/{path}", *must, token=token)


PROGRAMS = (
    read("api-thread-of-other", "another house's thread", "citizens/$other/thread", 404),
    read("api-timeline-of-other", "another house's line of time", "citizens/$other/timeline", 404),
    read("api-risk-of-other", "another house's risk", "citizens/$other/risk", 404),
    read("api-map-of-other", "another house's network", "citizens/$other/network-map", 404),
    read("api-log-of-other", "who looked at another", "citizens/$other/access-log", 403),
    read(
        "api-log-as-citizen",
        "a citizen reads another's log",
        "citizens/$other/access-log",
        404,
        token="$token_citizen",
    ),
    read("api-notes-of-other", "another house's notes", "notes?citizen=$other", 404),
    read("api-note-of-other", "another house's note by its number", "notes/$other_note", 404),
    read("api-goal-of-other", "another house's goal by its number", "goals/$other_goal", 404),
    read("api-ratings-of-other", "the ratings of another's goal", "goals/$other_goal/ratings", 404),
    read("api-search-all", "a word that stands in another's note", "search?q=abildskov", 200),
    read("api-search-other", "the same at one citizen", "search?q=abildskov&citizen=$other", 404),
    read(
        "api-search-tsquery",
        "operators of the full-text search",
        "search?q=%21%21%28a%7Cb%29%3A%2A%26",
        200,
        422,
    ),
    read("api-search-like", "a joker", "search?q=%25_%25", 200),
    read("api-record-by-number", "a row's number as the id", "citizens/$other_pk/thread", 422),
    read("api-far-cursor", "a place nobody gave", "notes?citizen=$own&after=WyI5OTk5OTktMDEtMDEiLDFd", 400),
    write("api-note-on-other", "writes about another's citizen", "notes", NOTE, 404),
    write("api-wish-on-other", "writes another's wish", "wishes", NOTE, 404),
    write(
        "api-goal-on-other",
        "sets a goal for another's citizen",
        "goals",
        {"citizen": "$other", "title": "Et mål", "kind": "develop", "starts_on": "2026-06-15"},
        404,
    ),
    write("api-rate-other", "rates another's goal", "goals/$other_goal/ratings", {"level": 1}, 404),
    write(
        "api-correct-other",
        "corrects another's note",
        "notes/$other_note/corrections",
        NOTE | {"version": 1},
        404,
    ),
    write(
        "api-change-other",
        "changes another's goal",
        "goals/$other_goal",
        {"version": 1, "title": "Mit nu"},
        404,
        method="PATCH",
    ),
    write("api-risk-on-other", "sets another's risk", "citizens/$other/risk", {"rank": 0}, 404),
    write(
        "api-goal-of-other-in-note",
        "ties one's own note to another's goal",
        "notes",
        {"citizen": "$own", "text": "Et notat", "goals": ["$other_goal"]},
        422,
    ),
    write(
        "api-parent-of-other",
        "hangs a goal under another's",
        "goals",
        {
            "citizen": "$own",
            "title": "Et mål",
            "kind": "develop",
            "starts_on": "2026-06-15",
            "parent": "$other_goal",
        },
        422,
    ),
    write(
        "api-no-key", "writes without an idempotency key", "notes", NOTE | {"citizen": "$own"}, 400, key=""
    ),
    write(
        "api-long-idempotency",
        "a key of 10,000 signs",
        "notes",
        NOTE | {"citizen": "$own"},
        400,
        key="a" * 10_000,
    ),
    write("api-key-injection", "SQL in the key", "notes", NOTE, 404, key="'||(SELECT/**/pg_sleep(9))||'"),
    write(
        "api-key-newline",
        "a line of its own in the key",
        "notes",
        NOTE | {"citizen": "$own"},
        400,
        key="a\r\nX: 1",
    ),
    write(
        "api-read-key-writes",
        "writes with a key to read",
        "notes",
        NOTE | {"citizen": "$own"},
        403,
        token="$token_reader",
    ),
    write("api-nul-in-text", "a NUL in a text", "notes", {"citizen": "$own", "text": "a\x00b"}, 422),
    write(
        "api-more-than-asked",
        "fields that the program does not give",
        "notes",
        NOTE | {"written_by": 1, "withdrawn_at": None, "version": 99},
        404,
    ),
    write("api-list-for-text", "a list instead of a text", "notes", {"citizen": "$own", "text": ["a"]}, 422),
    write(
        "api-many-goals",
        "ten thousand goals on a note",
        "notes",
        {"citizen": "$own", "text": "x", "goals": ["$other_goal"] * 10_000},
        422,
    ),
    write("api-deep", "a body of ten thousand brackets", "notes", {}, 400, 422, body=b"[" * 10_000),
    write("api-delete", "deletes a note", "notes/$other_note", {}, 405, method="DELETE"),
)
