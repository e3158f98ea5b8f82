"""The page that shows every component with made-up values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from roedtraad.core import clock
from roedtraad.core.policy import public
from roedtraad.design import charts
from roedtraad.design.steps import steps_chart

FIRST = dt.date(2017, 1, 1)
THEMES = ("light", "dark")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Navn"), help_text=gettext_lazy("Som det skal stå på listen."), max_length=60
    )
    start = forms.DateField(
        label=gettext_lazy("Fra dato"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Slags"), choices=[("a", gettext_lazy("Æble")), ("b", gettext_lazy("Birk"))]
    )
    note = forms.CharField(label=gettext_lazy("Bemærkning"), required=False, widget=forms.Textarea)
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Dele"),
        choices=[("1", gettext_lazy("Rod")), ("2", gettext_lazy("Stamme"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label=gettext_lazy("Vis også de visne"), required=False)


def _asked_day(request: HttpRequest, today: dt.date) -> dt.date:
    try:
        asked = parse_date(request.GET.get("dato", ""))
    except ValueError:
        asked = None
    return min(max(asked or today, FIRST), today)


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """Made-up values for every component, for the day and the theme that the address asks for."""
    today = clock.today()
    as_of = _asked_day(request, today)
    theme = request.GET.get("theme", "")
    months = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    rain = [52, 41, 44, 38, 49, 61, None, 74, 68, 80, 66, 58]
    snow = [30, 34, 20, 9, 2, 0, 0, 0, 1, 4, 12, 24]
    trees = [
        {"label": _("Bøg"), "value": 42, "url": "#bar"},
        {"label": _("Eg på den lange skråning mod vest"), "value": 31},
        {"label": _("Birk"), "value": 27, "marked": True},
        {"label": _("Ask"), "value": None},
        {"label": _("Rødgran"), "value": 55.5},
    ]
    heat = charts.heat_rows(
        [
            (_("Lysningen"), [0, 2, 4, 6, 8, 9, 3]),
            (_("Skrænten"), [1, 1, None, 3, 5, 7, 9]),
            (_("Mosen"), [9, 8, 6, 5, 3, 1, 0]),
        ],
        [_("man"), _("tir"), _("ons"), _("tor"), _("fre"), _("lør"), _("søn")],
    )
    tree = [
        {
            "label": _("Skoven"),
            "url": "#tree",
            "badge": 3,
            "children": [
                {"label": _("Lysningen"), "note": _("siden 2017"), "children": []},
                {
                    "label": _("Skrænten"),
                    "url": "#tree",
                    "children": [{"label": _("Kilden"), "children": []}],
                },
                {"label": _("Mosen"), "children": []},
            ],
        }
    ]
    tiles = [
        {"x": 1, "y": 0, "label": _("Nordvang"), "value": 12, "url": "#tiles"},
        {"x": 0, "y": 1, "label": _("Vesterskov"), "value": 7},
        {"x": 1, "y": 1, "label": _("Midterlund"), "value": 21, "url": "#tiles"},
        {"x": 2, "y": 1, "label": _("Østerbakken-Søkilde"), "value": None},
        {"x": 1, "y": 2, "label": _("Sønderhave"), "value": 16},
    ]
    neighbours = [
        {"key": "r", "name": _("Ræven"), "note": _("nabo"), "angle": 40, "distance": 0.3, "tier": 0}
        | {"before": (20, 0.7), "change": _("nærmere")},
        {"key": "u", "name": _("Uglen"), "angle": 120, "distance": 0.9, "tier": 2, "change": _("som før")},
        {"key": "e", "name": _("Egernet"), "angle": 300, "distance": 0.1, "tier": 1, "change": _("ny")},
    ]
    climb = steps_chart(
        [(_("Set fra jorden"), [(today - dt.timedelta(days=150), -1), (today - dt.timedelta(days=30), 1)])],
        [(-1, _("På jorden")), (0, _("På den nederste gren")), (1, _("I toppen"))],
        [(_("Øvet med nødder"), "", today - dt.timedelta(days=120), today - dt.timedelta(days=20))],
        first=today - dt.timedelta(days=180),
        last=today,
    )
    return {
        "theme": theme if theme in THEMES else "",
        "as_of": as_of,
        "is_past": as_of < today,
        "first": FIRST,
        "today": today,
        "steps": [(_("Skoven"), "#tree"), (_("Lysningen"), None), (_("Komponenter"), None)],
        "import_steps": [_("Vælg fil"), _("Se igennem"), _("Gem")],
        "months": months,
        "rain": rain,
        "series": [(_("Regn"), rain), (_("Sne"), snow)],
        "band": (40, 60),
        "trees": trees,
        "parts": [(_("Rod"), 1210), (_("Stamme"), 940), (_("Grene"), 480), (_("Blade"), 201)],
        "heat": heat,
        "weekdays": [_("man"), _("tir"), _("ons"), _("tor"), _("fre"), _("lør"), _("søn")],
        "tree": tree,
        "tiles": tiles,
        "neighbours": neighbours,
        "climb": climb,
        "places": [_("Lysningen"), _("Skrænten"), _("Mosen"), _("Kilden"), _("Den gamle allé")],
        "wild": [(_("I år"), [1, 2, 4, None, 0]), (_("Sidste år"), [1, 3, 2, 2, 0])],
        "wildness": [_("som en have"), _("lidt vildt"), _("vildt"), _("meget vildt"), _("urskov")],
        "sides": [_("Nord for åen"), _("Syd for åen"), _("På bakken")],
        "near": [_("ved hulen"), _("et lille stykke væk"), _("langt væk")],
        "kinds": [_("ses hver dag"), _("ses af og til"), _("ses sjældent")],
        "form": SampleForm(),
        "broken": SampleForm({"kind": "c"}, prefix="broken"),
    }


@public("Viser kun komponenter, ingen data")
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """All components in one place; `?theme=dark` shows them dark, `?dato=` tints the page as the past.

    404 in real use: whoever builds looks at it, and nobody else.
    """
    if not settings.EXAMPLE_DATA:
        raise Http404
    return render(request, "design/components.html", sample_context(request))
