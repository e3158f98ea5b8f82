"""Users and their grants."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from ninja.errors import HttpError

from roedtraad.access import services
from roedtraad.access.history import history_of
from roedtraad.access.lookups import record
from roedtraad.access.models import Grant
from roedtraad.access.roles import Role
from roedtraad.access.scope import role_label
from roedtraad.accounts.models import User
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.portals.administration.forms import (
    AccountForm,
    EndGrantForm,
    GrantForm,
    ReasonForm,
    RoleForm,
    UserSearchForm,
)
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.administrator import grant_rows, grants_of_user, user_list

TEMPLATES = "portals/administration"


@requires("users.manage")
@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    """What an administrator can do."""
    return render(request, f"{TEMPLATES}/overview.html")


@requires("users.manage")
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """Accounts by username, 50 a page."""
    asked = {"state": "active", **request.GET.dict()}
    form = UserSearchForm(asked)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "role": "", "state": "active"}
    try:
        rows, cursor = user_list(chosen["q"], chosen["role"], chosen["state"], request.GET.get("after"))
    except HttpError as error:
        raise BadRequest(str(error)) from error
    return render(
        request, f"{TEMPLATES}/users.html", {"form": form, "rows": rows, "next_url": _next(request, cursor)}
    )


@requires("users.manage")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def user_create(request: HttpRequest) -> HttpResponse:
    """Make an account. The first password is shown on the answer to the form and never again."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, password = services.create_account(
                form.cleaned_data["username"],
                form.cleaned_data["full_name"],
                created_by=signed_in(request),
                reason=form.cleaned_data["reason"],
            )
        except ValueError as refusal:
            form.add_error("username", str(refusal))
        else:
            return render(
                request, f"{TEMPLATES}/first_password.html", {"account": made, "password": password}
            )
    return render(
        request, f"{TEMPLATES}/user_create.html", {"form": form}, status=422 if form.errors else 200
    )


@requires("users.manage")
@require_GET
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its grants, and what happened to it."""
    return _user_page(request, get_object_or_404(User, pk=pk))


def _user_page(request: HttpRequest, account: User, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "account": account,
        "grants": grants_of_user(account),
        "role_form": RoleForm(),
        "reason_form": forms.get("reason_form", ReasonForm()),
        "changes": history_of(account, limit=20),
    }
    return render(request, f"{TEMPLATES}/user.html", context, status=status)


@requires("users.manage")
@require_http_methods(["GET", "POST"])
def grant_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role: `?role=` was chosen on the user's page, and decides what the form asks for."""
    account = get_object_or_404(User, pk=pk)
    try:
        role = Role(request.GET.get("role", ""))
    except ValueError:
        return redirect("portals:user", pk=pk)
    form = GrantForm(role, request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, given = signed_in(request), form.cleaned_data
        if form.kind == "citizen":
            record(by, [form.scope.pk], "adgang til borger", action="users.manage")
        try:
            services.grant_role(
                account,
                role,
                form.scope,
                start=given["start"],
                last=given["last"],
                granted_by=by,
                reason=given["reason"],
            )
        except ValueError as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(
                request, _("%(who)s har fået rollen %(role)s.") % {"who": account, "role": role_label(role)}
            )
            return redirect("portals:user", pk=pk)
    context = {"account": account, "role_label": role_label(role), "form": form}
    return render(request, f"{TEMPLATES}/grant_give.html", context, status=422 if form.errors else 200)


@requires("users.manage")
@require_http_methods(["GET", "POST"])
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant after a day."""
    grant = get_object_or_404(Grant.objects.select_related("user", "granted_by"), pk=pk)
    form = EndGrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_grant(
                grant,
                form.cleaned_data["last"],
                reason=form.cleaned_data["reason"],
                ended_by=signed_in(request),
            )
        except ValueError as refusal:
            form.add_error("last", str(refusal))
        else:
            toast(request, _("Adgangen slutter."))
            return redirect("portals:user", pk=grant.user_id)
    context = {"row": grant_rows([grant])[0], "form": form, "changes": history_of(grant, limit=20)}
    return render(request, f"{TEMPLATES}/grant_end.html", context, status=422 if form.errors else 200)


@requires("users.manage")
@never_cache
@require_POST
def user_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, shown once."""
    account = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _user_page(request, account, 422, reason_form=form)
    password = services.renew_password(
        account, renewed_by=signed_in(request), reason=form.cleaned_data["reason"]
    )
    return render(request, f"{TEMPLATES}/first_password.html", {"account": account, "password": password})


@requires("users.manage")
@require_POST
def user_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away what was lost: the app, the passkeys and the recovery codes of an account."""
    account = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _user_page(request, account, 422, reason_form=form)
    try:
        services.reset_second_factor(account, reset_by=signed_in(request), reason=form.cleaned_data["reason"])
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return _user_page(request, account, 422, reason_form=form)
    toast(request, _("Den anden faktor er fjernet. Kontoen er logget ud alle steder."))
    return redirect("portals:user", pk=pk)


@requires("users.manage")
@require_POST
def user_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an open account, open a closed one."""
    account = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _user_page(request, account, 422, reason_form=form)
    by, reason = signed_in(request), form.cleaned_data["reason"]
    try:
        if request.POST.get("state") == "open":
            services.open_account(account, opened_by=by, reason=reason)
            toast(request, _("Kontoen er åben igen."))
        else:
            services.close_account(account, closed_by=by, reason=reason)
            toast(request, _("Kontoen er lukket."))
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return _user_page(request, account, 422, reason_form=form)
    return redirect("portals:user", pk=pk)


def _next(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    kept = request.GET.copy()
    kept["after"] = cursor
    return f"?{kept.urlencode()}"
