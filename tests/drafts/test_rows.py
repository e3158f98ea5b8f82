"""The database shows a draft to its writer alone. Asked in SQL without a condition, as the app's own role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from roedtraad.access import rows
from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.drafts import services
from roedtraad.drafts.rules import Content
from tests.access.scene import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.fixture
def writers(scene: Scene) -> list[User]:
    """A leader, an administrator and a citizen, each with a draft of the same form."""
    users = [scene.user(role) for role in (Role.LEADER, Role.ADMINISTRATOR, Role.CITIZEN)]
    for user in users:
        services.keep(user.pk, Content("/", "/kapacitet/book/"))
    return users


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def test_each_sees_only_their_own(writers: list[User]) -> None:
    for user in writers:
        with rows.as_user(user), connection.cursor() as cursor:
            cursor.execute("SELECT user_id FROM drafts_draft")
            assert cursor.fetchall() == [(user.pk,)]


def test_nobody_sees_none_and_the_system_all(writers: list[User]) -> None:
    with rows.as_user(None):
        assert run("SELECT 1 FROM drafts_draft") == 0
    with rows.as_system("nøgleskifte"):
        assert run("SELECT 1 FROM drafts_draft") == 3


@pytest.mark.parametrize("sql", ["DELETE FROM drafts_draft", "UPDATE drafts_draft SET version = 7"])
def test_each_changes_only_their_own(writers: list[User], sql: str) -> None:
    with rows.as_user(writers[1]):
        assert run(sql) == 1


def test_nobody_writes_in_anothers_name(writers: list[User]) -> None:
    sql = f"""INSERT INTO drafts_draft (key, user_id, place, content, sent, version, saved_at)
        VALUES (gen_random_uuid(), {writers[0].pk}, 'x', 'x', false, 0, now())"""
    with (
        rows.as_user(writers[1]),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        run(sql)
    with (
        rows.as_user(writers[1]),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        run(f"UPDATE drafts_draft SET user_id = {writers[0].pk}, place = 'y'")


def test_who_closes_an_account_takes_its_drafts_without_seeing_them(writers: list[User]) -> None:
    leader, administrator, _citizen = writers
    with rows.as_user(administrator):
        run(f"UPDATE accounts_user SET is_active = false WHERE id = {leader.pk}")
        assert run("SELECT 1 FROM drafts_draft") == 1
    with rows.as_system("eftersyn"):
        assert run(f"SELECT 1 FROM drafts_draft WHERE user_id = {leader.pk}") == 0
        assert run("SELECT 1 FROM drafts_draft") == 2
