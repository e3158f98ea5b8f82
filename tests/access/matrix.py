"""Every address and every API operation, called as every role and as nobody: what came of it, as a table.

`python -m tests.access.matrix` is not needed: set ROEDTRAAD_MATRIX=write and run `tests/access/test_access_matrix.py`
to write `tests/access_matrix.md` anew after a change that is meant; read the difference before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from roedtraad.access.models import ApiToken, EmergencyAccess, Grant, LookupLog
from roedtraad.access.tokens import WRITES, issue
from roedtraad.accounts.models import User
from roedtraad.citizens.models import (
    Citizen,
    Consent,
    ContactPerson,
    Guardianship,
    NetworkPerson,
    Relation,
    SensitiveFact,
)
from roedtraad.core import clock
from roedtraad.exchange.models import Transfer
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import Scenario, Unit
from roedtraad.practice.models import (
    Assessment,
    Attachment,
    Effort,
    Goal,
    GoalRating,
    HandoverPackage,
    Method,
    MethodQualification,
    Note,
    PackagePart,
    PackageQuestion,
    StatusReport,
    Task,
    TaskSeries,
    Transition,
    TransitionStep,
    TransitionTie,
    Wish,
)
from roedtraad.practice.rules.report_thread import Thread, as_json
from roedtraad.steering import models as steering
from tests.access.test_policies_everywhere import PAGES
from tests.exchange.calls import Call, calls

TABLE = Path(__file__).parent.parent / "access_matrix.md"

# The columns: a user of the demo for each role, and nobody. Most are granted Tangkær or what is above it.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("", "ingen"),
    ("borger", "borger"),
    ("paaroerende", "pårørende"),
    ("medarbejder", "medarbejder"),
    ("leder", "leder"),
    ("oekonom", "økonomi"),
    ("kvalitet", "kvalitet"),
    ("strateg", "strategi"),
    ("raad", "råd"),
    ("viborg", "kommune"),
    ("tilsyn", "tilsyn"),
    ("admin", "administrator"),
)
IN, REFUSED, HIDDEN, LOGIN = "●", "nej", "–", "log ind"

Values = dict[str, Any]
NO_ONE = UUID(int=0)


@dataclass
class Things:
    """One of each thing an address can name, at Tangkær and at Holmstrupgård."""

    tangkaer: Citizen = field(init=False)
    holmstrup: Citizen = field(init=False)

    def __post_init__(self) -> None:
        self.tangkaer = _citizen_of("borger")
        self.holmstrup = _citizen_of("paaroerende")
        self.worker = User.objects.get(username="medarbejder")
        self.scenario = Scenario.objects.order_by("pk").first() or Scenario.objects.create(
            key="tabellens", name="Tabellens", owner=User.objects.get(username="strateg")
        )
        now = clock.now()
        self.files = {
            direction: Transfer.objects.create(
                direction=direction,
                kind="enheder",
                filename="enheder.csv",
                stored="",
                status=Transfer.Status.DONE,
                options={"format": "csv"},
                created_by=User.objects.get(username=owner),
                created_at=now,
                touched_at=now,
                expires_at=now,
            )
            for direction, owner in (("in", "admin"), ("out", "oekonom"))
        }

    def stay(self, citizen: Citizen) -> Stay:
        """The citizen's stay of today."""
        return Stay.objects.occupying(clock.today()).filter(citizen=citizen).order_by("pk")[0]

    def note(self, citizen: Citizen) -> Note:
        """A note about the citizen."""
        return Note.objects.filter(citizen=citizen).order_by("pk").first() or Note.objects.create(
            citizen=citizen, written_by=self.worker, text="Tabellens notat."
        )

    def assessment(self, citizen: Citizen) -> Assessment:
        """A finished assessment of the citizen."""
        return Assessment.objects.filter(citizen=citizen).order_by("pk").first() or Assessment.objects.create(
            citizen=citizen,
            written_by=self.worker,
            list="short",
            assessed_on=clock.today(),
            finished_at=clock.now(),
        )

    def report(self, citizen: Citizen) -> StatusReport:
        """An approved status report about the citizen, where the demo's leader has approved one."""
        found = StatusReport.objects.filter(citizen=citizen).order_by("state", "pk").first()
        return found or StatusReport.objects.create(
            citizen=citizen,
            written_by=self.worker,
            first_day=clock.today(),
            last_day=clock.today(),
            sections=[],
            inputs=as_json(Thread(str(citizen.key), citizen.first_name, clock.today(), clock.today())),
        )

    def picture(self, citizen: Citizen) -> Attachment:
        """A picture in the citizen's record."""
        return Attachment.objects.filter(citizen=citizen).order_by("pk").first() or Attachment.objects.create(
            citizen=citizen,
            written_by=self.worker,
            note=self.note(citizen),
            media_type="image/png",
            content=b"-",
            size=1,
        )


def _citizen_of(username: str) -> Citizen:
    grant = Grant.objects.get(user__username=username, citizen__isnull=False)
    return Citizen.objects.get(pk=grant.citizen_id)


def _both(make: Callable[[Things, Citizen], Values]) -> Callable[[Things], dict[str, Values]]:
    """The same address for somebody at Tangkær and for somebody at Holmstrupgård."""
    return lambda things: {
        "Tangkær": make(things, things.tangkaer),
        "Holmstrupgård": make(things, things.holmstrup),
    }


def _one(make: Callable[[Things], Values], called: str = "") -> Callable[[Things], dict[str, Values]]:
    return lambda things: {called: make(things)}


_CITIZEN = _both(lambda _things, citizen: {"key": citizen.key})
_STAY = _both(lambda things, citizen: {"pk": things.stay(citizen).pk})
_UNIT = lambda _things: {  # noqa: E731  a table of short answers
    "Tangkær": {"key": "tangkaer"},
    "Holmstrupgård": {"key": "holmstrupgaard"},
}
_USER = _one(lambda things: {"pk": things.worker.pk}, "medarbejder")


def _first(model: Any) -> int:
    return int(model.objects.order_by("pk").values_list("pk", flat=True).first() or 1)


def _latest_event(model: Any) -> int:
    newest = (
        model.objects.order_by("pk")[0].events.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    )
    return int(newest or 1)


def _someone(citizen: Citizen) -> UUID:
    """Somebody on the citizen's latest network map."""
    people = NetworkPerson.objects.filter(map__citizen=citizen).order_by("-map__drawn_on", "pk")
    return people.values_list("key", flat=True).first() or NO_ONE


def _of(model: Any) -> Callable[[Things], dict[str, Values]]:
    """The first of the citizen's rows in a table of the record."""
    rows = model.objects.order_by("pk").values_list("pk", flat=True)
    return _both(
        lambda _things, citizen: {"key": citizen.key, "pk": rows.filter(citizen=citizen).first() or 1}
    )


def _written(which: str, model: Any) -> Callable[[Things], dict[str, Values]]:
    """The first thing of the kind in each citizen's record; `which` names its key in the address."""
    rows = model.objects.order_by("pk").values_list("key", flat=True)
    return _both(
        lambda _things, citizen: {
            "key": citizen.key,
            which: rows.filter(citizen=citizen).first() or NO_ONE,
        }
    )


def _rating(_things: Things, citizen: Citizen) -> Values:
    """The first rating in the citizen's record, and the goal it rates."""
    found = GoalRating.objects.filter(citizen=citizen).select_related("goal").order_by("pk").first()
    keys = (found.goal.key, found.key) if found else (NO_ONE, NO_ONE)
    return {"key": citizen.key, "goal_key": keys[0], "rating_key": keys[1]}


def _moving(**models: Any) -> Callable[[Things], dict[str, Values]]:
    """The first thing of each of the kinds that hang on one another in the citizen's transitions."""

    def keys(_things: Things, citizen: Citizen) -> Values:
        values: Values = {"key": citizen.key}
        for name, model in models.items():
            rows = model.objects.filter(citizen=citizen).order_by("pk")
            values[f"{name}_key"] = rows.values_list("key", flat=True).first() or NO_ONE
        return values

    return _both(keys)


def _sent(**models: Any) -> Callable[[Things], dict[str, Values]]:
    """The first package that was sent of somebody at Tangkær, and what hangs on it."""

    def keys(_things: Things) -> Values:
        found = (
            HandoverPackage.objects.filter(sent_at__isnull=False, transition__from_unit__key="tangkaer")
            .order_by("pk")
            .first()
        )
        values: Values = {"package_key": found.key if found else NO_ONE}
        for name, model in models.items():
            rows = model.objects.filter(citizen=found.citizen_id if found else None).order_by("pk")
            values[f"{name}_key"] = rows.values_list("key", flat=True).first() or NO_ONE
        return values

    return _one(keys, "Tangkær")


def _task_keys(model: Any, things: Things, whose: str, which: str) -> Values:
    """A task or series of somebody at Tangkær; `whose` names the citizen in the address where it does."""
    known = model.objects.filter(citizen=things.tangkaer).order_by("pk").values_list("key", flat=True).first()
    return {which: known or NO_ONE} | ({whose: things.tangkaer.key} if whose else {})


# What the parameters of an address are filled with: by its name, else by its namespace and parameters.
FILLS: dict[str, Callable[[Things], dict[str, Values]]] = {
    "portals:user": _USER,
    "portals:grant-give": _USER,
    "portals:user-password": _USER,
    "portals:user-state": _USER,
    "portals:user-second-factor": _USER,
    "portals:grant-end": _one(lambda things: {"pk": Grant.objects.filter(user=things.worker)[0].pk}),
    "portals:lookup-review": _one(lambda _things: {"pk": _first(LookupLog)}),
    "portals:job-retry": _one(lambda _things: {"pk": _first(ProcrastinateJob)}),
    "portals:token-revoke": _one(lambda _things: {"pk": _first(ApiToken)}),
    "portals:tablet-revoke": _one(lambda _things: {"pk": 1}, "findes ikke"),
    "portals:mover-end": _one(
        lambda things: {"pk": Grant.objects.filter(user=things.worker)[0].pk}, "medarbejder"
    ),
    "portals:relative-person": _CITIZEN,
    "portals:relative-message-new": _CITIZEN,
    "portals key": _one(lambda _things: {"key": NO_ONE}, "findes ikke"),
    "portals key,message_key": _one(lambda _things: {"key": NO_ONE, "message_key": NO_ONE}, "findes ikke"),
    "voices key": _CITIZEN,
    "voices conversation_key,key": _both(
        lambda _things, citizen: {"key": citizen.key, "conversation_key": NO_ONE}
    ),
    "voices conversation_key,key,message_key": _both(
        lambda _things, citizen: {"key": citizen.key, "conversation_key": NO_ONE, "message_key": NO_ONE}
    ),
    "portals pk": _one(lambda _things: {"pk": _first(EmergencyAccess)}),
    "journeys:citizen": _CITIZEN,
    "journeys:protection": _CITIZEN,
    "journeys:protection-end": _CITIZEN,
    "journeys:facts": _CITIZEN,
    "journeys:fact-end": _one(lambda _things: {"pk": _first(SensitiveFact)}, "Tangkær"),
    "practice:quick-write": _CITIZEN,
    "practice:timeline": _CITIZEN,
    "practice:notes": _CITIZEN,
    "practice:new-note": _CITIZEN,
    "practice key,note_key": _both(
        lambda things, citizen: {"key": citizen.key, "note_key": things.note(citizen).key}
    ),
    "practice:thread": _CITIZEN,
    "practice:wishes": _CITIZEN,
    "practice:new-wish": _CITIZEN,
    "practice:goals": _CITIZEN,
    "practice:new-goal": _CITIZEN,
    "practice key,wish_key": _written("wish_key", Wish),
    "practice goal_key,key": _written("goal_key", Goal),
    "practice effort_key,key": _written("effort_key", Effort),
    "practice goal_key,key,rating_key": _both(_rating),
    "practice:assessments": _CITIZEN,
    "practice:new-assessment": _CITIZEN,
    "practice assessment_key,key": _both(
        lambda things, citizen: {"key": citizen.key, "assessment_key": things.assessment(citizen).key}
    ),
    "practice:reports": _CITIZEN,
    "practice:new-report": _CITIZEN,
    "practice key,report_key": _both(
        lambda things, citizen: {"key": citizen.key, "report_key": things.report(citizen).key}
    ),
    "practice report_key": _both(lambda things, citizen: {"report_key": things.report(citizen).key}),
    "practice:attachment": _both(
        lambda things, citizen: {"key": citizen.key, "attachment_key": things.picture(citizen).key}
    ),
    "practice:transitions": _CITIZEN,
    "practice:new-transition": _CITIZEN,
    "practice key,transition_key": _moving(transition=Transition),
    "practice key,step_key,transition_key": _moving(transition=Transition, step=TransitionStep),
    "practice key,tie_key,transition_key": _moving(transition=Transition, tie=TransitionTie),
    "practice key,package_key,transition_key": _moving(transition=Transition, package=HandoverPackage),
    "practice key,package_key,part_key,transition_key": _moving(
        transition=Transition, package=HandoverPackage, part=PackagePart
    ),
    "practice package_key": _sent(),
    "practice package_key,question_key": _sent(question=PackageQuestion),
    "practice package_key,step_key": _sent(step=TransitionStep),
    "journeys:unit": _UNIT,
    "journeys:place": _both(lambda things, citizen: {"pk": things.stay(citizen).place_id}),
    "journeys pk": _STAY,
    "journeys kind": _one(lambda _things: {"kind": "csv"}),
    "citizens key": _CITIZEN,
    "citizens key,person": _both(lambda _things, citizen: {"key": citizen.key, "person": _someone(citizen)}),
    "citizens:relation-end": _of(Relation),
    "citizens:relation-login": _of(Relation),
    "citizens:guardianship-end": _of(Guardianship),
    "citizens:consent-withdraw": _of(Consent),
    "citizens:contact-end": _of(ContactPerson),
    "safety:settings-unit": _UNIT,
    "safety key": _one(lambda _things: {"key": NO_ONE}, "en andens"),
    "duty:risk": _CITIZEN,
    "duty:absence": _CITIZEN,
    "duty:citizen-calendar": _CITIZEN,
    "duty:scale": _UNIT,
    "duty:shifts": _UNIT,
    "duty secret": _one(lambda _things: {"secret": "ukendt"}),
    "duty key": _one(lambda _things: {"key": NO_ONE}, "findes ikke"),
    "practice:tasks": _CITIZEN,
    "practice:new-task": _CITIZEN,
    "effect:unit": lambda _things: {"Kildegade": {"key": "kildegade"}, "Tangkær": {"key": "tangkaer"}},
    "effect:file": _one(lambda _things: {"key": "kildegade", "fmt": "csv"}, "Kildegade"),
    "methods key": _one(lambda _things: {"key": Method.objects.order_by("pk")[0].key}),
    "methods key,pk": _one(
        lambda _things: {
            "key": MethodQualification.objects.order_by("pk")[0].method.key,
            "pk": _first(MethodQualification),
        }
    ),
    "practice:series": _one(lambda things: _task_keys(TaskSeries, things, "key", "series_key")),
    "practice:series-end": _one(lambda things: _task_keys(TaskSeries, things, "key", "series_key")),
    "practice:task": _one(lambda things: _task_keys(Task, things, "", "task_key")),
    "practice:task-act": _one(lambda things: {**_task_keys(Task, things, "", "task_key"), "what": "begynd"}),
    "organisation key": _UNIT,
    "organisation kind_of_file": _one(lambda _things: {"kind_of_file": "csv"}),
    "organisation pk": _one(lambda things: {"pk": things.scenario.pk}, "scenarie"),
    "steering fmt": _one(lambda _things: {"fmt": "json"}),
    "steering:table": _one(lambda _things: {"fmt": "csv"}),
    "steering:plan": _one(lambda _things: {"key": steering.Plan.objects.order_by("pk")[0].key}),
    "steering:pejlemaerke": _one(lambda _things: {"pk": _first(steering.Pejlemaerke)}),
    "steering:add-effort": _one(lambda _things: {"pk": _first(steering.Pejlemaerke)}),
    "steering:goal": _one(lambda _things: {"key": steering.Goal.objects.order_by("pk")[0].key}),
    "steering:add-timetable-entry": _one(lambda _things: {"pk": _first(steering.Track)}),
    "steering kind,pk": _one(lambda _things: {"kind": "indsats", "pk": _first(steering.PlanEffort)}),
    "steering:undo": _one(
        lambda _things: {"kind": "indsats", "event_id": _latest_event(steering.PlanEffort)}
    ),
    "steering key": _one(lambda _things: {"key": "kapacitetsudnyttelse"}),
    "exchange:incoming": _one(lambda things: {"pk": things.files["in"].pk}, "administratorens fil"),
    "exchange:confirm": _one(lambda things: {"pk": things.files["in"].pk}, "administratorens fil"),
    "exchange pk": _one(lambda things: {"pk": things.files["out"].pk}, "økonomens udtræk"),
    "exchange:plan": _CITIZEN,
    "exchange:plan-bundle": _CITIZEN,
    "exchange:plan-upload": _CITIZEN,
    "exchange key,message_key": _both(lambda _things, citizen: {"key": citizen.key, "message_key": NO_ONE}),
    "exchange key": _one(lambda _things: {"key": NO_ONE}, "findes ikke"),
    "exchange:faults": _one(
        lambda things: {"pk": things.files["in"].pk, "ending": "csv"}, "administratorens fil"
    ),
    "exchange:columns": _one(lambda _things: {"kind": "enheder"}),
    "exchange:template": _one(lambda _things: {"kind": "enheder", "ending": "csv"}),
    "rights:new": _CITIZEN,
    "rights:hold": _CITIZEN,
    "rights:lift": _one(lambda _things: {"pk": 1}, "findes ikke"),
    "rights:rule": _one(lambda _things: {"category": "moods"}),
    "rights key": _one(lambda _things: {"key": NO_ONE}, "findes ikke"),
    "rights key,slug": _one(lambda _things: {"key": NO_ONE, "slug": "notes"}, "findes ikke"),
    "rights number": _one(lambda _things: {"number": 1}, "findes ikke"),
    "rights fmt,number": _one(lambda _things: {"fmt": "json", "number": 1}, "findes ikke"),
    "drafts key": _one(lambda _things: {"key": NO_ONE}, "en andens"),
    " pk": _one(lambda _things: {"pk": 1}, "en andens"),
    "account_tablet_colleague": _one(lambda _things: {"key": NO_ONE}, "ingens"),
    " key": _one(lambda _things: {"key": "ukendt"}),
    " uidb36,key": _one(lambda _things: {"uidb36": "1", "key": "ukendt"}),
}


def parameters(name: str) -> list[str]:
    """The parameters of a page's address, in alphabetical order but with `uidb36` first as in the address."""
    pattern = PAGES[name].pattern
    groups = getattr(getattr(pattern, "regex", None), "groupindex", {})
    return sorted(set(pattern.converters) | set(groups), key=lambda known: (known != "uidb36", known))


def fills(name: str, things: Things) -> dict[str, Values]:
    """What to fill the address with, by what it is called in the table. KeyError when nobody has said."""
    needed = parameters(name)
    if not needed:
        return {"": {}}
    namespace = name.partition(":")[0] if ":" in name else ""
    maker = FILLS.get(name) or FILLS[f"{namespace} {','.join(needed)}"]
    return maker(things)


@dataclass(frozen=True)
class Line:
    """One line of the table: a section, what is called, and a mark for each column."""

    section: str
    what: str
    marks: tuple[str, ...]

    def __str__(self) -> str:
        return f"| {self.what} | {' | '.join(self.marks)} |"


class Caller:
    """A visitor who calls; nothing they do is kept."""

    def __init__(self, username: str) -> None:
        self.session = self.secret = ""
        if username:
            user = User.objects.get(username=username)
            client = Client()
            client.force_login(user)
            self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
            self.secret = issue(user, "tabellen", ["*", *WRITES], 1)[1]

    def browser(self) -> Client:
        """A browser with nothing but the session: what an earlier answer set or took away is forgotten."""
        client = Client(raise_request_exception=False)
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        return client

    def page(self, method: str, url: str) -> tuple[int, str]:
        """Status and where it sends to. A form sent empty is refused by itself, when one is let in at all."""
        with transaction.atomic():
            answer = self.browser().generic(method, url, "", "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        return answer.status_code, answer.headers.get("Location", "")

    def operation(self, call: Call) -> int:
        """The status of an API operation, with the caller's own key when there is one."""
        with transaction.atomic():
            answer = call.send(self.secret)
            transaction.set_rollback(True)
        return int(answer.status_code)


def mark(status: int, location: str = "") -> str:
    """The sign of an answer. 400, 405, 409 and 422 are said by the page itself: one was let in."""
    if status in (301, 302, 303) and location.startswith(reverse(settings.LOGIN_URL)):
        return LOGIN
    if status in (401, 403):
        return LOGIN if status == 401 else REFUSED
    if status == 404:
        return HIDDEN
    return IN if status < 500 else f"FEJL {status}"


def page_lines(name: str, callers: list[Caller], things: Things) -> Iterator[Line]:
    """The lines of one page: a line for each thing its address may name."""
    section = name.partition(":")[0] if ":" in name else "konto og forside"
    for called, values in fills(name, things).items():
        url = reverse(name, kwargs=values)
        shown = _shown(name, values)
        for method in ("GET", "POST"):
            answers = [caller.page(method, url) for caller in callers]
            if all(
                (status in (302, 405) and "/login/" in location) or status == 405
                for status, location in answers
            ):
                continue
            marks = tuple(mark(status, location) if status != 405 else "" for status, location in answers)
            yield Line(section, f"{method} {shown}{f' · {called}' if called else ''}", marks)


def _shown(name: str, values: Values) -> str:
    """The address as people read it: the parameters by their names."""
    marks = {key: _stand_in(value) for key, value in values.items()}
    url = reverse(name, kwargs=marks)
    for key, value in marks.items():
        keep = isinstance(values[key], str) and key in {"kind", "fmt", "ending", "kind_of_file"}
        url = url.replace(str(value), str(values[key]) if keep else f"<{key}>", 1)
    return url


def _stand_in(value: Any) -> Any:
    if isinstance(value, UUID):
        return UUID(int=0xFEED)
    return 987_654_321 if isinstance(value, int) else ("stedfortraeder" if len(str(value)) > 4 else value)


def api_lines(callers: list[Caller], things: Things) -> Iterator[Line]:
    """The lines of the API's operations, about somebody at Tangkær."""
    whose = things.tangkaer
    named: dict[str, Any] = {
        "citizen": whose.key,
        "goal": _rating(things, whose)["goal_key"],
        "note": things.note(whose).key,
        "task": _task_keys(Task, things, "", "task")["task"],
        "person": _someone(whose),
        "unit": Unit.objects.get(key="tangkaer").pk,
        "plan_id": _first(steering.Plan),
        "from": "2025-01-01",
        "to": "2025-12-31",
    }
    for call in calls(named):
        yield Line("api", call.name, tuple(mark(caller.operation(call)) for caller in callers))


def table(lines: list[Line]) -> str:
    """The whole table as people read it."""
    text = [
        "# Hvem kommer ind hvor",
        "",
        "Hver adresse og hver API-handling, kaldt som hver rolle og som ingen, i eksempeldata. Tabellen er skrevet af",
        "`tests/access/test_access_matrix.py`, som fejler, når et svar er et andet end her.",
        "",
        f"{IN} lukket ind · {REFUSED} afvist (403) · {HIDDEN} findes ikke for den, der spørger (404) · "
        f"{LOGIN} skal logge ind (302, i API'et 401) · tom: den slags kald findes ikke (405)",
        "",
        "Roller: medarbejder og tilsyn har Tangkær; leder har Specialområde Autisme, som Tangkær ligger i; borger er en",
        "borger på Tangkær; pårørende er pårørende til en borger på Holmstrupgård; kommune er Viborg; økonomi og kvalitet",
        "har Socialområdet; strategi, råd og administrator har hele regionen.",
    ]
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            text += ["", f"## {section}", ""]
            text += [f"| adresse | {' | '.join(words for _user, words in COLUMNS)} |"]
            text += ["|---|" + ":-:|" * len(COLUMNS)]
        text.append(str(line))
    return "\n".join(text) + "\n"
