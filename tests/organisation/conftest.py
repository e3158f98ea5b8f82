"""The organisation as the documents give it, loaded once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.services import grant_role
from roedtraad.accounts.models import User
from roedtraad.core import clock
from roedtraad.organisation.loading import load_organisation
from roedtraad.organisation.models import Unit


@pytest.fixture
def organisation(db: None) -> None:
    """Every fixture file in the tables."""
    load_organisation()


@pytest.fixture
def person(organisation: None) -> Callable[[Role], User]:
    """Makes a user with a role for the whole region."""

    def make(role: Role) -> User:
        user = User.objects.create_user(username=f"prøve-{role.value}", password="en lang adgangskode")
        grant_role(user, role, Unit.objects.get(key="region-midtjylland"), start=clock.today())
        return user

    return make


@pytest.fixture
def browser(person: Callable[[Role], User]) -> Callable[[Role], Any]:
    """Makes a client logged in with a role."""

    def make(role: Role) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return make
