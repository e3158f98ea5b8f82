"""What the login page says of the region's own login."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse

from roedtraad.accounts.federation.adapter import federation
from roedtraad.accounts.federation.configuration import OIDC, SAML

register = template.Library()
_NAMES = {OIDC: "openid_connect_login", SAML: "saml_login"}


@register.inclusion_tag("accounts/federation/buttons.html", takes_context=True)
def federated_login(context: template.Context) -> dict[str, Any]:
    """A button for each provider that is set up, which keeps where the visitor was going."""
    wanted = context.get("redirect_field_value")
    query = f"?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else ""
    return {"addresses": [reverse(_NAMES[name]) + query for name in federation().issuers]}
