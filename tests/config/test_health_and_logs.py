"""The state of the house for machines, and a log that can be shown to anyone."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string
from whitenoise.storage import CompressedManifestStaticFilesStorage

from roedtraad.config import faults, health
from roedtraad.config.logs import RequestLogMiddleware, logging_settings


@pytest.mark.django_db
def test_a_well_house(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    parts = answer.json()["parts"]
    assert set(parts) == {"database", "migrations", "jobs", "disk"}
    assert all(part["ok"] for part in parts.values())
    assert client.get("/readyz").json() == {"ready": True}


@pytest.mark.django_db
def test_they_are_answered_without_a_detour_and_with_hsts(client: Client, settings: Any) -> None:
    """As in production: who asks inside is not sent to https, and who asks through the proxy is told to stay there."""
    settings.SECURE_SSL_REDIRECT = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    for path in ("/healthz", "/readyz"):
        assert client.get(path).status_code == 200
        assert (
            client.get(path, secure=True)["Strict-Transport-Security"]
            == "max-age=31536000; includeSubDomains"
        )
    assert client.get("/konto/login/").status_code == 301


@pytest.mark.django_db
def test_a_queue_nobody_works_on_is_unwell(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at, priority) "
            "VALUES ('default', 'x', '{}', now() - interval '1 hour', 0)"
        )
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["jobs"] == {"ok": False, "note": "1 venter, 0 fejlet"}


@pytest.mark.django_db
def test_a_full_disk_is_unwell(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # More than any disk has: the same as a disk with nothing left.
    monkeypatch.setattr(health, "LEAST_DISK", 2**62)
    assert client.get("/healthz").status_code == 503


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    """No database access is granted to this test, which is the nearest to a server that is gone."""
    monkeypatch.setattr(health, "DatabaseError", (RuntimeError,))
    monkeypatch.setattr(health, "watch", faults.Watch())
    assert client.get("/readyz").status_code == 503
    body = client.get("/healthz").json()
    assert body["ok"] is False and set(body["parts"]) == {"database", "disk"}


@pytest.fixture
def lines() -> Any:
    """The log as the house formats it, line by line."""
    configuration = logging_settings("INFO")["formatters"]["json"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(configuration["()"](**{k: v for k, v in configuration.items() if k != "()"}))
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_logged_by_route_without_what_was_searched_for(lines: Any, client: Client) -> None:
    client.get("/konto/login/?next=/borgere/Ane-Prøve-010190-9995")
    logged = [line for line in lines() if line["event"] == "request"]
    assert logged[-1]["route"] == "konto/login/"
    assert logged[-1]["status"] == 200
    assert "Ane" not in json.dumps(lines(), ensure_ascii=False) and "9995" not in json.dumps(lines())


def test_a_failure_is_logged_without_its_words(lines: Any) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise IntegrityError("Key (name)=(Ane Prøve) already exists")

    request = RequestFactory().get("/x/")
    middleware = RequestLogMiddleware(fails)
    try:
        fails(request)
    except IntegrityError as error:
        middleware.process_exception(request, error)
    line = lines()[-1]
    assert line["error"] == "IntegrityError"
    assert line["where"].startswith("config.") or "test_health" in line["where"]
    assert "Ane" not in json.dumps(line, ensure_ascii=False)


def test_static_files_are_hashed_and_compressed_outside_the_suite() -> None:
    from roedtraad.config.settings import base

    storage = import_string(base.STORAGES["staticfiles"]["BACKEND"])
    assert issubclass(storage, CompressedManifestStaticFilesStorage)
    assert settings.DEBUG is False
