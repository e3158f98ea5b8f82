"""Mine ønsker: read them, write a new one with words, sound or a picture, and say what came of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.citizens.models import Citizen
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.my.pages import mine, page, user_of
from roedtraad.portals.queries.my_side import wish_cards
from roedtraad.practice.models import Attachment, Wish
from roedtraad.practice.queries.goals import wishes_now
from roedtraad.practice.services.wishes import LONGEST_WISH, record_wish
from roedtraad.voices.services.own import attach_to_wish

PART = "mine ønsker"


class OwnWishForm(forms.Form):
    """A wish in one's own words; or with a picture or sound, when words are hard."""

    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("Mit ønske"),
        max_length=LONGEST_WISH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    sound = forms.FileField(
        label=gettext_lazy("Sig det højt"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Vis et billede"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def words(self) -> str:
        """The wish's words; where only sound or a picture was sent, words that say so."""
        typed: dict[str, Any] = self.cleaned_data
        text = str(typed["text"]).strip()
        if text or not (typed.get("sound") or typed.get("picture")):
            return text
        return _("Mit ønske er en optagelse.") if typed.get("sound") else _("Mit ønske er et billede.")


@requires("own.view")
@require_GET
def wishes(request: HttpRequest) -> HttpResponse:
    """The citizen's wishes, and what became of those before."""
    now, before = wish_cards(mine(request, PART))
    return page(request, "portals/my/wishes.html", {"now": now, "before": before})


@requires("own.write")
@require_http_methods(["GET", "POST"])
def new_wish(request: HttpRequest) -> HttpResponse:
    """Write, say or show a wish; with `?efter=` one that takes the place of an earlier wish."""
    citizen = mine(request, PART)
    earlier = _wish(citizen, request.GET.get("efter", ""))
    form = OwnWishForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                wish = record_wish(user_of(request), citizen, text=form.words(), follows=earlier)
                for name in ("sound", "picture"):
                    if form.cleaned_data.get(name):
                        attach_to_wish(user_of(request), wish, **{name: form.cleaned_data[name]})
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "text", str(refusal))
        else:
            toast(request, _("Dit ønske er gemt."))
            return redirect("portals:my-wishes")
    context = {"form": form, "earlier": earlier}
    return page(request, "portals/my/wish_new.html", context, status=422 if form.errors else 200)


@requires("own.write")
@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest, key: UUID) -> HttpResponse:
    """One wish: has it come true, is it no longer wished for, or is it something else now?"""
    citizen = mine(request, PART)
    found = get_object_or_404(wishes_now(citizen), key=key)
    if request.method == "POST":
        what = request.POST.get("what", "")
        try:
            record_wish(user_of(request), citizen, text=found.text, what=what, follows=found)
        except Refusal as refusal:
            toast(request, str(refusal))
            return redirect("portals:my-wish", key=key)
        fulfilled = what == Wish.What.FULFILLED
        toast(request, _("Hvor er det godt.") if fulfilled else _("Det er skrevet."))
        return redirect("portals:my-wishes")
    return page(request, "portals/my/wish.html", {"wish": found})


@requires("own.view")
@require_GET
def attached(request: HttpRequest, key: UUID) -> HttpResponse:
    """A picture or sound of one of the citizen's own wishes."""
    citizen = mine(request, PART)
    found = get_object_or_404(Attachment, citizen=citizen, wish__isnull=False, key=key)
    return file_answer(found)


def file_answer(found: Attachment) -> HttpResponse:
    """A picture or sound as what it is and nothing else."""
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    answer["Content-Disposition"] = "inline"
    return answer


def _wish(citizen: Citizen, key: str) -> Wish | None:
    if not key:
        return None
    try:
        known = UUID(key)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(wishes_now(citizen), key=known)
