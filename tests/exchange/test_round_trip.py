"""What goes out comes in again unchanged, whatever the small world looks like."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from roedtraad.citizens.models import Citizen, MunicipalityRelation
from roedtraad.core.period import Period
from roedtraad.exchange import pipeline
from roedtraad.exchange.exporting import Export
from roedtraad.journeys.models import Stay
from roedtraad.organisation.models import PlaceTerm, UnitVersion
from tests import factories as make

TABLES = (UnitVersion, PlaceTerm, Citizen, MunicipalityRelation, Stay)
days = st.dates(date(2013, 1, 1), date(2025, 12, 31))
texts = st.text(st.characters(categories=["L", "N", "P", "Zs", "S"]), max_size=20).map(
    lambda t: " ".join(t.split())
)
names = (
    st.text(st.sampled_from("abcæøåÆÉ -'"), min_size=1, max_size=12)
    .map(lambda t: " ".join(t.split()))
    .filter(lambda t: t.strip("-' "))
)
spans = st.lists(days, min_size=2, max_size=5, unique=True).map(sorted)


def counted() -> dict[str, int]:
    """Rows of history by table."""
    return {table.__name__: table.events.rel.related_model.objects.count() for table in TABLES}  # type: ignore[attr-defined]  # pghistory's relation


class RoundTrip(TestCase):
    """Random small worlds."""

    @settings(
        max_examples=12,
        deadline=None,
        # A world takes long to make: shrinking one would take minutes.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), ending=st.sampled_from(["csv", "xlsx"]))
    def test_export_and_import_change_nothing(self, data: st.DataObject, ending: str) -> None:
        root = make.region_root()
        offer = make.unit("tang", parent=root, address=data.draw(texts), tasks=data.draw(texts))
        place = make.place("T-1", offer, start=date(2012, 1, 1))
        for n, bounds in enumerate(data.draw(st.lists(spans, max_size=3))):
            pairs = list(pairwise(bounds))
            unit = make.unit(f"u-{n}", name=data.draw(names), parent=root, start=pairs[0][0], end=pairs[0][1])
            for start, end in pairs[1:]:
                UnitVersion.objects.create(
                    unit=unit,
                    valid=Period(start, end).to_range(),
                    kind="hus",
                    name="x",
                    sort_key="x",
                    parent=root,
                )
            citizen = make.citizen(
                n + 1,
                first_name=data.draw(names),
                last_name=data.draw(names),
                address=data.draw(texts),
                address_protected=data.draw(st.booleans()),
            )
            for start, end in pairs:
                MunicipalityRelation.objects.create(
                    citizen=citizen,
                    kind=data.draw(st.sampled_from(["acting", "paying", "residence"])),
                    municipality=make.municipality("0791"),
                    valid=Period(start, end).to_range(),
                )
        citizen = make.citizen(50, last_name="Prøve")
        for start, end in pairwise(data.draw(spans)):
            make.stay(
                citizen,
                place,
                start,
                ordered_end=end - timedelta(days=1),
                moved_in=data.draw(st.booleans()),
                agreed_day_rate=data.draw(st.none() | st.decimals(0, 9999, places=2)),
            )
        before = counted()
        with TemporaryDirectory() as folder:
            for kind in ("enheder", "pladser", "borgere", "ophold"):
                path = Path(folder) / f"{kind}.{ending}"
                rows = Export(kind, with_cpr=True).write(path)
                outcome = pipeline.run(path, kind, write=True, user=None, filename=path.name)
                assert outcome.faults == []
                assert outcome.counts == {"new": 0, "changed": 0, "same": rows, "faulty": 0}
        assert counted() == before


@pytest.mark.django_db
def test_an_address_that_is_protected_never_leaves(tmp_path: Path) -> None:
    make.citizen(1, address="Hemmelig 1", address_protected=True)
    make.citizen(2, address="Åben 2")
    path = tmp_path / "borgere.csv"
    Export("borgere").write(path)
    text = path.read_text(encoding="utf-8-sig")
    assert "Hemmelig" not in text and "Åben 2" in text
    assert make.cpr_number(1) not in text
