"""Pages asked in a way they are not made for."""

from __future__ import annotations

from tests.security.hostile.request import JSON, Hostile, get, post

VERBS = (
    Hostile(
        "put",
        "writes over a page",
        "leader",
        "PUT",
        "/kapacitet/borgere/$own/",
        (200, 405),
        body=b"{}",
        content_type=JSON,
    ),
    Hostile("delete", "deletes a citizen", "leader", "DELETE", "/kapacitet/borgere/$own/", (200, 405)),
    Hostile(
        "patch",
        "changes a stay",
        "leader",
        "PATCH",
        "/kapacitet/ophold/$own_stay/ret/",
        (200, 405),
        body=b"actual_end=2026-06-15",
    ),
    Hostile(
        "trace",
        "gets its own headers back",
        "leader",
        "TRACE",
        "/",
        (200, 405),
        headers={"X-Probe": "zzprobe"},
        raw="zzprobe",
    ),
    Hostile("options", "what one may do", "leader", "OPTIONS", "/kapacitet/borgere/$other/", (200, 404, 405)),
    Hostile(
        "head", "whether there is such a citizen", "leader", "HEAD", "/kapacitet/borgere/$other/", (404,)
    ),
    Hostile(
        "made-up-verb",
        "a verb nobody has heard of",
        "leader",
        "JEFF",
        "/kapacitet/borgere/$other/",
        (403, 404, 405),
    ),
    Hostile(
        "delete-api",
        "deletes through the API",
        "nobody",
        "DELETE",
        "/api/v1/units",
        (401, 405),
        token="$token_all",
    ),
    Hostile(
        "post-api",
        "writes through the API",
        "nobody",
        "POST",
        "/api/v1/units",
        (401, 405),
        token="$token_all",
        body=b'{"is_active": true}',
        content_type=JSON,
    ),
    get(
        "override-header",
        "GET that says it is DELETE",
        "leader",
        "/kapacitet/ophold/$own_stay/ret/",
        200,
        headers={"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "POST"},
    ),
    post(
        "override-field",
        "POST that says it is DELETE",
        "leader",
        "/kapacitet/ophold/$own_stay/ret/",
        {"_method": "DELETE"},
        200,
    ),
    get("get-undo", "a change by a link", "leader", "/kapacitet/ophold/$own_stay/fortryd/", 405),
    get("get-logout", "logging out by a link", "leader", "/konto/logout/", 200, 302, 405),
    get("get-role", "the role by a link", "leader", "/rolle/?role=administrator", 405),
    get("get-retry", "running jobs by a link", "administrator", "/administration/opgaver/igen/", 405),
)
