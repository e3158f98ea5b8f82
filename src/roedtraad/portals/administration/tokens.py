"""API keys: who has one, giving one, stopping one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from roedtraad.access.models import ApiToken
from roedtraad.access.services import revoke_token
from roedtraad.access.tokens import issue
from roedtraad.core.policy import requires
from roedtraad.design.toasts import toast
from roedtraad.portals.administration.forms import TokenForm
from roedtraad.portals.administration.requests import signed_in
from roedtraad.portals.queries.administrator import token_list


@requires("users.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys, and a form for a new one. The secret is shown on the answer to the form and never again."""
    form = TokenForm(request.POST or None)
    secret: str | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _token, secret = issue(
                given["username"], given["name"], given["scopes"], given["days"], issued_by=signed_in(request)
            )
            form = TokenForm()
        except ValueError as refusal:
            form.add_error(None, str(refusal))
    context = {"rows": token_list(), "form": form, "secret": secret}
    return render(request, "portals/administration/tokens.html", context, status=422 if form.errors else 200)


@requires("users.manage")
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a key."""
    revoke_token(get_object_or_404(ApiToken, pk=pk), revoked_by=signed_in(request), reason="tilbagekaldt")
    toast(request, _("Nøglen virker ikke længere."))
    return redirect("portals:tokens")
