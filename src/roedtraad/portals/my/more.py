"""The citizen's other pages: how am I, my network, about me, how I like to read, and the list of them all."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from roedtraad.access.scope import may
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.portals.my.pages import mine, page, user_of
from roedtraad.portals.queries.persons import about as about_of
from roedtraad.portals.queries.shared import network_shown
from roedtraad.voices import queries
from roedtraad.voices.models import MoodReading, ReadingChoice
from roedtraad.voices.services.own import choose_reading, say_mood

PACES = [(1, "1"), (2, "2"), (3, "3"), (5, "5"), (8, "8")]


class ReadingForm(forms.Form):
    """How one likes to read, and whether one switch moves through the page."""

    use_required_attribute = False

    level = forms.ChoiceField(
        label=gettext_lazy("Hvordan vil du læse"),
        choices=[
            (ReadingChoice.Level.PICTOGRAM.value, gettext_lazy("Billeder og ord")),
            (ReadingChoice.Level.PLAIN.value, gettext_lazy("Kun ord")),
            (ReadingChoice.Level.ALOUD.value, gettext_lazy("Få det læst højt")),
        ],
        widget=forms.RadioSelect,
    )
    scanning = forms.BooleanField(label=gettext_lazy("Jeg bruger én kontakt"), required=False)
    seconds = forms.TypedChoiceField(
        label=gettext_lazy("Sekunder ved hvert felt"),
        choices=PACES,
        coerce=int,
        widget=forms.RadioSelect,
    )


@requires("own.view")
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """Every page of one's own, as large tiles."""
    return page(request, "portals/my/more.html", {})


@requires("own.write")
@require_http_methods(["GET", "POST"])
def mood(request: HttpRequest) -> HttpResponse:
    """Five faces: how am I today? And how it has been."""
    citizen = mine(request, "mit humør")
    if request.method == "POST":
        typed = request.POST.get("mood", "")
        try:
            say_mood(user_of(request), citizen, int(typed) if typed in {"1", "2", "3", "4", "5"} else 0)
        except Refusal as refusal:
            toast(request, str(refusal))
        else:
            toast(request, _("Tak, fordi du siger det."))
        return redirect("portals:my-mood")
    said = queries.moods(citizen)
    context = {"faces": MoodReading.Mood.choices, "said": said, "now": said[0] if said else None}
    return page(request, "portals/my/mood.html", context)


@requires("own.view")
@require_GET
def network(request: HttpRequest) -> HttpResponse:
    """The people in one's life, as the latest map has them."""
    citizen = mine(request, "mit netværk")
    return page(request, "portals/my/network.html", {"citizen": citizen, "network": network_shown(citizen)})


@requires("own.view")
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Where one lives, and one's municipality."""
    citizen = mine(request, "om mig")
    return page(request, "portals/my/about.html", {"about": about_of(user_of(request), citizen)})


@requires("home.view")
@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest) -> HttpResponse:
    """How one likes to read: for citizens, and for relatives whose pages look the same."""
    user = user_of(request)
    chosen = queries.reading_of(user)
    initial = {"level": chosen.level, "scanning": chosen.scanning, "seconds": chosen.seconds}
    form = ReadingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_reading(user, **form.cleaned_data)
        toast(request, _("Det er gemt."))
        return redirect("portals:my-reading")
    back = reverse("portals:my-more") if may(user, "own.view") else reverse("home")
    context = {"form": form, "back": back}
    return page(request, "portals/my/reading.html", context, status=422 if form.errors else 200)
