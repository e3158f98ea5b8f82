"""The record's world, with a mother and a friend who have logins, and what Ane shares with the mother."""

from __future__ import annotations

from typing import Any

from roedtraad.access.roles import Role
from roedtraad.citizens.models import Consent
from tests import factories as make
from tests.practice.scene import Record


class Voices(Record):
    """Ane shares messages with her mother; the friend has a login and no consent, Bo's brother another citizen."""

    def __init__(self) -> None:
        super().__init__()
        self.mother = make.user_with(Role.RELATIVE, self.ane, "mor")
        self.friend = make.user_with(Role.RELATIVE, self.ane, "ven")
        self.brother = make.user_with(Role.RELATIVE, self.bo, "bror")
        self.as_mother = make.relation(self.ane, "Mor Elm", user=self.mother)
        self.as_friend = make.relation(self.ane, "Ven Vang", kind="friend", user=self.friend)
        self.as_brother = make.relation(self.bo, "Bror Birk", kind="sibling", user=self.brother)
        self.shared = self.share("messages")
        make.consent(self.as_brother, "messages", recorded_by=self.worker)

    def share(self, *scopes: str, to: Any = None, **kw: Any) -> Consent:
        """A consent of Ane's, to her mother when nobody else is named."""
        return make.consent(to or self.as_mother, *scopes, recorded_by=self.worker, **kw)
