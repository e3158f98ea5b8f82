"""What is typed to begin a conversation or to write in one. The same forms serve staff, citizen and relatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.citizens.models import Citizen, Relation
from roedtraad.voices import access
from roedtraad.voices.models import Side
from roedtraad.voices.rules import LONGEST_MESSAGE, LONGEST_TOPIC


class MessageForm(forms.Form):
    """One message."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Din besked"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv en besked.")},
    )


class ConversationForm(MessageForm):
    """A new conversation: to whom, about what, and the first message."""

    to = forms.MultipleChoiceField(
        label=_("Hvem skriver du til"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, hvem du vil skrive til.")},
    )
    topic = forms.CharField(
        label=_("Hvad handler det om"),
        max_length=LONGEST_TOPIC,
        required=False,
        error_messages={"max_length": _("Emnet må højst fylde 120 tegn.")},
    )
    field_order = ["to", "topic", "text"]

    def __init__(self, *args: Any, citizen: Citizen, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relations: Sequence[Relation] = [] if side == Side.RELATIVE else access.may_take_part(citizen)
        choices: list[tuple[str, Any]] = []
        if side != Side.STAFF:
            choices.append(("staff", _("Personalet")))
        if side != Side.CITIZEN:
            choices.append(("citizen", citizen.first_name))
        kinds = dict(Relation.Kind.choices)
        choices += [(str(one.key), f"{one.name} ({kinds[one.kind]})") for one in self.relations]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if len(choices) == 1:
            self.fields["to"].initial = [choices[0][0]]

    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        to = self.cleaned_data["to"]
        return {
            "topic": self.cleaned_data["topic"],
            "text": self.cleaned_data["text"],
            "with_citizen": "citizen" in to,
            "with_staff": "staff" in to,
            "relations": [one for one in self.relations if str(one.key) in to],
        }
