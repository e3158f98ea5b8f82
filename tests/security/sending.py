"""Sends a hostile request as it stands, and reads what comes back down to the last byte."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from roedtraad.access.roles import Role
from tests.security.hostile import FORM, JSON, Hostile
from tests.security.world import CPR, MARKS, World

HOST = "testserver"
SECRET = "c" * 32
# What every request may leave behind: its session, its count, and its line in the log of look-ups.
ALWAYS = {"django_session", "access_requestcount", "access_lookuplog"}
LOGIN = {
    "accounts_user",
    "accounts_userevent",
    "accounts_logintries",
    "accounts_knowndevice",
    "pghistory_context",
}
ROLES = {"support": Role.SUPPORT_WORKER, **{role.value: role for role in Role}}


def send(line: Hostile, world: World) -> Any:
    """The answer to the line, sent by its sender."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if line.who != "nobody":
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[ROLES[line.who]]
    extra: dict[str, Any] = {"HTTP_HOST": HOST}
    for name, value in line.cookies.items():
        client.cookies[name] = value
    if line.csrf:
        client.cookies[settings.CSRF_COOKIE_NAME] = SECRET
        extra["HTTP_X_CSRFTOKEN"] = SECRET
    if line.token:
        extra["HTTP_AUTHORIZATION"] = f"Bearer {world.filled(line.token)}"
    for name, value in line.headers.items():
        key = name.upper().replace("-", "_")
        extra[key if key in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{key}"] = world.filled(value)
    path, _mark, query = world.filled(line.path).partition("?")
    extra["PATH_INFO"] = unquote_to_bytes(path).decode("iso-8859-1")
    extra["QUERY_STRING"] = query
    return client.generic(line.method, "/", body_of(line, world), line.content_type, **extra)


def body_of(line: Hostile, world: World) -> bytes:
    """The bytes of the request's body."""
    if line.body is not None:
        return line.body
    if line.data is not None and line.content_type == JSON:
        return world.filled(json.dumps(line.data)).encode()
    if line.data is None or line.content_type != FORM:
        return b""
    return urlencode({name: world.filled(value) for name, value in line.data.items()}).encode()


def content_of(answer: Any) -> bytes:
    """The answer's body, also when it is a stream."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def everything_in(content: bytes, headers: Mapping[str, str]) -> str:
    """All that an answer says: its headers, its body, and what is packed inside of it."""
    pieces = [content]
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pieces += [archive.read(name) for name in archive.namelist()]
    if content.startswith(b"%PDF"):
        for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
            try:
                pieces.append(zlib.decompress(packed))
            except zlib.error:
                pieces.append(packed)
    said = "\n".join(f"{name}: {value}" for name, value in headers.items())
    return said + "".join(piece.decode("utf-8", "replace") for piece in pieces)


def foreign_words(text: str) -> list[str]:
    """The words of foreigners that stand in the text, in any case and with or without the CPR number's hyphen."""
    lower = text.casefold()
    marks = [mark for mark in MARKS if mark.casefold() in lower]
    return marks + [number for number in (CPR, f"{CPR[:6]}-{CPR[6:]}") if number in text]


def state_of_the_tables() -> dict[str, tuple[int, str]]:
    """Each table's number of rows and a sum of all that is in them, as its owner sees them. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s) ORDER BY 1",
            [list(ALWAYS)],
        )
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t"
                for name in names
            )
        )
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}
