"""From the login page to the provider's own window and back, in a real browser.

The server is the suite's own here: the demo of the other browser tests has no identity provider.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roedtraad.access.roles import Role
from roedtraad.accounts.federation import services
from roedtraad.accounts.federation.configuration import Federation, Oidc
from tests import factories as make
from tests.access.scene import Scene
from tests.accounts.federation.conftest import Issuer, running_issuer

from .conftest import PATIENCE, WIDE, launched
from .looking import barriers

SUBJECT = "323e4567-e89b-12d3-a456-426655440000"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    yield from running_issuer("--require-nonce", "--user", SUBJECT)


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with launched() as browser:
        context = browser.new_context(base_url=live_server.url, viewport=WIDE, locale="da-DK")
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()


@pytest.mark.django_db(transaction=True)
def test_a_leader_logs_in_with_the_regions_login(issuer: Issuer, page: Page, settings: Any) -> None:
    settings.FEDERATION = Federation(oidc=Oidc(issuer.url, "roedtraad", "hemmelig"))
    services.link(make.user_with(Role.LEADER, Scene().offer, "lis"), issuer.url, SUBJECT, reason="prøve")

    # Not sure enough: told why, and not in.
    issuer.knows(SUBJECT, acr="Low")
    page.goto("/konto/login/?next=/organisation/")
    assert not barriers(page)
    page.get_by_role("link", name="Log ind med regionens login").click()
    page.wait_for_url(lambda url: url.startswith(issuer.url))
    page.get_by_role("button", name=SUBJECT).click()
    expect(page.get_by_role("heading", name="Du kunne ikke logges ind")).to_be_visible()
    expect(page.get_by_text("sikringsniveau Lav")).to_be_visible()
    assert not barriers(page)

    # Back with the second factor: in, and on to the page that was wanted.
    issuer.knows(SUBJECT, acr="Substantial")
    page.goto("/konto/login/?next=/organisation/")
    page.get_by_role("link", name="Log ind med regionens login").click()
    page.wait_for_url(lambda url: url.startswith(issuer.url))
    page.get_by_role("button", name=SUBJECT).click()
    page.wait_for_url("**/organisation/")
    expect(page.get_by_text("Prøve leader").first).to_be_visible()
