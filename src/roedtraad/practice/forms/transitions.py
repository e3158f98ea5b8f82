"""The forms of transitions and handover packages: what is typed, read into rows. The rules are elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.accounts.models import User
from roedtraad.citizens.models import Citizen
from roedtraad.core import clock
from roedtraad.journeys.forms import MunicipalityField, day_field
from roedtraad.journeys.queries.units import OFFER
from roedtraad.organisation.models import Municipality, Unit
from roedtraad.organisation.tree import Tree
from roedtraad.practice.models import Transition, TransitionStep, TransitionTie, Wish
from roedtraad.practice.queries.goals import wishes_now
from roedtraad.practice.queries.transitions import staff_of
from roedtraad.practice.services.transitions import Plan

NOBODY = ("", _("Ingen valgt"))


def _capital(choices: Any) -> list[tuple[str, str]]:
    return [(value, str(label)[:1].upper() + str(label)[1:]) for value, label in choices]


class UnitField(forms.ChoiceField):
    """One of our offers, or none. Gives the row."""

    def offer(self, tree: Tree) -> None:
        """The offers and what is under them, each with where it belongs."""
        named = []
        for node in tree.by_id.values():
            path = tree.path(node.id)
            if any(step.kind == OFFER for step in path):
                above = path[-2].label if len(path) > 1 else ""
                named.append((str(node.id), f"{node.label} ({above})" if above else node.label))
        self.choices = [NOBODY, *named]

    def clean(self, value: Any) -> Any:
        """The unit's row."""
        chosen = super().clean(value)
        return Unit.objects.get(pk=int(chosen)) if chosen else None


class WishField(forms.ModelChoiceField):
    """One of the citizen's wishes."""

    def label_from_instance(self, obj: Wish) -> str:
        """The beginning of the citizen's words."""
        return obj.text if len(obj.text) <= 80 else f"{obj.text[:79]}…"


class TransitionForm(forms.Form):
    """What is agreed about a transition."""

    use_required_attribute = False

    why = forms.ChoiceField(
        label=_("Hvad for en overgang"),
        choices=_capital(Transition.Why.choices),
        error_messages={"required": _("Vælg, hvad for en overgang det er.")},
    )
    planned_on = day_field(_("Dagen, det sker"))
    from_unit = UnitField(label=_("Fra tilbud"), required=False)
    from_outside = forms.CharField(
        label=_("Fra et andet sted"),
        required=False,
        max_length=120,
        help_text=_("Når borgeren kommer udefra. For eksempel et sygehus."),
    )
    to_unit = UnitField(label=_("Til tilbud i regionen"), required=False)
    to_municipality = MunicipalityField(label=_("Eller til en kommune"), required=False, empty=NOBODY[1])
    to_outside = forms.CharField(
        label=_("Eller til et andet sted"),
        required=False,
        max_length=120,
        help_text=_("Navnet, som det står i samtykket, når der er et."),
    )
    contact = forms.CharField(label=_("Kontakt det andet sted"), required=False, max_length=200)
    reason = forms.CharField(
        label=_("Hvorfor"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    own_words = forms.CharField(
        label=_("Borgerens egne ønsker for flytningen"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Skriv det, som det bliver sagt."),
    )
    words = forms.ChoiceField(
        label=_("Hvis ord er det"),
        choices=_capital(Transition.Words.choices),
        initial=Transition.Words.OWN,
        widget=forms.RadioSelect,
        required=False,
    )
    wish = WishField(
        label=_("Hører til ønsket"), queryset=Wish.objects.none(), required=False, empty_label=NOBODY[1]
    )
    from_responsible = forms.ChoiceField(label=_("Ansvarlig hos os"), required=False)
    to_responsible = forms.ChoiceField(
        label=_("Ansvarlig, hvor borgeren skal hen"), required=False, choices=[NOBODY]
    )
    stay = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        citizen: Citizen,
        tree: Tree,
        home: int | None = None,
        found: Transition | None = None,
        **kwargs: Any,
    ) -> None:
        if found is not None:
            kwargs.setdefault("initial", _initial(found))
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["from_unit"].offer(tree)
        fields["to_unit"].offer(tree)
        fields["to_municipality"].offer(list(Municipality.objects.order_by("sort_key")))
        fields["wish"].queryset = wishes_now(citizen)
        near = [(str(pk), name) for pk, name in staff_of(tree, found.from_unit_id if found else home)]
        fields["from_responsible"].choices = [NOBODY, *near]
        if found is None or found.to_unit_id is None:
            del self.fields["to_responsible"]
        else:
            theirs = [(str(pk), name) for pk, name in staff_of(tree, found.to_unit_id)]
            fields["to_responsible"].choices = [NOBODY, *theirs]
        _keep(fields["from_responsible"], found.from_responsible if found else None)
        if "to_responsible" in fields:
            _keep(fields["to_responsible"], found.to_responsible if found else None)

    def plan(self) -> Plan:
        """What was typed, for the service."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("stay", "version")}
        for name in ("from_responsible", "to_responsible"):
            chosen = typed.get(name)
            typed[name] = User.objects.get(pk=int(chosen)) if chosen else None
        typed["words"] = typed["words"] or Transition.Words.OWN
        return Plan(**typed)


def _keep(field: Any, chosen: User | None) -> None:
    """Who was chosen may have left since; the choice stands until another is made."""
    if chosen is not None and str(chosen.pk) not in {value for value, _label in field.choices}:
        field.choices = [*field.choices, (str(chosen.pk), str(chosen))]


def _initial(found: Transition) -> dict[str, Any]:
    return {
        "why": found.why,
        "planned_on": found.planned_on,
        "from_unit": str(found.from_unit_id or ""),
        "from_outside": found.from_outside,
        "to_unit": str(found.to_unit_id or ""),
        "to_municipality": found.to_municipality_id or "",
        "to_outside": found.to_outside,
        "contact": found.contact,
        "reason": found.reason,
        "own_words": found.own_words,
        "words": found.words,
        "wish": found.wish_id,
        "from_responsible": str(found.from_responsible_id or ""),
        "to_responsible": str(found.to_responsible_id or ""),
        "version": found.version,
    }


class HappenedForm(forms.Form):
    """The day it happened."""

    use_required_attribute = False

    happened_on = day_field(_("Det skete den"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"happened_on": clock.today()})
        super().__init__(*args, **kwargs)


class ReasonForm(forms.Form):
    """Why something comes to nothing, or is taken back."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Hvorfor"), max_length=200, error_messages={"required": _("Skriv kort hvorfor.")}
    )


class StepForm(forms.Form):
    """Something to see to."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Hvad skal ske"), max_length=200, error_messages={"required": _("Skriv, hvad der skal ske.")}
    )
    phase = forms.ChoiceField(
        label=_("Hvornår"), choices=_capital(TransitionStep.Phase.choices), widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("Art"),
        choices=_capital(TransitionStep.Kind.choices),
        initial=TransitionStep.Kind.STEP,
        widget=forms.RadioSelect,
    )
    side = forms.ChoiceField(
        label=_("Hvem sørger for det"),
        choices=_capital(TransitionStep.Side.choices),
        initial=TransitionStep.Side.FROM,
    )
    who = forms.CharField(label=_("Navn"), max_length=120, required=False)
    due_on = day_field(_("Senest"), required=False)


class SettleForm(forms.Form):
    """How a step went."""

    use_required_attribute = False

    held = forms.ChoiceField(
        label=_("Holder det"),
        help_text=_("Vælges, når det er gjort."),
        choices=_capital(TransitionStep.Held.choices),
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=_("Hvad kom der ud af det"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reason = forms.CharField(
        label=_("Hvorfor blev det ikke gjort"),
        max_length=200,
        required=False,
        help_text=_("Skrives kun, når det ikke blev gjort."),
    )

    def __init__(self, *args: Any, step: TransitionStep, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"held": step.held, "note": step.note, "reason": step.dropped_reason})
        super().__init__(*args, **kwargs)
        if step.kind != TransitionStep.Kind.FOLLOW_UP:
            del self.fields["held"]


class TieForm(forms.Form):
    """Somebody to say goodbye to, keep or get to know."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Hvem"), max_length=120, error_messages={"required": _("Skriv, hvem det er.")}
    )
    what = forms.ChoiceField(
        label=_("Hvad vil borgeren"),
        choices=_capital(TransitionTie.What.choices),
        widget=forms.RadioSelect,
        initial=TransitionTie.What.KEEP,
    )
    how = forms.CharField(label=_("Hvordan"), max_length=300, required=False)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        if names:
            self.fields["name"].widget.attrs["list"] = "people-near"


class PartForm(forms.Form):
    """A part of a package: along or not, and its text."""

    use_required_attribute = False

    keep = forms.BooleanField(label=_("Med i pakken"), required=False)
    text = forms.CharField(
        label=_("Tekst"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        error_messages={"required": _("Skriv teksten, eller udelad afsnittet.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SendForm(forms.Form):
    """When the citizen was told what is sent."""

    use_required_attribute = False

    informed_on = day_field(
        _("Borgeren er orienteret den"),
        missing=_("Skriv, hvornår borgeren er orienteret om, hvad der sendes."),
    )
    informed_how = forms.CharField(
        label=_("Hvordan"),
        max_length=200,
        required=False,
        help_text=_("For eksempel: Vi læste pakken igennem sammen."),
    )


class QuestionForm(forms.Form):
    """A question in a line."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Spørgsmål til dem, der sendte pakken"),
        max_length=300,
        error_messages={"required": _("Skriv spørgsmålet.")},
    )


class AnswerForm(forms.Form):
    """The answer."""

    use_required_attribute = False

    answer = forms.CharField(
        label=_("Svar"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Skriv svaret.")},
    )


class ReceiptForm(forms.Form):
    """Who has received a package on paper."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Læst og forstået af"),
        max_length=120,
        error_messages={"required": _("Skriv navnet på den, der har læst pakken.")},
    )
