"""The forms of wishes, goals, ratings, follow-ups and efforts: what is typed, read into rows. The rules are elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.journeys.forms import day_field
from roedtraad.practice import compass
from roedtraad.practice.models import Effort, FollowUp, Goal, GoalRating, Method, Theme, Wish
from roedtraad.practice.queries.goals import wishes_now
from roedtraad.practice.queries.methods import qualified_on
from roedtraad.practice.rules.goals import LEVEL_FIELDS, LEVEL_WORDS, LEVELS, signed
from roedtraad.practice.services.efforts import EffortText
from roedtraad.practice.services.goals import GoalText

NOBODY = ("", "—")
AGREED_WITH = [
    ("citizen", _("borgeren")),
    ("relative", _("pårørende")),
    ("guardian", _("værge")),
    ("municipality", _("kommunen")),
    ("staff", _("personalet")),
]
STEPS = [(str(level), f"{signed(level)}") for level in LEVELS]


class ThemeChoice(forms.ModelChoiceField):
    """One theme of the lists in use."""

    def label_from_instance(self, obj: Theme) -> str:
        """Its name; the list is in the group."""
        return obj.name


class ThemeChoices(forms.ModelMultipleChoiceField):
    """Several themes."""

    def label_from_instance(self, obj: Theme) -> str:
        """Its name."""
        return obj.name


class WishForm(forms.Form):
    """A wish, or what became of one."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Ønsket, med borgerens egne ord"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv ønsket.")},
    )
    words = forms.ChoiceField(
        label=_("Hvis ord er det"),
        choices=Wish.Words.choices,
        widget=forms.RadioSelect,
        initial=Wish.Words.OWN,
        error_messages={"required": _("Vælg, hvis ord det er.")},
    )
    helped_by = forms.CharField(
        label=_("Hvem hjalp, eller hvem tolkede"),
        max_length=120,
        required=False,
        help_text=_("Skriv det, når ordene er skrevet ned med hjælp eller tolket."),
    )


class WishAfterForm(WishForm):
    """What became of a wish: a newer one, come true, or let go."""

    what = forms.ChoiceField(
        label=_("Hvad er der sket med ønsket"),
        choices=[
            (Wish.What.WISH.value, _("det lyder anderledes nu")),
            (Wish.What.FULFILLED.value, _("det er gået i opfyldelse")),
            (Wish.What.LET_GO.value, _("det er ikke længere et ønske")),
        ],
        widget=forms.RadioSelect,
        initial=Wish.What.WISH,
        error_messages={"required": _("Vælg, hvad der er sket med ønsket.")},
    )
    field_order = ["what", "text", "words", "helped_by"]


class GoalForm(forms.Form):
    """What is agreed about a goal."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Målet"),
        max_length=200,
        help_text=_(
            "Kort, i ord borgeren kan kende. For eksempel: Jeg laver aftensmad selv to gange om ugen."
        ),
        error_messages={"required": _("Skriv målet.")},
    )
    wish = forms.ModelChoiceField(
        label=_("Hvilket ønske kommer det af"), queryset=Wish.objects.none(), required=False
    )
    kind = forms.ChoiceField(
        label=_("Hvad skal målet"),
        choices=Goal.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, om målet er at udvikle, fastholde eller begrænse et tab.")},
    )
    parent = forms.ModelChoiceField(label=_("Delmål af"), queryset=Goal.objects.none(), required=False)
    description = forms.CharField(
        label=_("Beskrivelse"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    theme = ThemeChoice(label=_("Det tema, målet handler om"), queryset=Theme.objects.none(), required=False)
    other_themes = ThemeChoices(
        label=_("Andre temaer, det også rører ved"),
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    municipal_goal = forms.CharField(label=_("Målet i kommunens handleplan"), max_length=300, required=False)
    pejlemaerke = forms.ChoiceField(
        label=_("Pejlemærke"), required=False, help_text=_("Foreslås ud fra temaet, når det er tomt.")
    )
    un_target = forms.ChoiceField(label=_("Delmål under FN's verdensmål"), required=False)
    agreed_with = forms.MultipleChoiceField(
        label=_("Aftalt med"), choices=AGREED_WITH, required=False, widget=forms.CheckboxSelectMultiple
    )
    agreed_note = forms.CharField(label=_("Hvem mere"), max_length=200, required=False)
    starts_on = day_field(_("Begynder"), missing=_("Skriv, hvornår målet begynder."))
    follow_up_on = day_field(_("Følges op"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, citizen: Citizen, goal: Goal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal = goal
        themes = themes_in_use()
        self.fields["wish"].queryset = wishes_now(citizen)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["wish"].label_from_instance = lambda wish: _short(wish.text)  # type: ignore[attr-defined]
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["other_themes"].queryset = themes  # type: ignore[attr-defined]
        self.fields["parent"].queryset = Goal.objects.filter(  # type: ignore[attr-defined]
            citizen=citizen, parent__isnull=True, closed_on__isnull=True
        ).exclude(pk__in=[goal.pk] if goal else [])
        marks = [(mark.key, mark.words) for mark in compass.pejlemaerker()]
        targets = [(mark.key, mark.words) for mark in compass.un_targets()]
        self.fields["pejlemaerke"].choices = [NOBODY, *marks]  # type: ignore[attr-defined]
        self.fields["un_target"].choices = [NOBODY, *targets]  # type: ignore[attr-defined]
        for level in LEVELS:
            self.fields[LEVEL_FIELDS[level]] = forms.CharField(
                label=f"{signed(level)} · {LEVEL_WORDS[level]}", max_length=300, required=False
            )
        if goal is None:
            self.fields["level_now"] = forms.TypedChoiceField(
                label=_("Hvor står det i dag"),
                choices=[NOBODY, *STEPS],
                required=False,
                coerce=int,
                empty_value=None,
            )

    @property
    def level_fields(self) -> list[forms.BoundField]:
        """The five described steps, the best on top."""
        return [self[LEVEL_FIELDS[level]] for level in reversed(LEVELS)]

    def text(self) -> GoalText:
        """What was typed, with pejlemærke and UN goal suggested from the themes where they were left empty."""
        typed = self.cleaned_data
        others = tuple(typed["other_themes"])
        codes = [theme.code for theme in (typed["theme"], *others) if theme is not None]
        mark, target = typed["pejlemaerke"], typed["un_target"]
        if self.goal is None and not mark and not target:
            mark, target = compass.suggest(codes)
        return GoalText(
            title=typed["title"],
            kind=typed["kind"],
            starts_on=typed["starts_on"],
            levels={level: typed[LEVEL_FIELDS[level]] for level in LEVELS},
            description=typed["description"],
            wish=typed["wish"],
            parent=typed["parent"],
            municipal_goal=typed["municipal_goal"],
            theme=typed["theme"],
            other_themes=others,
            agreed_with=tuple(typed["agreed_with"]),
            agreed_note=typed["agreed_note"],
            pejlemaerke=mark,
            un_target=target,
            follow_up_on=typed["follow_up_on"],
        )


def goal_initial(goal: Goal) -> dict[str, Any]:
    """What stands in the form of a goal that is there."""
    themes = list(goal.goal_themes.all())
    first = next((row.theme_id for row in themes if row.rank == 1), None)
    return {
        **{
            name: getattr(goal, name)
            for name in (
                "title",
                "kind",
                "description",
                "municipal_goal",
                "pejlemaerke",
                "un_target",
                "agreed_with",
                "agreed_note",
                "starts_on",
                "follow_up_on",
                "version",
            )
        },
        "wish": goal.wish_id,
        "parent": goal.parent_id,
        "theme": first,
        "other_themes": [row.theme_id for row in themes if row.rank == 2],
        **{LEVEL_FIELDS[level]: text for level, text in zip(LEVELS, goal.levels, strict=False)},
    }


class RatingForm(forms.Form):
    """Where a goal stands."""

    use_required_attribute = False

    level = forms.TypedChoiceField(
        label=_("Hvor står målet"),
        choices=STEPS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg et trin.")},
    )
    rater = forms.ChoiceField(
        label=_("Hvem vurderer"),
        choices=GoalRating.Rater.choices,
        initial=GoalRating.Rater.STAFF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, om det er borgerens eller personalets vurdering.")},
    )
    text = forms.CharField(
        label=_("Bemærkning"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [
            (str(level), f"{signed(level)}  {text}") for level, text in zip(LEVELS, goal.levels, strict=False)
        ]
        self.fields["level"].choices = list(reversed(steps or STEPS))  # type: ignore[attr-defined]


class FollowUpForm(forms.Form):
    """A follow-up."""

    use_required_attribute = False

    held_on = day_field(_("Holdt den"), missing=_("Skriv, hvornår opfølgningen var."))
    with_whom = forms.CharField(label=_("Sammen med"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Hvad I talte om"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        label=_("Hvad I besluttede"),
        choices=FollowUp.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad I besluttede.")},
    )
    next_on = day_field(_("Næste opfølgning"), required=False)


class EffortForm(forms.Form):
    """An effort. `warned`: the responsible is not trained in the method, and the form asks whether it is meant."""

    use_required_attribute = False
    warned = False

    title = forms.CharField(
        label=_("Indsatsen"), max_length=200, error_messages={"required": _("Skriv, hvad indsatsen er.")}
    )
    method = forms.ModelChoiceField(label=_("Metode"), queryset=Method.objects.none(), required=False)
    description = forms.CharField(
        label=_("Sådan gør vi"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    times = forms.IntegerField(
        label=_("Hvor mange gange"),
        min_value=1,
        max_value=50,
        error_messages={"required": _("Skriv, hvor mange gange."), "invalid": _("Skriv et helt tal.")},
    )
    per = forms.ChoiceField(label=_("Pr."), choices=Effort.Per.choices, initial=Effort.Per.WEEK)
    minutes = forms.IntegerField(
        label=_("Minutter hver gang"),
        min_value=1,
        max_value=1440,
        error_messages={
            "required": _("Skriv, hvor mange minutter det tager."),
            "invalid": _("Skriv et helt tal."),
        },
    )
    responsible = forms.ModelChoiceField(label=_("Ansvarlig"), queryset=User.objects.none(), required=False)
    service_package = forms.CharField(label=_("Ydelsespakke"), max_length=120, required=False)
    starts_on = day_field(_("Begynder"), missing=_("Skriv, hvornår indsatsen begynder."))
    ends_on = day_field(_("Til og med"), required=False)
    despite = forms.BooleanField(label=_("Gem alligevel"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: list[int], effort: Effort | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = Method.objects.filter(retired_on__isnull=True)
        if effort is not None and effort.method_id:
            methods = Method.objects.filter(Q(retired_on__isnull=True) | Q(pk=effort.method_id))
        self.fields["method"].queryset = methods.order_by("sort_key")  # type: ignore[attr-defined]
        kept = [*people, effort.responsible_id] if effort is not None and effort.responsible_id else people
        self.fields["responsible"].queryset = User.objects.filter(pk__in=kept).order_by("full_name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Warn once when the responsible is not trained in the method; who ticks »Gem alligevel« has read it."""
        cleaned = super().clean() or {}
        method, who, starts = (cleaned.get(name) for name in ("method", "responsible", "starts_on"))
        if method and who and starts and not cleaned.get("despite"):
            day = max(starts, clock.today())
            if not qualified_on(method, who, day):
                said = _(
                    "%(who)s står ikke som uddannet i %(method)s. Vælg en anden, eller sæt kryds i »Gem alligevel«."
                )
                self.add_error("responsible", said % {"who": who, "method": method})
                self.warned = True
        return cleaned

    def text(self) -> EffortText:
        """What was typed."""
        names = EffortText.__dataclass_fields__
        return EffortText(**{name: self.cleaned_data[name] for name in names})


def effort_initial(effort: Effort) -> dict[str, Any]:
    """What stands in the form of an effort that is there."""
    plain = (
        "title",
        "description",
        "times",
        "per",
        "minutes",
        "service_package",
        "starts_on",
        "ends_on",
        "version",
    )
    return {
        **{name: getattr(effort, name) for name in plain},
        "method": effort.method_id,
        "responsible": effort.responsible_id,
    }


def themes_in_use() -> Any:
    """The themes a goal may be about: of the FFB list when it is loaded, else of our own short one, and the ICS ones."""
    ffb = Theme.objects.filter(list=Theme.List.FFB, retired_on__isnull=True, is_activity=True)
    own = Theme.List.FFB if ffb.exists() else Theme.List.SHORT
    chosen = Q(list=own, is_activity=True) | Q(list=Theme.List.ICS, parent__isnull=False)
    return Theme.objects.filter(chosen, retired_on__isnull=True).order_by("list", "number")


def new_goal_initial() -> dict[str, Any]:
    """What stands in the form of a goal to be: from today."""
    return {"starts_on": clock.today()}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
