"""The synthetic region in the database hits what the documents state, breaks nothing and is made once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pghistory
import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import connection
from django.db.models import Count, F, Q, Sum

from roedtraad.access import rows, seals
from roedtraad.access.emergencies import waiting_for
from roedtraad.access.models import ApiToken, Grant, LookupLog
from roedtraad.access.roles import SCOPE, Role
from roedtraad.access.scope import may, reach
from roedtraad.access.tokens import digest_of
from roedtraad.access.visibility import visible_q
from roedtraad.accounts.models import User
from roedtraad.citizens.models import (
    Citizen,
    Consent,
    MunicipalityRelation,
    Protection,
    Relation,
    SensitiveFact,
)
from roedtraad.citizens.queries import special_fields
from roedtraad.core.clock import COPENHAGEN
from roedtraad.core.cpr import is_test_number, parse_cpr
from roedtraad.core.encrypted import blind_index, decrypt
from roedtraad.demo import distributions as d
from roedtraad.demo import facts, users
from roedtraad.demo.models import DemoWorld
from roedtraad.demo.world import DemoRefusedError, Summary, make_world
from roedtraad.journeys.models import OccupancyMonth, Stay
from roedtraad.journeys.queries.people import unique_citizens
from roedtraad.journeys.queries.turnover import turnover_by_region
from roedtraad.organisation.models import AgreedPlaces, Place, PlaceTerm
from roedtraad.people.models import Position
from roedtraad.portals.demo_users import demo_users
from roedtraad.portals.queries.movers import movers
from roedtraad.practice import compass
from roedtraad.practice.models import Effort, Goal, Note, StatusReport, Task, TaskCitizen
from roedtraad.practice.occurrences import on_day
from roedtraad.practice.queries import reports
from roedtraad.practice.queries.delivered import with_delivered
from roedtraad.practice.queries.report_inputs import thread_of
from roedtraad.practice.queries.thread import thread
from roedtraad.practice.rules.tasks import occurrence_key
from roedtraad.voices.models import Message, MoodReading
from tests.demo_world import TOKEN

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo_world")]

COUNTED = facts.COUNTED_ON
YEARS = range(d.WORLD_START.year, d.CUT_DAY.year + 1)


def terms_on(day: dt.date, category: str) -> int:
    return PlaceTerm.objects.filter(valid__contains=day, place__category=category).count()


def agreed_on(day: dt.date, category: str) -> int:
    found = AgreedPlaces.objects.filter(valid__contains=day, category=category).aggregate(n=Sum("places"))
    return int(found["n"] or 0)


@pytest.mark.parametrize("category", [d.RESIDENTIAL, d.DAY])
@pytest.mark.parametrize("day", [d.OLD_START, COUNTED])
def test_places_and_agreements_are_as_stated(day: dt.date, category: str) -> None:
    stated = facts.agreed(day.year, category)
    assert terms_on(day, category) == stated
    assert agreed_on(day, category) == stated


@pytest.mark.parametrize("age_group", [d.CHILD, d.ADULT])
def test_residential_places_by_age_are_as_stated_through_2019_and_on_the_counting_day(age_group: str) -> None:
    stated, _ = facts.residential_places(age_group)
    days = [dt.date(2019, month, 1) for month in range(1, 13)] + [dt.date(2019, 12, 31), COUNTED]
    for day in days:
        found = PlaceTerm.objects.filter(
            valid__contains=day, place__category=d.RESIDENTIAL, age_group=age_group
        )
        assert found.count() == stated


@pytest.mark.parametrize("category", [d.RESIDENTIAL, d.DAY])
def test_as_many_different_citizens_as_stated(category: str) -> None:
    year, stated = facts.unique_citizens(category)
    assert unique_citizens(dt.date(year, 1, 1), dt.date(year, 12, 31), category) == stated


def test_full_time_posts_by_category_are_as_stated() -> None:
    found = Position.objects.filter(valid__contains=COUNTED).values_list("category").annotate(fte=Sum("fte"))
    assert dict(found) == {category: Decimal(fte) for category, fte in facts.staff().items()}


@pytest.mark.parametrize("year", YEARS)
def test_about_a_quarter_of_turnover_comes_from_outside_the_region(year: int) -> None:
    outside = turnover_by_region(year).outside_percent
    assert outside is not None
    assert 22 <= outside <= 28


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("category", [d.RESIDENTIAL, d.DAY])
def test_occupancy_lies_between_93_and_99_percent(year: int, category: str) -> None:
    first, after = (
        dt.date(year, 1, 1),
        min(dt.date(year + 1, 1, 1), dt.date(d.CUT_DAY.year, d.CUT_DAY.month, 1)),
    )
    used = OccupancyMonth.objects.filter(category=category, month__gte=first, month__lt=after)
    agreed = AgreedPlaces.objects.filter(category=category, valid__contains=first).aggregate(n=Sum("places"))[
        "n"
    ]
    percent = 100 * used.aggregate(n=Sum("bed_days"))["n"] / (agreed * (after - first).days)
    assert 93 <= percent <= 99


def test_occupancy_differs_between_units() -> None:
    used = dict(
        OccupancyMonth.objects.filter(category=d.RESIDENTIAL, month__year=2025)
        .values_list("unit")
        .annotate(n=Sum("bed_days"))
    )
    agreed = dict(
        AgreedPlaces.objects.filter(category=d.RESIDENTIAL, valid__contains=dt.date(2025, 1, 1)).values_list(
            "unit", "places"
        )
    )
    percents = [100 * days / (365 * agreed[unit]) for unit, days in used.items()]
    assert max(percents) - min(percents) > 5


def test_there_are_overdue_stays_bookings_ahead_and_free_places() -> None:
    open_stays = Stay.objects.filter(actual_start__isnull=False, actual_end__isnull=True)
    assert 3 <= open_stays.filter(ordered_end__lt=d.CUT_DAY).count() <= 40
    assert Stay.objects.filter(actual_start__isnull=True, ordered_start__gt=d.CUT_DAY).count() >= 10
    for year in YEARS:
        day = dt.date(year, 7, 1)
        free = (
            terms_on(day, d.RESIDENTIAL)
            - Stay.objects.filter(actual__contains=day, place__category=d.RESIDENTIAL).count()
        )
        assert free > 0


def test_secure_stays_are_short_and_housing_is_long() -> None:
    def mean_days(code: str) -> float:
        ended = Stay.objects.filter(
            actual_end__isnull=False, actual_start__gt=d.CHILD_LAW, place__terms__legal_basis__code=code
        ).annotate(days=F("actual_end") - F("actual_start"))
        lengths = [stay.days.days for stay in ended]
        return sum(lengths) / len(lengths)

    assert mean_days("BL62") < 150
    open_homes = Stay.objects.filter(actual_end__isnull=True, place__terms__legal_basis__code="SEL108")
    assert open_homes.filter(actual_start=d.WORLD_START).count() > open_homes.count() / 4


def test_ikh_has_day_places_only() -> None:
    categories = Place.objects.filter(terms__unit__key="ikh", terms__valid__contains=COUNTED).values_list(
        "category"
    )
    assert {category for (category,) in categories} == {d.DAY}


def test_every_cpr_number_is_a_test_number_and_found_by_its_index() -> None:
    for citizen in Citizen.objects.exclude(cpr__isnull=True).order_by("pk"):
        number = parse_cpr(citizen.cpr or "")
        assert is_test_number(number)
        assert number.birth_date == citizen.birth_date
        assert bytes(citizen.cpr_index or b"") == blind_index(number.number, "cpr")


def test_addresses_lie_encrypted_and_are_read_back() -> None:
    context = "citizens_citizen.address"
    for table, key in (("citizens_citizen", "id"), ("citizens_citizenevent", "pgh_obj_id")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key}, address FROM {table}")
            stored = {number: decrypt(bytes(value), context) for number, value in cursor.fetchall()}
        assert stored == dict(Citizen.objects.values_list("pk", "address"))
        assert all(stored.values())


def test_the_summary_tells_how_many_citizens_have_no_number(demo_world: Summary) -> None:
    assert demo_world.made
    without = Citizen.objects.filter(cpr__isnull=True).count()
    assert demo_world.figures["without_cpr"] == without > 0
    assert any(str(without) in line for line in demo_world.lines())
    assert demo_world.figures["citizens"] == Citizen.objects.count()
    assert demo_world.figures["stays"] == Stay.objects.count()


def test_about_one_in_twenty_five_has_address_protection() -> None:
    found = Citizen.objects.aggregate(part=Count("pk", filter=Q(address_protected=True)), whole=Count("pk"))
    assert 0.02 <= found["part"] / found["whole"] <= 0.06


def test_every_citizen_has_all_three_municipalities_on_the_first_day_of_the_first_stay() -> None:
    first = {}
    for citizen, start in Stay.objects.order_by("-ordered_start").values_list("citizen", "ordered_start"):
        first[citizen] = start
    kinds: dict[int, set[str]] = {}
    for relation in MunicipalityRelation.objects.all():
        if relation.valid.lower <= first[relation.citizen_id]:
            kinds.setdefault(relation.citizen_id, set()).add(relation.kind)
    assert set(kinds) == set(first)
    assert all(found == {"acting", "paying", "residence"} for found in kinds.values())


def test_the_house_own_checks_find_nothing_wrong() -> None:
    from roedtraad.journeys.checks import CHECKS

    assert {check.name: check.find() for check in CHECKS if check.find()} == {}


def test_history_knows_every_row_and_why() -> None:
    for label in ("journeys.Stay", "citizens.Citizen", "people.Position", "organisation.PlaceTerm"):
        model = apps.get_model(label)
        events = apps.get_model(f"{label}Event")
        assert events.objects.count() == model.objects.count()
        reasons = {
            event.pgh_context.metadata["reason"]
            for event in events.objects.select_related("pgh_context")[:50]
        }
        assert reasons == {"eksempeldata"}
    assert pghistory.models.Context.objects.count() < 200


def test_each_role_has_a_user_who_can_log_in_and_reaches_something() -> None:
    for planned in users.USERS:
        user = authenticate(username=planned.username, password=users.PASSWORD)
        assert user is not None, planned.username
        grants = Grant.objects.in_force().filter(user=user)
        assert [grant.role for grant in grants] == [planned.role.value]
        assert getattr(grants[0], f"{SCOPE[planned.role]}_id") is not None
        assert may(user, "home.view")
    assert {planned.role for planned in users.USERS} == set(Role)


def test_those_who_see_citizens_see_some() -> None:
    for username in (
        "leder",
        "afdelingsleder",
        "medarbejder",
        "viborg",
        "aarhus",
        "tilsyn",
        "borger",
        "paaroerende",
    ):
        seen = Citizen.objects.visible_to(User.objects.get(username=username)).count()
        assert seen > 0, username
    assert Citizen.objects.visible_to(User.objects.get(username="borger")).count() == 1


def test_the_citizen_lives_where_the_support_worker_works() -> None:
    citizen = Citizen.objects.visible_to(User.objects.get(username="borger")).get()
    assert citizen in Citizen.objects.visible_to(User.objects.get(username="medarbejder"))


def test_an_inspection_ends() -> None:
    assert Grant.objects.get(user__username="tilsyn").valid.upper is not None


def test_the_fixed_token_is_in_force_and_reaches_the_region(demo_world: Summary) -> None:
    assert demo_world.token == TOKEN
    token = ApiToken.objects.get(digest=digest_of(TOKEN))
    assert token.scopes == ["*"]
    for action in (
        "organisation.view",
        "capacity.view",
        "maalbillede.view",
        "scenario.view",
        "staffing.view",
    ):
        units = reach(token.user, action).all_units
        assert set(PlaceTerm.objects.values_list("unit", flat=True)) <= units, action


def test_there_is_something_to_protect_and_to_look_at() -> None:
    hidden = Protection.objects.get().citizen
    leader, inside = User.objects.get(username="leder"), User.objects.get(username="vikar")
    assert hidden in Citizen.objects.visible_to(leader)
    assert hidden not in Citizen.objects.visible_to(inside)
    assert waiting_for(leader).count() == waiting_for(User.objects.get(username="admin")).count() == 1
    assert not waiting_for(User.objects.get(username="medarbejder")).exists()
    worker, own = User.objects.get(username="medarbejder"), User.objects.get(username="borger")
    for fact in SensitiveFact.objects.all():
        assert fact.text
        assert special_fields(worker, fact.citizen)
    assert any(special_fields(own, fact.citizen) for fact in SensitiveFact.objects.all())
    assert "Viggo Vikar Prøve" in [line.who for line in movers(leader).stopped]
    assert seals.ChainHolds().find() == []


def test_there_are_some_weeks_of_look_ups() -> None:
    assert LookupLog.objects.filter(emergency__isnull=True).count() == d.LOOKUPS
    assert not LookupLog.objects.filter(at__date__gt=d.CUT_DAY).exists()
    assert LookupLog.objects.values("user").distinct().count() >= 4


def test_the_colleagues_write_and_cannot_log_in() -> None:
    colleagues = User.objects.filter(username__startswith="kollega-")
    assert colleagues.count() > 100
    assert not any(user.has_usable_password() is not False for user in colleagues[:20])
    assert set(Note.objects.values_list("written_by__username", flat=True)) <= {
        "medarbejder",
        *colleagues.values_list("username", flat=True),
    }


def test_there_are_status_reports_and_they_say_what_the_records_say() -> None:
    """Few, as few citizens of the suite's world have a record; the whole demo is read in tests/e2e."""
    approved = StatusReport.objects.filter(state="approved").select_related("citizen", "supersedes")
    assert len(approved) >= 5
    assert all(reports.is_intact(report) for report in approved)
    assert all(report.edition == 1 or report.supersedes for report in approved)
    for name in ("viborg", "aarhus"):
        caseworker = User.objects.get(username=name)
        assert reports.unread_count(caseworker) <= reports.municipal_list(caseworker).count()
    own = Citizen.objects.visible_to(User.objects.get(username="borger")).get()
    assert reports.own_reports(own)
    shown = approved.filter(edition=1).order_by("pk")[0]
    assert reports.inputs_of(shown) == thread_of(shown.citizen, shown.first_day, shown.last_day)


def test_the_login_list_names_the_demos_own_users_only(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.MODE", "demo")
    listed = {user.username for _, some in demo_users() for user in some}
    assert listed == {user.username for user in users.USERS}


def test_the_support_worker_reads_the_records_at_work_and_no_others() -> None:
    worker = User.objects.get(username="medarbejder")
    own = Citizen.objects.visible_to(User.objects.get(username="borger")).get()
    at_work = set(
        Citizen.objects.filter(visible_q("citizens.Citizen", worker, "record.view")).values_list(
            "pk", flat=True
        )
    )
    elsewhere = Note.objects.exclude(citizen__in=at_work).count()
    everything = Note.objects.count()
    assert elsewhere and everything > elsewhere
    with rows.as_user(worker):
        assert Note.objects.count() == everything - elsewhere
        seen = thread(own)
    assert seen.goals >= 3 and seen.delivered > 0
    assert Message.objects.exists() and MoodReading.objects.filter(citizen=own).exists()
    with rows.as_user(User.objects.get(username="paaroerende")):
        assert set(Message.objects.values_list("side", flat=True)) == {"relative", "staff"}
    with rows.as_user(User.objects.get(username="borger")):
        assert set(Message.objects.values_list("side", flat=True)) == {"citizen", "staff"}
        shared = Note.objects.filter(citizen=own)
        assert 0 < shared.count() < everything
        assert all(note.shared_with_citizen for note in shared)
        assert Goal.objects.exclude(citizen=own).count() == 0


def test_the_relative_has_a_relation_and_consents() -> None:
    relative = User.objects.get(username="paaroerende")
    relation = Relation.objects.get(user=relative)
    assert relation.citizen == Citizen.objects.visible_to(relative).get()
    assert relation.name == relative.full_name and relation.chosen_by_citizen
    scopes = {scope for consent in relation.consents.filter(withdrawn_at=None) for scope in consent.scopes}
    assert {"goals", "notes", "calendar", "messages"} <= scopes
    assert Note.objects.filter(citizen=relation.citizen, shared_with_relatives=True).exists()


def test_delivered_minutes_are_those_of_the_tasks() -> None:
    first = d.CUT_DAY - dt.timedelta(days=27)
    efforts = with_delivered(Effort.objects.all(), first, d.CUT_DAY)
    told = sum((effort.delivered for effort in efforts if effort.delivered), dt.timedelta())
    counted = sum(
        (
            part.task.ended_at - part.task.started_at
            for part in TaskCitizen.objects.select_related("task").filter(
                task__ended_at__isnull=False, task__started_at__date__gte=first
            )
        ),
        dt.timedelta(),
    )
    assert told == counted > dt.timedelta(hours=100)
    assert TaskCitizen.objects.values("task").annotate(n=Count("pk")).filter(n__gt=1).exists()


def test_a_task_that_was_done_is_its_series_own_time() -> None:
    for task in Task.objects.select_related("series").order_by("?")[:50]:
        assert task.series is not None
        assert task.key == occurrence_key(task.series.key, task.due_at)
        assert task.due_at in on_day(task.series, task.due_at.astimezone(COPENHAGEN).date())


def test_goals_point_at_the_plan_and_at_themes() -> None:
    known = {mark.key for mark in compass.pejlemaerker()}
    for goal in Goal.objects.filter(parent=None).prefetch_related("goal_themes"):
        assert goal.pejlemaerke in known
        assert [theme.rank for theme in goal.goal_themes.all()].count(1) == 1


def test_a_corrected_note_keeps_what_stood_there_before() -> None:
    corrected = Note.objects.filter(corrected_at__isnull=False)
    assert corrected.exists() and Note.objects.filter(withdrawn_at__isnull=False).exists()
    history = apps.get_model("practice.NoteEvent")
    for note in corrected[:10]:
        before, after = history.objects.filter(pgh_obj_id=note.pk).order_by("pgh_id")
        assert after.text == note.text and note.text.startswith(before.text)
        assert (before.version, after.version) == (1, note.version) == (1, 2)


def test_the_figures_tell_the_rows(demo_world: Summary) -> None:
    for name, model in (("notes", Note), ("tasks", Task), ("efforts", Effort), ("consents", Consent)):
        assert demo_world.figures[name] == model.objects.count() > 0, name
    assert any("notater" in line for line in demo_world.lines())


def test_a_second_run_changes_nothing_and_is_quick(demo_world: Summary) -> None:
    before = _fingerprint()
    again = make_world(scale="region", say=lambda _line: None)
    assert not again.made
    assert again.figures == demo_world.figures
    assert _fingerprint() == before


def _fingerprint() -> dict[str, object]:
    """How many rows each table has, and the last number of the history."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy or not model._meta.managed:
                continue
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_the_world_on_the_demo_day_is_told_apart_from_another(demo_world: Summary) -> None:
    with pytest.raises(DemoRefusedError, match="region"):
        make_world(scale="national", say=lambda _line: None)
    with pytest.raises(DemoRefusedError, match=str(demo_world.seed)):
        make_world(scale="region", seed=demo_world.seed + 1, say=lambda _line: None)


def test_a_world_of_another_version_is_told_and_left(demo_world: Summary) -> None:
    DemoWorld.objects.update(version=1)
    told: list[str] = []
    assert not make_world(scale="region", say=told.append).made
    assert any("anden udgave" in line for line in told)


def test_a_database_with_other_citizens_is_refused() -> None:
    DemoWorld.objects.all().delete()
    count = Citizen.objects.count()
    with pytest.raises(DemoRefusedError, match="borgere"):
        make_world(scale="region", say=lambda _line: None)
    assert Citizen.objects.count() == count
