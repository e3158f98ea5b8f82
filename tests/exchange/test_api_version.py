"""Version 1 of the API only grows: no operation, no field and no answer that was given out goes away or changes kind.

What was given out stands in api_v1.txt. Set ROEDTRAAD_API=write to add what is new; a line that is gone is a broken
promise to somebody's program, and belongs in a version 2.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from roedtraad.exchange.api import api

GIVEN_OUT = Path(__file__).parent / "api_v1.txt"


def kind_of(schema: dict[str, Any]) -> str:
    """The kind of a value in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return "|".join(sorted(kind_of(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")


def lines() -> Iterator[str]:
    """The API as one line a thing: operations with what they take and answer, and the fields of what goes in and out."""
    schema = api.get_openapi_schema()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            yield name
            for one in operation.get("parameters", []):
                yield f"{name} takes {one['in']} {one['name']}: {kind_of(one['schema'])}"
            if "requestBody" in operation:
                for media, body in operation["requestBody"]["content"].items():
                    said = "body" if media == "application/json" else f"body {media}"
                    yield f"{name} takes {said}: {kind_of(body['schema'])}"
            for status, answer in operation["responses"].items():
                shown = answer.get("content", {}).get("application/json", {}).get("schema", {})
                yield f"{name} answers {status}: {kind_of(shown)}"
    for name, described in schema["components"]["schemas"].items():
        for field, kind in described.get("properties", {}).items():
            yield f"{name}.{field}: {kind_of(kind)}"


def needed() -> set[str]:
    """What a caller must say: to ask for more than before would break those who do not say it."""
    schema = api.get_openapi_schema()
    found = set()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            found |= {
                f"{method.upper()} {path} needs {one['name']}"
                for one in operation.get("parameters", [])
                if one.get("required")
            }
    for name, described in schema["components"]["schemas"].items():
        if not name.endswith("Out"):
            found |= {f"{name} needs {field}" for field in described.get("required", [])}
    return found


def test_what_was_given_out_is_still_there() -> None:
    now = set(lines())
    if os.environ.get("ROEDTRAAD_API") == "write":
        GIVEN_OUT.write_text("".join(f"{line}\n" for line in sorted(now | needed())), encoding="utf-8")
    given = set(GIVEN_OUT.read_text(encoding="utf-8").splitlines())
    gone = {line for line in given if " needs " not in line} - now
    assert not gone, "\n".join(sorted(gone))
    new = now - given
    assert not new, "Tilføj det nye med ROEDTRAAD_API=write:\n" + "\n".join(sorted(new))


def test_nobody_must_say_more_than_before() -> None:
    given = set(GIVEN_OUT.read_text(encoding="utf-8").splitlines())
    asked_anew = needed() - given
    assert not asked_anew, "\n".join(sorted(asked_anew))


def test_kinds_are_told_apart() -> None:
    """The comparison would hold for anything if every kind were the same."""
    kinds = {line.rpartition(": ")[2] for line in lines() if ": " in line}
    assert {"uuid", "date", "date-time", "integer", "[LanePart]", "null|uuid"} <= kinds
