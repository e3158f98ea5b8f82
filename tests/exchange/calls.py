"""Every operation of the API called once, with the things of one world in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client

from roedtraad.exchange.api import api

VALUES = {
    "q": "frikadeller",
    "from": "2026-06-01",
    "to": "2026-06-15",
    "kind": "residential",
    "by": "month",
    "year": "2025",
}


@dataclass(frozen=True)
class Call:
    """One operation, filled: `name` as it is described, `query` and `body` as they are sent."""

    name: str
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None

    @property
    def writes(self) -> bool:
        """Does it change anything?"""
        return self.method != "GET"

    @property
    def url(self) -> str:
        """The address with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def send(self, secret: str, *, key: str | None = "", **headers: str) -> Any:
        """The answer to the call with this API key. Writes carry a new idempotency key, or the one given; None: none."""
        if self.writes and key is not None:
            headers["Idempotency-Key"] = key or str(uuid4())
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        body = "" if self.body is None else json.dumps(self.body)
        return Client(raise_request_exception=False).generic(
            self.method, self.url, body, "application/json", headers=headers
        )


def calls(things: Mapping[str, Any]) -> Iterator[Call]:
    """Each operation; `things` are the values of what its address, its query and its body name.

    Bodies are the examples of the description. What is optional in a query is left out.
    """
    schema = _schema()
    known = {name: str(value) for name, value in {**VALUES, **things}.items()}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            query = {
                one["name"]: known[one["name"]]
                for one in operation.get("parameters", [])
                if one["in"] == "query" and one.get("required")
            }
            filled = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "1"), path)
            yield Call(
                f"{method.upper()} {path}", method.upper(), filled, query, _body(schema, operation, known)
            )


@cache
def _schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def _body(
    schema: dict[str, Any], operation: dict[str, Any], known: Mapping[str, str]
) -> dict[str, Any] | None:
    if "requestBody" not in operation:
        return None
    content = operation["requestBody"]["content"]
    if "application/json" not in content:
        return {}
    reference = content["application/json"]["schema"]["$ref"]
    example = schema["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]
    return {
        name: known.get(name, value) if name in ("citizen", "goal") else value
        for name, value in example.items()
    }
