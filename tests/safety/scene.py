"""Two houses side by side and one further away, and who works there."""

from __future__ import annotations

from roedtraad.access.roles import Role
from roedtraad.accounts.models import User
from roedtraad.core import ids
from roedtraad.organisation.models import Unit
from roedtraad.safety import services
from roedtraad.safety.models import Alarm
from tests import factories as make


class House:
    """Anna and Bo work in Elmehuset, Nina in Nabohuset, Fie far away; Lis leads the area of the first two."""

    def __init__(self) -> None:
        root = make.region_root()
        area = make.unit("omraade", "specialomraade", "Specialområde Prøve", root)
        self.elm = make.unit("elmehuset", "tilbud", "Elmehuset", area)
        self.next_door = make.unit("nabohuset", "tilbud", "Nabohuset", area)
        self.room = make.unit("stuen", "afdeling", "Stuen", self.elm)
        elsewhere = make.unit("andet-omraade", "specialomraade", "Et andet område", root)
        self.far = make.unit("langt-vaek", "tilbud", "Langt væk", elsewhere)
        self.anna = self.worker("anna", "Anna Prøve", self.elm)
        self.bo = self.worker("bo", "Bo Prøve", self.elm)
        self.nina = self.worker("nina", "Nina Prøve", self.next_door)
        self.fie = self.worker("fie", "Fie Prøve", self.far)
        self.lis = make.user_with(Role.LEADER, area, "lis")
        self.top = make.user_with(Role.LEADER, root, "top")

    def worker(self, username: str, name: str, unit: Unit) -> User:
        user = make.user_with(Role.SUPPORT_WORKER, unit, username)
        user.full_name = name
        user.save(update_fields=["full_name"])
        return user

    def neighbours(self, seconds: int = 60) -> None:
        """Nabohuset is called when Elmehuset does not answer."""
        services.change_settings(self.lis, self.elm, seconds=seconds, neighbours=[self.next_door])

    def alarm(self, place: str = "Køkkenet") -> Alarm:
        """Anna calls for help."""
        return services.raise_alarm(self.anna, key=ids.new_id(), unit=self.elm, place=place)


def again(user: User) -> User:
    """The same user without what a request has learnt about them."""
    return User.objects.get(pk=user.pk)
