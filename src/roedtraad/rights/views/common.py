"""What the pages about rights share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from roedtraad.accounts.models import User
from roedtraad.core.refusal import Refusal
from roedtraad.design.toasts import toast

Steps = list[tuple[str, str]]


def user_of(request: HttpRequest) -> User:
    """The visitor, whom the policy of these pages has let in."""
    return cast(User, request.user)


def at_requests(*here: tuple[str, str]) -> Steps:
    """The way to a page about access."""
    return [(_("Indsigt"), reverse("rights:requests")), *here]


def at_retention(*here: tuple[str, str]) -> Steps:
    """The way to a page about keeping."""
    return [(_("Opbevaring og sletning"), reverse("rights:retention")), *here]


def act(request: HttpRequest, doing: Callable[[], Any], said: str, where: str) -> HttpResponse:
    """Do what a button asks, say it or why not, and go back."""
    try:
        doing()
    except Refusal as refusal:
        toast(request, str(refusal))
    else:
        if said:
            toast(request, said)
    return redirect(where)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[], tuple[str, str]],
    *,
    steps: Steps,
    title: str,
    lead: str,
    button: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Show a form and save what is typed; `save` answers what to say and where to go. A refusal stands by its field."""
    if request.method == "POST" and form.is_valid():
        try:
            said, where = save()
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast(request, said)
            return redirect(where)
    context = {
        "form": form,
        "steps": [*steps, (title, "")],
        "title": title,
        "lead": lead,
        "button": button,
        "back": back,
        **more,
    }
    return render(request, "rights/form.html", context, status=422 if form.errors else 200)
