"""What the services of the record have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from roedtraad.core.refusal import Refusal

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

Written = TypeVar("Written", bound=models.Model)


class Changed(Refusal):
    """Somebody else changed the same row meanwhile: `current` is what stands there now. Nothing was written."""

    def __init__(self, current: Any, sentence: str = "") -> None:
        super().__init__(
            sentence or _("En anden har rettet imens. Se begge udgaver herunder, og gem den, der skal gælde.")
        )
        self.current = current


def write_once(user: User, model: type[Written], key: UUID | None, **values: Any) -> tuple[Written, bool]:
    """Write a row under the key its phone gave it, once: sent again by the same user, the first one is answered.

    Returns the row and whether it is new. Refusal when the key is somebody else's or another citizen's. Runs in
    the transaction of its caller.
    """
    if key is None:
        return model._default_manager.create(written_by=user, **values), True
    known = model._default_manager.filter(key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                return model._default_manager.create(key=key, written_by=user, **values), True
        except IntegrityError as error:
            known = model._default_manager.filter(key=key).first()
            if known is None:
                if "key" not in str(error):
                    raise
                # The key is taken by a row that the user may not see.
                raise Refusal(_("Det nummer er brugt. Prøv igen."), "key") from error
    citizen = values.get("citizen")
    same_citizen = citizen is None or getattr(known, "citizen_id", None) == citizen.pk
    if getattr(known, "written_by_id", None) != user.pk or not same_citizen:
        raise Refusal(_("Det nummer er brugt. Prøv igen."), "key")
    return known, False
