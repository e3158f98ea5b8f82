"""Nødadgang from the worker at night to the leader's review, the administrator's sample and the citizen's own page."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Visit

REASON = "Borgeren sad alene ved busstoppet og kunne ikke sige, hvor hjemmet var"
PAGE = "/kapacitet/borgere/uden-for-din-enhed/"
RESULTS = "/noedadgange/"


def test_a_worker_opens_a_leader_reviews_and_the_citizen_reads_it(visit: Visit) -> None:
    # The citizen of the demo lives at Tangkær; the substitute works at Hinnerup Kollegiet.
    citizen = visit("borger", "/")
    first_name = citizen.get_by_role("heading", level=1).inner_text().removeprefix("Hej ")
    citizen.goto("/kapacitet/borgere/")
    row = citizen.locator("tbody tr").first
    last, first = row.locator("th a").inner_text().split(", ")
    address = row.locator("th a").get_attribute("href")
    day, month, year = row.locator("td").first.inner_text().split(".")
    assert first == first_name
    assert address

    worker = visit("vikar", "/kapacitet/borgere/")
    worker.get_by_label("Navn eller CPR-nummer").fill(last)
    worker.get_by_role("button", name="Søg", exact=True).click()
    assert worker.locator(f"main a[href='{address}']").count() == 0
    assert worker.goto(address).status == 404  # type: ignore[union-attr]  # the page answers
    worker.goto("/kapacitet/borgere/")
    worker.get_by_role("link", name="Åbn en borger uden for din enhed").click()
    expect(worker.get_by_role("heading", level=1)).to_have_text("Åbn en borger uden for din enhed")
    worker.get_by_label("Hele navnet").fill(f"{first} {last}")
    worker.get_by_label("Født").fill(f"{year}-{month}-{day}")
    worker.get_by_label("Hvorfor").fill("fordi")
    worker.get_by_role("button", name="Åbn borgeren").click()
    expect(worker.locator("main")).to_contain_text("mindst 20 tegn")
    worker.get_by_label("Hvorfor").fill(REASON)
    worker.get_by_role("button", name="Åbn borgeren").click()
    expect(worker.get_by_role("heading", level=1)).to_contain_text(last)
    assert worker.url.endswith(address)
    expect(worker.locator("main")).to_contain_text("Nødadgang til")
    expect(worker.locator("main")).to_contain_text("Din leder og borgeren kan se det.")
    expect(worker.locator("main, aside").filter(has_text="Særlige oplysninger").first).to_contain_text(
        "Skjult"
    )

    leader = visit("afdelingsleder", "/")
    expect(leader.locator("main")).to_contain_text("Nødadgange, der venter på dig")
    leader.get_by_role("link", name="Se dem efter").click()
    card = leader.locator("section.panel", has_text=REASON)
    expect(card).to_contain_text("Viggo Vikar Prøve")
    card.get_by_label("Bemærkning").fill("Talt med Viggo. Det var rigtigt at gøre.")
    card.get_by_role("button", name="I orden").click()
    expect(leader.locator("tbody tr", has_text=REASON)).to_contain_text("Talt med Viggo")

    admin = visit("admin", "/administration/opslag/")
    admin.get_by_label("Kun opslag i nødadgang").check()
    admin.get_by_role("button", name="Træk", exact=True).click()
    drawn = admin.locator("tbody tr[id^='opslag-']")
    expect(drawn.filter(has_text=REASON).first).to_be_visible()
    assert drawn.count() == drawn.filter(has_text="nødadgang").count()
    admin.goto(RESULTS)
    expect(admin.locator("tbody tr", has_text=REASON)).to_contain_text("i orden")

    citizen.goto("/hvem-har-set-mig/")
    line = citizen.locator("main li", has_text=REASON).first
    expect(line).to_contain_text("Viggo Vikar Prøve")
    expect(line).to_contain_text("nødadgang")


def test_the_citizen_reads_who_saw_what_and_filters(visit: Visit) -> None:
    page = visit("borger", "/hvem-har-set-mig/")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    names = page.locator("main li strong").all_inner_texts()
    assert names
    one = names[0]
    page.get_by_label("Vis", exact=True).select_option(label=one)
    page.get_by_role("button", name="Vis", exact=True).click()
    assert set(page.locator("main li strong").all_inner_texts()) == {one}
    # A relative has no such page.
    answer = visit.page("paaroerende").goto("/hvem-har-set-mig/")
    assert answer is not None
    assert answer.status == 403


def test_a_protected_citizen_is_there_for_the_named_only(visit: Visit) -> None:
    leader = visit("leder", "/kapacitet/borgere/?vis=alle")
    found = ""
    leader.goto("/kapacitet/borgere/")
    # The named leader protects one more, and sees the page change.
    link = leader.locator("tbody th a").first
    name, address = link.inner_text(), link.get_attribute("href")
    assert address
    link.click()
    if leader.get_by_role("link", name="Se eller ret beskyttelsen").count():
        leader.get_by_role("link", name="Se eller ret beskyttelsen").click()
    else:
        leader.get_by_role("link", name="Beskyt borgeren").click()
        leader.get_by_label("Hvorfor").fill("Borgeren er i familie med en medarbejder")
        leader.get_by_role("button", name="Beskyt borgeren").click()
        expect(leader.locator("main")).to_contain_text("Borgeren er beskyttet")
        leader.get_by_role("link", name="Se eller ret beskyttelsen").click()
    expect(leader.get_by_role("heading", level=1)).to_have_text("Borgeren er beskyttet")
    for other in ("tilsyn", "vikar"):
        answer = visit.page(other).goto(address)
        assert answer is not None
        assert answer.status == 404, other
        found += visit.page(other).locator("main").inner_text()
    assert name.split(", ")[0] not in found
    leader.get_by_role("button", name="Afslut nu").click()
    expect(leader.locator("body")).to_contain_text("Beskyttelsen slutter")
