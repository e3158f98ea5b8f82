"""A small world for the tests of the record: the scene of access, with a colleague, a leader and a login each."""

from __future__ import annotations

from typing import Any

from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from tests import factories as make
from tests.access.scene import Scene


class Record(Scene):
    """Ane lives in Elmehuset, where `worker` and `colleague` work and `leader` leads; `other` works in Birkehuset."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = make.user_with(Role.SUPPORT_WORKER, self.offer, "mette")
        self.colleague = make.user_with(Role.SUPPORT_WORKER, self.offer, "jonas")
        self.leader = make.user_with(Role.LEADER, self.offer, "lene")
        self.stranger = make.user_with(Role.SUPPORT_WORKER, self.other, "fremmed")
        self.herself = make.user_with(Role.CITIZEN, self.ane, "ane")

    def client(self, user: User) -> Client:
        """A browser in which the user is logged in."""
        client = Client()
        client.force_login(user)
        return client

    def path(self, *parts: Any) -> str:
        """An address under Ane's record."""
        return "/".join(["/borgere", str(self.ane.key), *map(str, parts)])
