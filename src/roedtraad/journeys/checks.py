"""What must hold for stays and places, asked each night."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from roedtraad.core.checks import Check
from roedtraad.journeys.occupancy import COUNTED
from roedtraad.journeys.queries.sql import compose

# Only closed months: the running one grows by a day each night and is written by the night's own job.
_CLOSED = "daterange(NULL, date_trunc('month', %(today)s::timestamp)::date)"

CHECKS: list[Check] = [
    Check(
        "occupancy_months_recount",
        _("Er de gemte døgn pr. enhed og måned de samme, som opholdene giver, når de tælles igen?"),
        compose(
            """
        SELECT coalesce(o.unit_id, c.unit_id), coalesce(o.category, c.category), coalesce(o.month, c.month),
               o.bed_days, c.bed_days
        FROM (SELECT * FROM journeys_occupancymonth
              WHERE month < date_trunc('month', %(today)s::timestamp)::date) o
        FULL JOIN ({counted}) c USING (unit_id, category, month)
        WHERE o.bed_days IS DISTINCT FROM c.bed_days
            """,
            counted=compose(COUNTED, window=_CLOSED, units="true"),
        ),
    ),
    Check(
        "occupancy_months_of_the_future",
        _("Er der gemt døgn for måneder, der ikke er begyndt?"),
        "SELECT unit_id, category, month, bed_days FROM journeys_occupancymonth WHERE month > %(today)s",
    ),
    Check(
        "overlapping_residential_stays_of_one_citizen",
        _("Har nogen borger to døgnophold på samme dag?"),
        """
        SELECT a.key, b.key, a.actual * b.actual
        FROM journeys_stay a
        JOIN organisation_place pa ON pa.id = a.place_id AND pa.category = 'residential'
        JOIN journeys_stay b ON b.citizen_id = a.citizen_id AND b.id > a.id AND b.actual && a.actual
        JOIN organisation_place pb ON pb.id = b.place_id AND pb.category = 'residential'
        WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL
        """,
        "advarsel",
    ),
    Check(
        "stays_whose_payer_has_no_region",
        _("Ligger hver betalingskommune i en region på alle opholdets dage?"),
        """
        SELECT s.key, s.paying_municipality_id FROM journeys_stay s
        WHERE s.withdrawn_at IS NULL AND s.actual && daterange(NULL, %(today)s::date, '[]') AND NOT (
            SELECT coalesce(range_agg(m.valid), '{}'::datemultirange) FROM organisation_regionmembership m
            WHERE m.municipality_id = s.paying_municipality_id
        ) @> (s.actual * daterange(NULL, %(today)s::date, '[]'))
        """,
    ),
    Check(
        "stays_paid_by_another_than_the_citizens_payer",
        _("Er opholdets betalingskommune den, der er registreret for borgeren i dag?"),
        """
        SELECT s.key, s.paying_municipality_id, r.municipality_id
        FROM journeys_stay s
        JOIN citizens_municipalityrelation r
          ON r.citizen_id = s.citizen_id AND r.kind = 'paying' AND r.valid @> %(today)s::date
        WHERE s.withdrawn_at IS NULL AND s.actual @> %(today)s::date
          AND r.municipality_id <> s.paying_municipality_id
        """,
        "advarsel",
    ),
    Check(
        "agreed_places_without_places",
        _(
            "Findes der lige så mange pladser i dag, som der er aftalt for enheden og det, der hører under den?"
        ),
        """
        WITH RECURSIVE below AS (
            SELECT unit_id AS root, category, places, unit_id FROM organisation_agreedplaces
            WHERE valid @> %(today)s::date
            UNION
            SELECT b.root, b.category, b.places, v.unit_id FROM below b
            JOIN organisation_unitversion v ON v.parent_id = b.unit_id AND v.valid @> %(today)s::date
        ), found AS (
            SELECT t.unit_id, p.category, count(*) AS places FROM organisation_placeterm t
            JOIN organisation_place p ON p.id = t.place_id
            WHERE t.valid @> %(today)s::date GROUP BY 1, 2
        )
        SELECT u.key, b.category, b.places, coalesce(sum(f.places), 0)
        FROM below b JOIN organisation_unit u ON u.id = b.root
        LEFT JOIN found f ON f.unit_id = b.unit_id AND f.category = b.category
        GROUP BY 1, 2, 3 HAVING b.places <> coalesce(sum(f.places), 0)
        """,
        "advarsel",
    ),
    Check(
        "overdue_stays",
        _("Er der ophold, hvor bestillingen udløb for over 30 dage siden, og borgeren stadig er der?"),
        """
        SELECT key, ordered_end FROM journeys_stay
        WHERE withdrawn_at IS NULL AND actual_start IS NOT NULL AND actual_end IS NULL
          AND ordered_end < %(today)s::date - 30
        """,
        "advarsel",
    ),
]
