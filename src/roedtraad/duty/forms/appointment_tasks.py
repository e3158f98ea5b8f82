"""What is typed about the task that follows an appointment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roedtraad.duty.forms.fields import line_field, time_field
from roedtraad.duty.services.appointment_tasks import Wanted
from roedtraad.practice.queries.workers import Worker


class AppointmentTaskForm(forms.Form):
    """What is to be done for the appointment, when to leave, how long it takes, and who does it."""

    use_required_attribute = False

    title = line_field(_("Hvad skal gøres"), 160, required=True, missing=_("Skriv, hvad der skal gøres."))
    leave = time_field(_("Klokken"))
    minutes = forms.IntegerField(
        label=_("Minutter"),
        required=False,
        min_value=1,
        max_value=1440,
        error_messages={"invalid": _("Skriv et helt tal.")},
    )
    instruction = line_field(_("Sådan gør du"), 1000)
    responsible = forms.ChoiceField(
        label=_("Ansvarlig"),
        required=False,
        help_text=_("Tom: den, der er på vagt. Ved en gentaget aftale altid tom."),
    )

    def __init__(self, *args: Any, workers: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = {str(one.user.pk): one.user for one in workers}
        self.fields["responsible"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("ingen bestemt")),
            *((str(one.user.pk), one.label) for one in workers),
        ]

    def wanted(self) -> Wanted:
        """What was typed, as the service takes it."""
        typed = self.cleaned_data
        return Wanted(
            typed["title"],
            typed["leave"],
            typed["minutes"],
            typed["instruction"],
            self.workers.get(typed["responsible"]),
        )


class WithTaskForm(forms.Form):
    """Is a task to follow the appointment that is made?"""

    with_task = forms.BooleanField(label=_("Lav også en opgave, fx »følg til tandlæge«"), required=False)
