"""The form of one's own scenario: the scenario, its posts and its lines of reference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from roedtraad.core.refusal import Refusal
from roedtraad.organisation.models import LeadershipRoom, Scenario, ScenarioPost
from roedtraad.organisation.scenarios import rules, services


class ScenarioForm(forms.Form):
    """What the scenario is called and what it builds on."""

    name = forms.CharField(label=_("Navn"), max_length=120)
    description = forms.CharField(label=_("Kort beskrivelse"), max_length=600, required=False)
    base = forms.ChoiceField(label=_("Bygger på"), required=False)
    room_year = forms.TypedChoiceField(label=_("Råderum fra året"), coerce=int)
    published = forms.BooleanField(label=_("Vis det for alle, der kan se scenarier"), required=False)

    def __init__(self, *args: Any, own_pk: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bases = Scenario.objects.filter(base__isnull=True, withdrawn_at__isnull=True, published=True)
        if own_pk:
            bases = bases.exclude(pk=own_pk)
        self.fields["base"].choices = [("", _("Intet – begynd forfra")), *bases.values_list("key", "name")]  # type: ignore[attr-defined]
        years = list(LeadershipRoom.objects.order_by("-year").values_list("year", flat=True))
        self.fields["room_year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """One change of posts. A row with neither title nor pay is skipped."""

    action = forms.ChoiceField(label=_("Hvad sker der"), choices=ScenarioPost.Action.choices)
    title = forms.CharField(label=_("Stilling"), max_length=120, required=False)
    from_title = forms.CharField(label=_("Fra stilling"), max_length=120, required=False)
    count = forms.IntegerField(label=_("Antal"), min_value=1, max_value=99, initial=1, required=False)
    yearly_pay = forms.CharField(label=_("Årlig løn pr. stilling, kr."), max_length=20, required=False)

    def clean_yearly_pay(self) -> Any:
        """Kroner as people write them."""
        text = self.cleaned_data["yearly_pay"].strip()
        if not text:
            return None
        try:
            return services.money(text)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        """A title without pay, or pay without a title, is half a row."""
        cleaned: dict[str, Any] = super().clean() or {}
        title, pay = cleaned.get("title"), cleaned.get("yearly_pay")
        if title and pay is None and "yearly_pay" not in self.errors:
            self.add_error("yearly_pay", _("Skriv lønnen for stillingen; 0, hvis den ikke koster ekstra."))
        if pay is not None and not title:
            self.add_error("title", _("Skriv, hvilken stilling beløbet er for."))
        return cleaned

    def post(self) -> rules.PostChange | None:
        """The row as a change of posts, or None when it is empty."""
        data = self.cleaned_data
        if not data.get("title"):
            return None
        return rules.PostChange(
            data["action"],
            data["title"],
            data.get("from_title", ""),
            data.get("count") or 1,
            data["yearly_pay"],
            "registered",
        )


class LineForm(forms.Form):
    """Who refers to whom."""

    from_title = forms.CharField(label=_("Stilling"), max_length=120, required=False)
    to_title = forms.CharField(label=_("Refererer til"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """Both or neither, and not oneself."""
        cleaned: dict[str, Any] = super().clean() or {}
        low, high = cleaned.get("from_title"), cleaned.get("to_title")
        if bool(low) != bool(high):
            raise forms.ValidationError(_("Skriv både stillingen og den, der refereres til."))
        if low and low == high:
            raise forms.ValidationError(_("En stilling kan ikke referere til sig selv."))
        return cleaned


class _Rows(BaseFormSet):
    """Rows that may be left empty."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": True, "use_required_attribute": False}


PostRows = formset_factory(PostForm, formset=_Rows, extra=4, max_num=30)
LineRows = formset_factory(LineForm, formset=_Rows, extra=3, max_num=40)
