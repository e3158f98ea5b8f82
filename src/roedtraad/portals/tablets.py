"""Shared tablets of one's units: which there are, making this browser one, and ending that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access import tablets as access
from roedtraad.access.scope import reach
from roedtraad.accounts.tablets import services
from roedtraad.accounts.tablets.queries import tablets_of
from roedtraad.core.policy import requires
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast
from roedtraad.organisation.tree import Tree, tree
from roedtraad.portals.administration.requests import signed_in


class TabletForm(forms.Form):
    """What the tablet is called and whose it is."""

    name = forms.CharField(
        label=gettext_lazy("Navn"), max_length=60, help_text=gettext_lazy("For eksempel: Tablet, Hus 2")
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("Enhed"), coerce=int)

    def __init__(self, data: Any, *, units: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["unit"].choices = [("", _("Vælg en enhed")), *units]  # type: ignore[attr-defined]  # a choice field


@requires("tablet.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def tablets(request: HttpRequest) -> HttpResponse:
    """The tablets of one's units, and a form that makes this browser one."""
    user = signed_in(request)
    units = reach(user, "tablet.manage").all_units
    known = tree()
    form = TabletForm(request.POST or None, units=_choices(known, units))
    here = services.tablet_of(request)
    if request.method == "POST" and here is None and form.is_valid():
        given = form.cleaned_data
        try:
            tablet, token = access.enrol(user, given["unit"], given["name"])
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast(
                request, _("Browseren er nu »%(name)s«. Log ud, når du går fra den.") % {"name": tablet.name}
            )
            answer = redirect("portals:tablets")
            services.give_cookie(answer, token)
            return answer
    rows = [
        (row, known.by_id[row.unit_id].name if row.unit_id in known.by_id else "")
        for row in tablets_of(units, here)
    ]
    context = {"rows": rows, "form": form, "here": here}
    return render(request, "portals/tablets.html", context, status=422 if request.method == "POST" else 200)


@requires("tablet.manage")
@require_POST
def tablet_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """It is no shared tablet any more, wherever it is."""
    try:
        tablet = access.revoke(signed_in(request), pk)
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("»%(name)s« er afmeldt.") % {"name": tablet.name})
    return redirect("portals:tablets")


def _choices(known: Tree, units: frozenset[int]) -> list[tuple[int, str]]:
    """The units in reach, as the tree is."""
    return [(node.id, node.name) for root in known.roots for node in root.walk() if node.id in units]
