"""No way in without a declared policy, and every role gets exactly what the table says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roedtraad.access.middleware import policy_of
from roedtraad.access.policies import ACTIONS, roles_for
from roedtraad.access.roles import Role
from roedtraad.exchange.api import api
from tests.access.scene import Scene


def patterns(resolver: Any = None, names: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the project with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*names, entry.namespace) if entry.namespace else names)
        else:
            yield ":".join((*names, entry.name or str(entry.pattern))), entry


def operations() -> Iterator[tuple[str, Any]]:
    """Every API operation: method and path, and the function."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{'/'.join(operation.methods)} {router.prefix}{path}", operation


PAGES = {name: entry for name, entry in patterns() if not name.startswith("api-1:")}
WITHOUT_ARGUMENTS = sorted(
    name
    for name, entry in PAGES.items()
    if not entry.pattern.converters and not getattr(entry.pattern, "regex", None).groups  # type: ignore[union-attr]
)


def test_there_is_something_to_walk() -> None:
    assert {"home", "journeys:capacity", "steering:maalbillede", "organisation:chart"} <= set(PAGES)
    assert any(name.startswith("GET ") and "capacity" in name for name, _operation in operations())


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_declares_a_policy(name: str) -> None:
    policy = policy_of(PAGES[name].callback)
    assert policy is not None, f"{name} has no policy"
    assert bool(policy.action) != bool(policy.open_because)
    if policy.action:
        assert policy.action in ACTIONS


def test_every_api_operation_declares_an_action_and_takes_a_token() -> None:
    for name, operation in operations():
        policy = policy_of(operation.view_func)
        assert policy is not None, f"{name} has no policy"
        assert policy.action in ACTIONS, f"{name} asks for nothing"
        assert operation.auth_callbacks, f"{name} takes no token"


@pytest.mark.django_db
@pytest.mark.parametrize("name", WITHOUT_ARGUMENTS)
def test_a_stranger_meets_the_login(name: str, client: Client) -> None:
    policy = policy_of(PAGES[name].callback)
    assert policy is not None
    if policy.open_because:
        return
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_the_pages_of_the_table_and_no_other(role: Role, client: Client) -> None:
    client.force_login(Scene().user(role))
    for name in WITHOUT_ARGUMENTS:
        policy = policy_of(PAGES[name].callback)
        assert policy is not None
        if policy.open_because:
            continue
        status = client.get(reverse(name)).status_code
        if role in roles_for(policy.action):
            # 302: a page that sends on; 400: one that must be told more; 405: a form that only takes POST.
            assert status in (200, 302, 400, 405), f"{role} at {name}: {status}"
        else:
            assert status == 403, f"{role} at {name}: {status}"


@pytest.mark.django_db
def test_a_view_without_a_policy_is_refused(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.access.urls_without_policy"
    client.force_login(Scene().user(Role.ADMINISTRATOR))
    answer = client.get("/ingen-regel/")
    assert answer.status_code == 403
    assert b"hemmeligt" not in answer.content
