"""What the figures mean, in the words the pages show. Each function in this package says which it answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Definition:
    """A figure: its name, what it means, how it is worked out and where its rows come from."""

    label: Words
    definition: Words
    formula: Words = ""
    source: Words = ""


AGREED_DAYS = _("aftalte pladser i rammeaftalen × dage")
PLACE_DAYS = _("pladser der fandtes × dage")
ALL_BED_DAYS = _("alle brugte døgn i perioden")

EXISTING = Definition(
    _("Pladser"),
    _("Pladser, der findes på dagen: de har en enhed, et lovgrundlag og en målgruppe den dag."),
    source=_("Pladsernes perioder."),
)
AGREED = Definition(
    _("Aftalte pladser"),
    _(
        "Pladser, der er aftalt med kommunerne i rammeaftalen for dagen. De aftales pr. enhed, så de kan ikke deles "
        "på paragraf, alder eller målgruppe."
    ),
    source=_("Rammeaftalen."),
)
OCCUPIED = Definition(
    _("Belagte pladser"),
    _(
        "Pladser, hvor en borger bor eller er indskrevet på dagen. Det faktiske ophold tæller: en bestilling, der er "
        "udløbet, tømmer ikke pladsen."
    ),
    source=_("Opholdenes faktiske start og slut. Fortrudte ophold tæller ikke."),
)
RESERVED = Definition(
    _("Reserverede pladser"),
    _("Pladser, der er booket på dagen, men hvor borgeren ikke er flyttet ind endnu."),
    source=_("Opholdenes bestilte start og slut."),
)
FREE = Definition(
    _("Ledige pladser"),
    _("Pladser, der findes på dagen, og som hverken er belagt eller reserveret."),
    _("pladser − belagte − reserverede"),
)
OCCUPANCY_NOW = Definition(
    _("Belægning på dagen"),
    _(
        "Hvor stor en del af de aftalte pladser der er belagt på dagen. Den kan komme over 100 %, når der er solgt "
        "flere pladser end aftalt."
    ),
    _("belagte pladser ÷ aftalte pladser i rammeaftalen"),
)
OCCUPANCY = Definition(
    _("Kapacitetsudnyttelse"),
    _(
        "Hvor stor en del af de aftalte pladsers dage der blev brugt i perioden. Dage efter i dag regnes ikke med."
    ),
    _("brugte døgn ÷ (aftalte pladser i rammeaftalen × dage)"),
    _("Opholdenes faktiske dage, lagt sammen pr. enhed og måned."),
)
UNIQUE_CITIZENS = Definition(
    _("Unikke borgere"),
    _(
        "Forskellige borgere, der boede eller var indskrevet mindst én dag i perioden. En borger med flere ophold "
        "tæller én gang."
    ),
    source=_("Opholdenes faktiske dage."),
)
STAY_TURNOVER = Definition(
    _("Ind- og udflytninger"),
    _(
        "Ophold, der begyndte, og ophold, der sluttede i perioden. Den gennemsnitlige længde er for dem, der sluttede."
    ),
    _("dage fra indflytning til og med sidste dag, lagt sammen ÷ afsluttede ophold"),
)
COMING_FREE = Definition(
    _("Ledige nu og snart"),
    _(
        "Pladser, der er ledige i dag eller bliver det inden for perioden, og fra hvilken dag. Er et ophold længere end "
        "bestilt, vises pladsen først, når borgeren er flyttet."
    ),
    _("pladsens levetid − bookede og faktiske dage"),
)
MARKET_SHARE = Definition(
    _("Markedsandel"),
    _("Egne døgnpladser i procent af hele landets, for børn og unge og for voksne."),
    _("egne pladser på dagen ÷ pladser i hele landet ifølge kilden"),
    _("Egne pladser tælles i pladsernes perioder; landets pladser er et oplyst tal med år og kilde."),
)
TURNOVER_BY_REGION = Definition(
    _("Omsætning efter region"),
    _(
        "Hvad de brugte døgn kostede efter den aftalte takst, fordelt på den region, betalingskommunen lå i på dagen. "
        "Ophold uden aftalt takst tæller ikke med i kroner."
    ),
    _("brugte døgn × aftalt takst pr. døgn"),
)
HEAT_MAP = Definition(
    _("Dage i brug pr. uge"),
    _(
        "For hver plads og uge: dage, hvor nogen boede der, og dage, der er reserveret. Dage efter i dag er altid "
        "reserverede, aldrig brugte."
    ),
)
