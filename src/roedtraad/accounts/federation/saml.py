"""Login by SAML 2.0 after OIOSAML 3, on top of allauth's provider and python3-saml."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.sessions import LoginSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from roedtraad.accounts.federation import rules
from roedtraad.accounts.federation.adapter import federation
from roedtraad.accounts.federation.assertions import Said, checked_document, read_assertion
from roedtraad.accounts.federation.configuration import Saml
from roedtraad.accounts.federation.models import UsedAssertion
from roedtraad.accounts.federation.privileges import Privilege
from roedtraad.accounts.federation.refused import not_trusted
from roedtraad.accounts.federation.rules import Identity, Level

# Seconds between the provider's answer and the browser's next step.
_HANDED_OVER = 300
_ASKED_FOR = (
    (rules.SPEC_VERSION, True),
    (rules.LEVEL, True),
    (rules.FULL_NAME, True),
    (rules.PERSISTENT_ID, False),
    (rules.CVR, False),
    (rules.ORGANISATION, False),
    (rules.PRIVILEGES, False),
)


class SamlProvider(SAMLProvider):
    """allauth's provider, named by the identity provider's entity id; the question is always ours and signed."""

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseBase:
        """Send the browser off. RelayState says nothing: where to go on to stays in the session."""
        question = OneLogin_Saml2_Auth(_request_data(request), settings_of(request))
        # Not empty: an empty one stands in the address but not in what is signed, and strict providers refuse that.
        address = question.login(return_to="roedtraad")
        self.stash_redirect_state(
            request, process, next_url, data, state_id=question.get_last_request_id(), **kwargs
        )
        return HttpResponseRedirect(address)


def _configured() -> Saml:
    saml = federation().saml
    if saml is None:
        raise not_trusted("not_configured")
    return saml


def provider(request: HttpRequest) -> SamlProvider:
    """The provider as allauth knows it. Refused when none is set up."""
    saml = _configured()
    return SamlProvider(
        request,
        app=SocialApp(
            provider=SamlProvider.id,
            provider_id=saml.idp_entity_id,
            client_id=saml.entity_id,
            name=saml.idp_entity_id,
        ),
    )


def settings_of(request: HttpRequest) -> dict[str, Any]:
    """What python3-saml is told: strict, assertions signed (and encrypted), SHA-256 or better, NSIS level asked for."""
    saml = _configured()
    certificates = list(saml.idp_certificates)
    return {
        "strict": True,
        "debug": False,
        "security": {
            "authnRequestsSigned": True,
            "wantAssertionsSigned": True,
            "wantAssertionsEncrypted": saml.encrypted,
            "wantMessagesSigned": False,
            "wantNameId": True,
            "wantAttributeStatement": True,
            "allowRepeatAttributeName": False,
            "rejectDeprecatedAlgorithm": True,
            "signatureAlgorithm": Names.RSA_SHA256,
            "digestAlgorithm": Names.SHA256,
            "requestedAuthnContext": [federation().least.uri],
            "requestedAuthnContextComparison": "minimum",
            "allowSingleLabelDomains": True,
        },
        "idp": {
            "entityId": saml.idp_entity_id,
            "singleSignOnService": {"url": saml.idp_login_url, "binding": Names.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": certificates, "encryption": certificates[:1]},
        },
        "sp": {
            "entityId": saml.entity_id,
            "assertionConsumerService": {"url": _address(request), "binding": Names.BINDING_HTTP_POST},
            "attributeConsumingService": {
                "serviceName": "Rødtråd",
                "requestedAttributes": [
                    {"name": name, "isRequired": required, "nameFormat": Names.ATTRNAME_FORMAT_URI}
                    for name, required in _ASKED_FOR
                ],
            },
            "NameIDFormat": Names.NAMEID_PERSISTENT,
            "x509cert": saml.certificate,
            "privateKey": saml.key,
        },
    }


def metadata(request: HttpRequest) -> str:
    """Our metadata, for the identity provider's operator."""
    made = OneLogin_Saml2_Settings(settings_of(request), sp_validation_only=True).get_sp_metadata()
    return made.decode() if isinstance(made, bytes) else str(made)


def begin(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the identity provider with a signed question, whose id its session keeps."""
    return provider(request).redirect(request, process="login", next_url=get_next_redirect_url(request))


def receive(request: HttpRequest) -> HttpResponseBase:
    """Check the answer that the identity provider let the browser post, and use it up.

    The post comes from another site, so the browser's session is not with it (SameSite). What the answer said waits
    under a cookie of its own until the browser has been sent on to `finish`, where the session is. Nothing is kept
    of an answer that does not hold.
    """
    saml = _configured()
    said = _checked(request, saml)
    identity = rules.from_oiosaml(said.attributes, said.name_id)
    _use_up(saml, said)
    response = HttpResponseRedirect(reverse("saml_finish_acs"))
    waiting = _waiting(request)
    waiting.store["said"] = {"identity": asdict(identity), "in_response_to": said.in_response_to}
    waiting.store.set_expiry(_HANDED_OVER)
    waiting.save(response)
    cookie = response.cookies[waiting.cookie_name]
    cookie["httponly"] = True
    # The library says `finish` alone; a name that begins with __Host- is kept for the whole host or not at all.
    cookie["path"] = "/"
    return response


def finish(request: HttpRequest) -> tuple[Identity, dict[str, Any]]:
    """Who was let in, and what this browser's session kept when it asked. Refused when it never asked this."""
    saml = _configured()
    waiting = _waiting(request)
    said = waiting.store.get("said")
    waiting.delete()
    if not said:
        raise not_trusted("nothing_waiting")
    if said["in_response_to"]:
        try:
            state = provider(request).unstash_redirect_state(request, said["in_response_to"])
        except PermissionDenied as error:
            raise not_trusted("in_response_to") from error
    elif saml.idp_initiated:
        state = {"process": "login"}
    else:
        raise not_trusted("in_response_to")
    return _identity(said["identity"]), state


def _checked(request: HttpRequest, saml: Saml) -> Said:
    """What the answer says. The signature is python3-saml's to check; the shape and the conditions are ours as well."""
    text = checked_document(request.POST.get("SAMLResponse", ""))
    try:
        answer = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(settings_of(request)), text)
        answer.is_valid(_request_data(request), raise_exceptions=True)
        document = answer.get_xml_document()
    # The library raises whatever it meets on its way through hostile XML; none of it lets anybody in.
    except Exception as error:
        raise not_trusted(_why(error)) from error
    return read_assertion(
        document,
        audience=saml.entity_id,
        recipient=_address(request),
        # Real time, whatever day the system is told to be on: the library looks at the same clock.
        now=dt.datetime.now(dt.UTC),
        unsolicited=saml.idp_initiated,
    )


def _why(error: Exception) -> str:
    """The library's name for what was wrong; its text may quote the answer."""
    code = getattr(error, "code", None)
    named = (
        name
        for kind in (OneLogin_Saml2_ValidationError, OneLogin_Saml2_Error)
        for name, value in vars(kind).items()
        if isinstance(error, kind) and name.isupper() and value == code
    )
    return f"saml_{next(named, type(error).__name__).lower()}"


@transaction.atomic
def _use_up(saml: Saml, said: Said) -> None:
    """An assertion counts once, whichever server process meets it first."""
    UsedAssertion.objects.filter(expires_at__lt=dt.datetime.now(dt.UTC)).delete()
    digest = hashlib.sha256(f"{saml.idp_entity_id}\0{said.id}".encode()).digest()
    _row, first = UsedAssertion.objects.get_or_create(digest=digest, defaults={"expires_at": said.ends})
    if not first:
        raise not_trusted("replay")


def _waiting(request: HttpRequest) -> LoginSession:
    return LoginSession(request, "saml_acs_session", settings.SAML_COOKIE_NAME)


def _identity(kept: dict[str, Any]) -> Identity:
    privileges = tuple(
        Privilege(one["name"], one["cvr"], tuple((name, value) for name, value in one["constraints"]))
        for one in kept["privileges"]
    )
    return Identity(**{**kept, "level": Level(kept["level"]), "privileges": privileges})


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("saml_acs"))


def _request_data(request: HttpRequest) -> dict[str, Any]:
    return {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": request.META.get("SCRIPT_NAME", ""),
        "path_info": request.path_info,
        "get_data": {},
        "post_data": {},
    }
