"""The world of the hostile requests: what the senders may see, and foreigners whose every word is a marker."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from string import Template
from uuid import uuid4

from django.conf import settings
from django.test import Client

from roedtraad.access.roles import Role
from roedtraad.access.tokens import WRITES, issue
from roedtraad.accounts.models import KnownDevice, User
from roedtraad.core import clock
from roedtraad.exchange.models import Transfer
from roedtraad.organisation.models import Scenario
from roedtraad.practice.services.goals import GoalText, set_goal
from roedtraad.practice.services.notes import write_note
from tests import factories as make
from tests.access.scene import Scene

#: Parts that stand in no Danish word and in no page of the house; every word of a foreigner has one. Long enough that
#: no random mark of a form has them by chance.
MARKS = ("Zqxhjort", "Wvkstorm", "Jqzbirke")
CPR = make.cpr_number(777)


class World(Scene):
    """The scene, and in Birkehuset foreigners with an address, a record, a file, a scenario, keys and a device."""

    def __init__(self) -> None:
        super().__init__()
        today = clock.today()
        begin = today - dt.timedelta(days=400)
        self.foreigner = make.citizen(
            first_name="Zqxhjortea",
            last_name="Wvkstorm Abildskov",
            cpr=CPR,
            acting="0851",
            paying="0851",
            address="Jqzbirkevej 99",
        )
        self.hidden = make.citizen(
            first_name="Zqxhjortib",
            last_name="Wvkstormdal",
            acting="0851",
            paying="0851",
            address="Jqzbirkeallé 7",
            address_protected=True,
        )
        places = [make.place(f"B{n}", self.other) for n in (2, 3, 4)]
        self.stay = make.stay(
            self.foreigner, places[1], begin, moved_in=True, paying_municipality=make.municipality("0851")
        )
        make.stay(self.hidden, places[2], begin, moved_in=True, paying_municipality=make.municipality("0851"))
        self.users = {role: make.user_with(role, self.scope(role), f"hostil-{role.value}") for role in Role}
        self.their_leader = make.user_with(Role.LEADER, self.other, "deres-leder")
        self.file = self._file()
        self.scenario = Scenario.objects.create(
            key="zqxhjortplan", name="Zqxhjortplan", owner=self.users[Role.STRATEGIST]
        )
        self.device = KnownDevice.objects.create(
            user=self.their_leader,
            device="0" * 64,
            name="Zqxhjortbrowser",
            first_seen=clock.running(),
            last_seen=clock.running(),
        )
        self.their_goal = set_goal(
            self.their_leader, self.foreigner, GoalText("Zqxhjortmålet", "develop", clock.today())
        )
        self.their_note = write_note(
            self.their_leader, self.foreigner, text="Zqxhjortnotat om abildskov", goals=[self.their_goal]
        )
        self.names = self._names()
        self.sessions = {role: self.log_in(user) for role, user in self.users.items()}

    def log_in(self, user: User) -> str:
        """The session of somebody who has logged in."""
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def _file(self) -> Transfer:
        stored = f"{uuid4().hex}.csv"
        folder = Path(settings.DATA) / "files"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / stored).write_text("Zqxhjortfil")
        return Transfer.objects.create(
            direction="out",
            kind="enheder",
            filename="zqxhjortfil.csv",
            stored=stored,
            status=Transfer.Status.DONE,
            options={"format": "csv"},
            created_by=self.users[Role.ADMINISTRATOR],
            created_at=clock.now(),
            touched_at=clock.now(),
            expires_at=clock.now() + dt.timedelta(days=7),
        )

    def _token(self, user: User, scopes: list[str]) -> str:
        return issue(user, "prøve", scopes, 30)[1]

    def _names(self) -> dict[str, str]:
        strategist, admin = self.users[Role.STRATEGIST], self.users[Role.ADMINISTRATOR]
        expired, expired_secret = issue(strategist, "gammel", ["*"], 1)
        expired.expires_at = clock.now() - dt.timedelta(seconds=1)
        expired.save()
        revoked, revoked_secret = issue(strategist, "taget", ["*"], 1)
        revoked.revoked_at = clock.now()
        revoked.save()
        closed = make.user_with(Role.STRATEGIST, self.scope(Role.STRATEGIST), "lukket")
        closed_secret = self._token(closed, ["*"])
        closed.is_active = False
        closed.save()
        other = self.foreigner
        return {
            "own": str(self.ane.key),
            "own_free": str(self.carl.key),
            "own_stay": str(self.ane.stays.get().pk),
            "own_unit": str(self.offer.pk),
            "other": str(other.key),
            "other_upper": str(other.key).upper(),
            "other_hex": other.key.hex,
            "other_pk": str(other.pk),
            "other_stay": str(self.stay.pk),
            "other_place": str(self.stay.place_id),
            "other_unit": str(self.other.pk),
            "other_cursor": str(other.key),
            "other_file": str(self.file.pk),
            "other_scenario": str(self.scenario.pk),
            "other_device": str(self.device.pk),
            "other_goal": str(self.their_goal.key),
            "other_note": str(self.their_note.key),
            "probe": "abildskov",
            "probe_cpr": CPR,
            "root": str(make.region_root().pk),
            "admin_pk": str(admin.pk),
            "admin_name": admin.username,
            "leader_pk": str(self.users[Role.LEADER].pk),
            "leader_name": self.users[Role.LEADER].username,
            "password": make.PASSWORD,
            "token_all": self._token(strategist, ["*"]),
            "token_units": self._token(strategist, ["organisation"]),
            "token_citizen": self._token(self.users[Role.CITIZEN], ["*"]),
            "token_writer": self._token(self.users[Role.LEADER], ["*", *WRITES]),
            "token_reader": self._token(self.users[Role.LEADER], ["*", "record"]),
            "token_expired": expired_secret,
            "token_revoked": revoked_secret,
            "token_closed": closed_secret,
        }

    def filled(self, text: str) -> str:
        """The text with the world's names in it."""
        return Template(text).safe_substitute(self.names)
