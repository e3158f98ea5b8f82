"""Every distribution the synthetic years are drawn from, each with its reason. Pure.

What the documents state (places, unique citizens, staff, turnover by region) is not here: it is read from the
organisation's fixture files by `demo.facts`. Everything here is a declared assumption: it makes the world
plausible and lively, and describes no real offer, place or person. Weights need not add up to anything; they
are scaled to the stated totals.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

RESIDENTIAL, DAY = "residential", "day"
CHILD, ADULT = "child", "adult"

# -- the world's time ---------------------------------------------------------------------------------
# The present offers begin on this day in the organisation's fixtures.
WORLD_START = dt.date(2017, 1, 1)
# Events up to and including this day have happened; later ones are only ordered. A constant, so that the
# world is the same whatever day it is made.
CUT_DAY = dt.date(2026, 11, 15)
# Bookings reach a little beyond the last year, as bookings do.
HORIZON = dt.date(2027, 1, 31)
# The day the child law replaced the older paragraphs (domain rules § 2).
CHILD_LAW = dt.date(2024, 1, 1)
OLD_START, OLD_END = dt.date(2013, 1, 1), WORLD_START


@dataclass(frozen=True)
class Profile:
    """What stays on a kind of place are like.

    Lengths follow a gamma law with `shape` and mean `mean_days`; the empty days between two stays an
    exponential law with mean `vacant_days`. `ages` are the lowest, the usual and the highest age.
    `staff` are relative full-time posts a place: pedagogical, care, health, administrative, other.
    """

    category: str
    age_group: str
    basis: str
    mean_days: int
    shape: float
    vacant_days: float
    ages: tuple[int, int, int]
    rate_class: str
    ends_known: bool
    returns: float
    staff: tuple[float, float, float, float, float]
    basis_before_2024: str | None = None
    circle: str = ""  # stays of one circle may follow each other for the same citizen


PROFILES: dict[str, Profile] = {
    # A home for life: one in fourteen places changes hands a year; the order has no end; a room is made
    # ready and offered for about three months.
    "housing": Profile(RESIDENTIAL, ADULT, "SEL108", 5200, 1.0, 80, (18, 46, 92), "bo", False, 0.05,
                       (1.1, 0.50, 0.22, 0.14, 0.25), circle="adult"),
    # The same life, but by the housing law: a tenancy.
    "tenancy": Profile(RESIDENTIAL, ADULT, "ABL105", 5200, 1.0, 70, (18, 50, 92), "bo", False, 0.05,
                       (1.0, 0.45, 0.20, 0.14, 0.22), circle="adult"),
    # Temporary: three years on average, with an end in the order.
    "temporary": Profile(RESIDENTIAL, ADULT, "SEL107", 1100, 1.5, 40, (18, 29, 70), "bo", True, 0.20,
                         (1.3, 0.30, 0.25, 0.14, 0.20), circle="adult"),
    # Rehabilitation after brain injury: about ten months, then home or on to housing.
    "rehabilitation": Profile(RESIDENTIAL, ADULT, "SEL107", 420, 2.0, 25, (18, 48, 75), "rehab", True, 0.15,
                              (1.0, 0.70, 0.70, 0.15, 0.20), circle="adult"),
    # Children and young placed: nearly four years, ends near 18 or with aftercare to 22.
    "child": Profile(RESIDENTIAL, CHILD, "BL43", 1400, 1.5, 40, (4, 13, 22), "barn", True, 0.15,
                     (1.8, 0.20, 0.22, 0.18, 0.25), basis_before_2024="SEL66", circle="child"),
    # Secure: a surrogate for custody or an observation: some three months; many come back.
    "secure": Profile(RESIDENTIAL, CHILD, "BL62", 95, 1.6, 7, (12, 16, 17), "sikret", True, 0.50,
                      (2.6, 0.05, 0.20, 0.22, 0.40), basis_before_2024="SEL66", circle="secure"),
    # Partly closed: eight months.
    "partly_closed": Profile(RESIDENTIAL, CHILD, "BL61", 260, 1.6, 14, (12, 16, 17), "delvis", True, 0.30,
                             (2.3, 0.05, 0.20, 0.20, 0.35), basis_before_2024="SEL66", circle="secure"),
    # Sheltered work and activity: years, often as long as the housing.
    "sheltered": Profile(DAY, ADULT, "SEL103", 1900, 1.2, 55, (18, 38, 67), "dag", False, 0.10,
                         (0.22, 0.02, 0.04, 0.03, 0.08)),
    "activity": Profile(DAY, ADULT, "SEL104", 2000, 1.2, 55, (18, 47, 90), "dag", False, 0.10,
                        (0.25, 0.06, 0.06, 0.03, 0.06)),
    # Internal schools follow the placement.
    "school": Profile(DAY, CHILD, "FSL22", 800, 1.6, 30, (6, 13, 17), "skole", True, 0.10,
                      (0.45, 0.00, 0.05, 0.04, 0.04)),
    # Courses in communication: some ten weeks, by day, each year's citizens mostly new.
    "course": Profile(DAY, ADULT, "SUV1", 68, 2.0, 5, (18, 58, 85), "dag", True, 0.25,
                      (0.30, 0.00, 0.35, 0.10, 0.05)),
}  # fmt: skip

# Places by unit: (unit, profile, weight). No source tells the single offers' sizes. The weights follow what
# an offer of its kind usually has: a group home 8–16, a village like Tangkær 70, a secure department 5 beds.
OFFERS: tuple[tuple[str, str, int], ...] = (
    ("hinnerup-kollegiet-afd", "housing", 26), ("aadalen", "housing", 14), ("engstien", "temporary", 12),
    ("seniorhuset", "tenancy", 10), ("gudenaa-kollegiet-afd", "housing", 20),
    ("nordre-faellesvej", "temporary", 8), ("kildebo", "housing", 8), ("baekketoften-afd", "housing", 14),
    ("rugmarken", "housing", 8), ("mejerivaenget", "tenancy", 10), ("overbygaard", "housing", 10),
    ("goedvad-botilbud", "housing", 18), ("hoejskolebakken-thorning", "temporary", 14),
    ("kildegade", "temporary", 12), ("dannebrogsgade", "tenancy", 8), ("banebyen", "temporary", 10),
    ("provstegade", "tenancy", 9), ("soeren-moellers-vej", "tenancy", 8),
    ("tagdaekkervej", "rehabilitation", 16), ("tagdaekkervej", "housing", 18),
    ("boligerne-svalevej", "tenancy", 22), ("handi-ka", "temporary", 6), ("hoeskoven-afd", "housing", 24),
    ("boligerne-josiassens-vej", "tenancy", 18), ("bocentret-fogedvaenget", "housing", 22),
    ("bocentret-fogedvaenget", "temporary", 8), ("soenderparken", "housing", 34),
    ("tangkaer", "housing", 62), ("tangkaer", "temporary", 12), ("pilebakken", "housing", 24),
    ("gaardhaven-afd", "housing", 22), ("sct-mikkel-afd", "temporary", 18), ("mosetoft", "housing", 24),
    ("bygmarken", "tenancy", 18), ("noerholm", "housing", 28), ("grankoglerne", "housing", 20),
    ("gaardene-i-paderup", "tenancy", 34), ("hald-ege", "child", 26), ("moellebaekken", "child", 26),
    ("fenrishus", "child", 26), ("fogedvaenget", "child", 20), ("overgangen", "child", 12),
    ("ulfborghus", "child", 10), ("kloevhoej", "child", 16), ("granbo", "child", 14),
    ("grenen", "secure", 15), ("koglen", "secure", 10), ("grenen-glesborg", "partly_closed", 16),
    ("multifunc", "partly_closed", 12), ("holmstrupgaard", "child", 34), ("bjergtoppen", "child", 8),
    ("aeblevangen", "child", 8), ("enggaarden", "child", 8), ("hinnerup-kollegiet-afd", "activity", 42),
    ("gudenaa-kollegiet-afd", "activity", 18), ("baekketoften-afd", "activity", 14),
    ("hoejskolebakken-thorning", "sheltered", 12), ("kildegade", "sheltered", 10),
    ("tagdaekkervej", "activity", 32), ("boligerne-svalevej", "activity", 28),
    ("handi-ka", "sheltered", 26), ("hoeskoven-afd", "activity", 24),
    ("boligerne-josiassens-vej", "activity", 16), ("tangkaer", "activity", 34),
    ("soenderparken", "activity", 20), ("gaardhaven-afd", "activity", 14), ("mosetoft", "activity", 22),
    ("noerholm", "sheltered", 26), ("gaardene-i-paderup", "activity", 34),
    ("grankoglerne", "activity", 16), ("hald-ege", "school", 18), ("moellebaekken", "school", 22),
    ("fenrishus", "school", 28), ("fogedvaenget", "school", 18), ("kloevhoej", "school", 12),
    ("grenen", "school", 12), ("grenen-glesborg", "school", 12), ("koglen", "school", 8),
    ("multifunc", "school", 8), ("holmstrupgaard", "school", 30), ("ikh", "course", 62),
)  # fmt: skip

# The target group follows the specialist area's name.
TARGET_GROUPS = {
    "sau": "autism", "soh": "brain_injury", "svo": "social_psychiatry", "sua": "developmental",
    "sbu": "disability", "dok": "crime", "ikh-omraade": "communication",
    "holmstrupgaard-omraade": "social_psychiatry", "socialpsykiatri-boern-unge": "social_psychiatry",
    "udviklingsforstyrrelser-fysisk-handicap": "disability",
}  # fmt: skip

# Capacity follows demand outside the years the documents count (nothing moves from 2019-01-01 to 2021-01-01):
# (unit, profile, places, first day, first day after). Extra places that existed for a while, or came later.
EXTRA_PLACES: tuple[tuple[str, str, int, dt.date, dt.date | None], ...] = (
    ("tangkaer", "housing", 8, WORLD_START, dt.date(2018, 1, 1)),
    ("soenderparken", "housing", 6, WORLD_START, dt.date(2019, 1, 1)),
    ("hald-ege", "child", 8, WORLD_START, dt.date(2018, 1, 1)),
    ("noerholm", "sheltered", 12, WORLD_START, dt.date(2019, 1, 1)),
    ("goedvad-botilbud", "housing", 6, dt.date(2021, 1, 1), None),
    ("multifunc", "partly_closed", 4, dt.date(2022, 1, 1), None),
    ("kildegade", "temporary", 6, dt.date(2023, 1, 1), None),
)
# Ordinary places that close: (unit, profile, places, first day after).
CLOSED_PLACES: tuple[tuple[str, str, int, dt.date], ...] = (
    ("moellebaekken", "child", 5, dt.date(2022, 1, 1)),
    ("pilebakken", "housing", 4, dt.date(2024, 1, 1)),
    ("mosetoft", "activity", 6, dt.date(2025, 1, 1)),
)

# 2013: (unit, age group, weight of residential places, weight of day places) of the 31 offers. Sizes are
# assumed; the document gives the totals and that about two thirds are meant for adults.
ADULT_SHARE_2013 = 2 / 3
OFFERS_2013: tuple[tuple[str, str, int, int], ...] = (
    ("hinnerup-kollegiet", ADULT, 70, 50), ("gudenaakollegiet", ADULT, 45, 24),
    ("baekketoften", ADULT, 28, 18), ("tagdaekkervej", ADULT, 44, 40), ("boligerne-svalevej", ADULT, 26, 34),
    ("hoeskoven", ADULT, 34, 50), ("soenderparken", ADULT, 44, 26), ("tangkaer", ADULT, 84, 40),
    ("pilebakken", ADULT, 28, 10), ("blaakaergaard", ADULT, 34, 14), ("gaardhaven", ADULT, 30, 18),
    ("sct-mikkel", ADULT, 30, 0), ("mosetoft", ADULT, 32, 28), ("bygmarken", ADULT, 24, 0),
    ("noerholm", ADULT, 36, 40), ("elbaek-hoejskole", ADULT, 24, 10), ("granbakken", ADULT, 24, 18),
    ("saustrup", ADULT, 20, 12), ("stormly", ADULT, 18, 10), ("ikh", ADULT, 0, 60),
    ("hald-ege", CHILD, 36, 24),
    ("himmelbjerggaarden", CHILD, 36, 24), ("oustruplund", CHILD, 34, 26), ("moellebaekken", CHILD, 34, 26),
    ("engvejen", CHILD, 28, 20), ("fenrishus", CHILD, 30, 30), ("ulriksdal", CHILD, 24, 16),
    ("grenen", CHILD, 34, 24), ("koglen", CHILD, 12, 8), ("multifunc", CHILD, 14, 10),
    ("holmstrupgaard", CHILD, 48, 34),
)  # fmt: skip
# The paragraph of 2013's places: the commonest of its kind, as the single places are not known.
BASIS_2013 = {
    (RESIDENTIAL, ADULT): "SEL108",
    (RESIDENTIAL, CHILD): "SEL66",
    (DAY, ADULT): "SEL104",
    (DAY, CHILD): "FSL22",
}

# -- stays --------------------------------------------------------------------------------------------
# Some offers fill a place at once, some wait: a unit's empty days are multiplied by a factor between these.
VACANCY_FACTOR = (0.5, 1.9)
# The share of places empty on the first day.
VACANT_AT_START = 0.04
# A place that closes takes no new citizen in its last days.
NO_NEW_BEFORE_CLOSING = 45
# A stay that follows another for the same citizen within so many days is a move between places…
MOVE_WITHIN_DAYS = 30
# …one in six new stays in the same circle is such a move: houses are meant to follow the need.
MOVE_SHARE = 0.16
# …and within so many days a return (share in the profile).
RETURN_WITHIN_DAYS = 900
# Moving in a little later than ordered: one in seven, up to two weeks.
LATE_START_SHARE, LATE_START_DAYS = 0.14, 14
# Of orders with an end, one in five is overstayed and one in ten left early, by up to two months.
OVERSTAY_SHARE, LEFT_EARLY_SHARE, ORDER_SLIP_DAYS = 0.20, 0.10, 60
# Of the open stays on the cut day about one in ninety is overdue: the order ended up to three weeks ago.
OVERDUE_SHARE, OVERDUE_DAYS = 0.011, (2, 21)
# Not every coming vacancy has been booked yet.
BOOKED_AHEAD_SHARE = 0.6
# Half of the adults with a day offer live in the same area's housing, and most pupils of internal schools.
DAY_CITIZEN_LIVES_HERE = {"school": 0.85, "course": 0.0, "activity": 0.6, "sheltered": 0.4}

# -- citizens -----------------------------------------------------------------------------------------
# About one in twenty-five has address protection; higher than in the population because of threats.
ADDRESS_PROTECTED = 0.04
# Young with secure stays are mostly boys; elsewhere slightly more men than women.
MALE_SHARE = {"secure": 0.88}
MALE_SHARE_ELSEWHERE = 0.57
# One in five has a middle name.
MIDDLE_NAME_SHARE = 0.2
# Names from Greenland and from Arabic-speaking countries, as in any Danish town; the shares are assumed.
ORIGINS = (("greenlandic", 0.02), ("arabic", 0.04))
# The public test series has 7th digit 9: birth years 1937–2036. Earlier ones have no test number.
FIRST_CPR_YEAR = 1937
# The family moves to another municipality in the region between two stays of one citizen: one in seven.
PAYER_CHANGE_SHARE = 0.14
# A municipality has known the citizen for some years before the first stay.
KNOWN_BEFORE_DAYS = (120, 2200)

# -- who pays -----------------------------------------------------------------------------------------
# The share labelled "Andet" has no municipality behind it, so the others are scaled up to the whole.
NO_MUNICIPALITY = "Andet"
# Inhabitants in thousands, roughly (general knowledge): larger municipalities buy more places.
INHABITANTS = {
    "0615": 93, "0657": 89, "0661": 59, "0665": 19, "0671": 21, "0706": 43, "0707": 37, "0710": 49,
    "0727": 23, "0730": 98, "0740": 97, "0741": 4, "0746": 63, "0751": 355, "0756": 42, "0760": 56,
    "0766": 47, "0779": 45, "0791": 97,
}  # fmt: skip
# Outside the region the neighbours buy most ("særligt de kommuner, der grænser op"): the weight halves for
# every so many kilometres to the nearest municipality of the region.
HALVING_KM = 25
# An operator that is a municipality sells mostly to itself.
MUNICIPAL_OWN_SHARE = 0.8

# -- rates --------------------------------------------------------------------------------------------
# Which published rates a place's rate is drawn around: texts that the service's name contains.
RATE_CLASSES: dict[str, tuple[str, ...]] = {
    "bo": ("Bostøtte", "Botilbud"),
    "rehab": ("Rehabilitering",),
    "barn": ("Glesborg Toppen", "MultifunC delvis"),
    "sikret": ("Grenen", "Koglen Granhuset", "Koglen Lærkehuset"),
    "delvis": ("MultifunC døgn", "Kernehuset §66"),
    "dag": ("Svalevej", "Josiassens Vej", "Tagdækkervej", "Høskoven takst", "Handi-K@"),
    "skole": ("intern skole",),
}
# A published day-offer rate is below this, housing above it: it tells services of the same name apart.
DAY_RATE_BELOW = 1500
# Around: a few per cent either way, as single agreements differ.
RATE_SPREAD = 0.05
# The published rates are taken as the price level of 2020; later and earlier years follow a yearly rise of
# two per cent (general knowledge: about the regional price and pay regulation).
RATE_YEAR, RATE_RISE = 2020, 0.02

# -- staff --------------------------------------------------------------------------------------------
# Shares of full time with weights: 37 hours for most, then the usual part-time norms (35, 32, 30, 28, 20).
FTE_STEPS: tuple[tuple[int, int], ...] = ((100, 50), (95, 12), (86, 16), (81, 12), (76, 6), (54, 4))
# Posts there on the counting day that began after the world did, and posts that ended before it.
BEGAN_LATER, ENDED_BEFORE = 0.08, 0.07
# Posts that end after the counting day, and posts that come: health grows, administration shrinks.
ENDS_AFTER = {"pedagogical": 0.08, "care": 0.08, "health": 0.06, "administrative": 0.10, "other": 0.09}
COMES_AFTER = {"pedagogical": 0.10, "care": 0.11, "health": 0.16, "administrative": 0.05, "other": 0.06}
# Half of the administration sits with the area's own office rather than in an offer (000, section 2.1).
AREA_OFFICE_SHARE = 0.5
TITLES: dict[str, tuple[str, ...]] = {
    "pedagogical": (
        "Pædagog", "Pædagog", "Socialpædagog", "Pædagogisk assistent", "Lærer", "Omsorgsmedhjælper",
    ),
    "care": (
        "Social- og sundhedsassistent", "Social- og sundhedsassistent", "Social- og sundhedshjælper",
        "Plejer",
    ),
    "health": (
        "Sygeplejerske", "Sygeplejerske", "Ergoterapeut", "Fysioterapeut", "Psykolog", "Logopæd",
    ),
    "administrative": ("Assistent", "Afdelingsleder", "Administrativ medarbejder", "Konsulent"),
    "other": (
        "Nattevagt", "Køkkenassistent", "Teknisk servicemedarbejder", "Rengøringsassistent",
        "Værkstedsassistent",
    ),
}  # fmt: skip

# -- larger worlds ------------------------------------------------------------------------------------
# Copies of the region in the world that is twenty times larger.
COPIES = 20
# Other regions share what the country has beyond Region Midtjylland; no source at hand tells how.
OTHER_REGIONS = {"1084": 5, "1085": 4, "1083": 4, "1081": 3}
# A municipality's own places: (child residential, adult residential, day) each, a round assumption.
MUNICIPAL_PLACES = (8, 44, 40)
# What they are: (key, words, profile, weight).
MUNICIPAL_OFFERS = (
    ("bo", "Bosteder", "housing", 3),
    ("mid", "Midlertidige boliger", "temporary", 1),
    ("bu", "Børn og unge", "child", 1),
    ("dag", "Dagtilbud", "activity", 1),
)

# -- look-ups -----------------------------------------------------------------------------------------
# Rows of the log in the weeks before the cut day, so that sampling has something to sample.
LOOKUPS, LOOKUP_WEEKS = 320, 6
LOOKUP_PARTS = ("ophold", "stamoplysninger", "borgerens tidslinje")
