"""How an alarm stands, as sentences for whoever reads it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from roedtraad.safety.queries import Line, Shown
from roedtraad.safety.rules import Kind, State


def at(moment: dt.datetime) -> str:
    """The time of day: 14.03."""
    return timezone.localtime(moment).strftime("%H.%M")


def title(shown: Shown) -> str:
    """What, and where in the house: »Hjælp – Tangkær, køkkenet«."""
    where = f"{shown.unit}, {shown.place}" if shown.place else shown.unit
    return f"{shown.about[:1].upper()}{shown.about[1:]} – {where}"


def called(shown: Shown) -> str:
    """Who called, and when."""
    words = {"name": shown.raised_by, "time": at(shown.raised_at)}
    if shown.is_mine:
        return _("Din alarm kl. %(time)s.") % words
    if shown.alarm.about == shown.alarm.About.LONE:
        return _("%(name)s arbejder alene og skulle have meldt sig. Alarm kl. %(time)s.") % words
    return _("%(name)s slog alarm kl. %(time)s.") % words


def answered(shown: Shown) -> str:
    """Who is coming, or that nobody is yet, and who has been called."""
    if shown.state == State.ENDED:
        return _("Alarmen er afsluttet.")
    if shown.answers:
        names = [_("%(name)s (kl. %(time)s)") % {"name": a.name, "time": at(a.at)} for a in shown.answers]
        return _("På vej: %(names)s.") % {"names": ", ".join(names)}
    passed_on = _("Naboen er kaldt: %(units)s.") % {"units": ", ".join(shown.passed_on)}
    if shown.state == State.UNANSWERED:
        nobody = _("Ingen har svaret. Ring til en kollega, og ring 112 ved fare.")
        return f"{nobody} {passed_on}" if shown.passed_on else nobody
    if shown.state == State.ESCALATED:
        return " ".join((_("Ingen har svaret endnu."), passed_on))
    return _("Ingen har svaret endnu.")


def reached(shown: Shown) -> str:
    """On whose pages it has been shown; what the one who called wants to know first."""
    if shown.reached:
        return _("Vist hos: %(names)s.") % {"names": ", ".join(shown.reached)}
    return _("Alarmen er ikke vist hos nogen endnu.")


def line(one: Line) -> str:
    """A line of the log."""
    words = {"name": one.who, "unit": one.unit}
    sentences = {
        Kind.RAISED: _("%(name)s slog alarm"),
        Kind.DELIVERED: _("Vist hos %(name)s"),
        Kind.ACKNOWLEDGED: _("%(name)s svarede: Jeg kommer"),
        Kind.ESCALATED: _("Ingen havde svaret. %(unit)s blev kaldt"),
        Kind.UNANSWERED: _("Ingen havde svaret"),
        Kind.ENDED: _("%(name)s afsluttede alarmen"),
    }
    return sentences[one.kind] % words
