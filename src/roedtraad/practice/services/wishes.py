"""What can happen to a citizen's wishes. None is overwritten: each step is a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from roedtraad.access.scope import require
from roedtraad.citizens.models import Citizen
from roedtraad.core.history import change
from roedtraad.core.refusal import Refusal
from roedtraad.practice.access import is_own, require_write
from roedtraad.practice.models import Wish
from roedtraad.practice.services.common import Changed, write_once

if TYPE_CHECKING:
    from roedtraad.accounts.models import User

LONGEST_WISH = 4_000


@transaction.atomic
def record_wish(
    user: User,
    citizen: Citizen,
    *,
    text: str,
    words: str = Wish.Words.OWN,
    helped_by: str = "",
    what: str = Wish.What.WISH,
    follows: Wish | None = None,
    key: UUID | None = None,
) -> Wish:
    """Write a wish, or what became of the one it `follows`: a newer wish, come true, or let go.

    The citizen writes their own; those who work with the citizen write it down. Sent again under the same key it is
    answered, not doubled. Refusal for no words, for a helper who is not named, and (as `Changed`) when somebody
    else has followed the same wish meanwhile.
    """
    own = is_own(user, citizen)
    if own:
        require(user, "own.write")
    else:
        require_write(user, citizen)
    tidy, helper = text.strip(), " ".join(helped_by.split())
    if words not in Wish.Words.values:
        raise Refusal(_("Vælg, hvis ord det er."), "words")
    if what not in Wish.What.values:
        raise Refusal(_("Vælg, hvad der er sket med ønsket."), "what")
    if not tidy:
        raise Refusal(_("Skriv ønsket."), "text")
    if len(tidy) > LONGEST_WISH:
        raise Refusal(_("Ønsket må højst fylde %(most)s tegn.") % {"most": LONGEST_WISH}, "text")
    if words != Wish.Words.OWN and not helper:
        raise Refusal(_("Skriv, hvem der hjalp eller tolkede."), "helped_by")
    if what != Wish.What.WISH and follows is None:
        raise Refusal(_("Vælg det ønske, det handler om."), "follows")
    if follows is not None and follows.citizen_id != citizen.pk:
        raise Refusal(_("Ønsket hører til en anden borger."), "follows")
    with change(user, "ønske skrevet"):
        try:
            with transaction.atomic():
                wish, _new = write_once(
                    user,
                    Wish,
                    key,
                    citizen=citizen,
                    text=tidy,
                    words=words,
                    helped_by="" if words == Wish.Words.OWN else helper[:120],
                    what=what,
                    follows=follows,
                )
        except IntegrityError as error:
            newer = Wish.objects.filter(follows=follows).first() if follows else None
            if newer is None:
                raise
            sentence = _("Der er allerede skrevet videre på ønsket. Læs det nye, og skriv videre på det.")
            raise Changed(newer, sentence) from error
    return wish
