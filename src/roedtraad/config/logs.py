"""Structured logs, one JSON line an event, without personal data.

A request is logged by its route (the URL pattern), never by its path or query: those can carry names,
numbers and searches.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

log = structlog.get_logger("roedtraad.request")

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def exception_class_only(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep an exception's class and place, drop its text: a database error may quote a whole row."""
    info = event.pop("exc_info", None)
    if info and not isinstance(info, bool):
        error = info[1] if isinstance(info, tuple) else info
        trace = error.__traceback__ if error else None
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        event["error"] = type(error).__name__
        if trace is not None:
            event["where"] = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
    return event


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything as JSON on standard error."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    exception_class_only,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own request log quotes the path; ours names the route instead.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
            # Tells of every try while the database is away, and where it lies; the supervisor says it once.
            "psycopg.pool": {"level": "ERROR"},
        },
    }


class RequestLogMiddleware:
    """One line a request: method, route, status, milliseconds, the account's number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        user = getattr(request, "user", None)
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "-",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
            user=getattr(user, "pk", None),
        )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log what failed and where, then let Django answer. A refusal is not a failure."""
        if isinstance(exception, (Http404, PermissionDenied, PermissionError, SuspiciousOperation)):
            return
        match = getattr(request, "resolver_match", None)
        log.error(
            "failed",
            route=match.route if match else "-",
            exc_info=(type(exception), exception, exception.__traceback__),
        )
