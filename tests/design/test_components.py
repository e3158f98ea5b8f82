"""Every component renders what it promises."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

import roedtraad.design
from roedtraad.design import charts
from roedtraad.design.icons import ICONS
from roedtraad.design.toasts import undo_path

ROOT = Path(roedtraad.design.__file__).parent
TEMPLATES = ROOT / "templates"
COMPONENTS = sorted(path.stem for path in (TEMPLATES / "cotton").glob("*.html"))


def draw(source: str, path: str = "/side/", **context: Any) -> str:
    """The markup of a piece of template, with the request of `path`."""
    request = RequestFactory().get(path)
    template = engines["django"].from_string("{% load design charts %}" + CottonCompiler().process(source))
    return re.sub(r"[ \n\t]+", " ", template.render(context, request))


class SampleForm(forms.Form):
    name = forms.CharField(label="Navn", help_text="Som på listen")
    kind = forms.ChoiceField(label="Slags", choices=[("a", "A")], required=False)
    parts = forms.MultipleChoiceField(
        label="Dele", choices=[("1", "En")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="Enig", required=False)


def test_the_sample_page_shows_every_component() -> None:
    page = (TEMPLATES / "design" / "components.html").read_text()
    frame = (TEMPLATES / "design" / "page.html").read_text()
    inside = "".join(path.read_text() for path in (TEMPLATES / "cotton").glob("*.html"))
    missing = [name for name in COMPONENTS if f"<c-{name.replace('_', '-')}" not in page + frame + inside]
    assert missing == []


def test_the_thread_links_up_and_marks_where_one_is() -> None:
    html = draw('<c-thread :steps="steps" />', steps=[("Vision", "/v/"), ("Spor", None), ("Her", "/h/")])
    assert '<a href="/v/">Vision</a>' in html
    assert "<span>Spor</span>" in html
    assert '<span aria-current="page">Her</span>' in html
    assert "/h/" not in html


def test_what_lies_in_the_page_does_not_leak_into_a_component() -> None:
    html = draw("<c-card>indhold</c-card>", title="Sidens titel", href="/x/", note="note", tone="good")
    assert "Sidens titel" not in html
    assert "panel-good" not in html


@pytest.mark.parametrize(
    ("state", "shape", "word"),
    [
        ("good", "●", "På sporet"),
        ("partly", "◐", "Delvis"),
        ("none", "○", "Ingen data endnu"),
        ("attention", "▲", "Kræver opmærksomhed"),
    ],
)
def test_a_status_is_shape_and_word(state: str, shape: str, word: str) -> None:
    html = draw('<c-status state="{{ state }}" />', state=state)
    assert shape in html
    assert word in html


def test_a_stat_takes_a_definition_in_place_of_its_value() -> None:
    html = draw(
        '<c-stat label="Belægning" note="n" state="good" :trend="t">'
        '<c-definition value="95,1 %" definition="d" formula="f" source="s" href="/r/" /></c-stat>',
        t=[1, 2, 3],
    )
    assert "<details" in html
    assert "<svg" in html
    for text in ("95,1 %", ">d<", ">f<", ">s<", 'href="/r/"'):
        assert text in html


def test_a_table_names_its_region_and_offers_the_exports() -> None:
    html = draw('<c-table caption="Pladser" export_csv="/c" export_xlsx="/x"><tbody></tbody></c-table>')
    assert 'role="region" aria-label="Tabel: Pladser" tabindex="0"' in html
    assert "<caption>Pladser</caption>" in html
    assert 'href="/c"' in html
    assert 'href="/x"' in html


@pytest.mark.parametrize(
    ("path", "order", "link"),
    [
        ("/side/?under=3&after=x", "none", "?under=3&amp;sort=name"),
        ("/side/?sort=name", "ascending", "?sort=-name"),
        ("/side/?sort=-name", "descending", "?sort=name"),
    ],
)
def test_a_column_sorts_and_turns_keeping_the_rest_of_the_address(path: str, order: str, link: str) -> None:
    html = draw('<c-th key="name" label="Navn" />', path)
    assert f'aria-sort="{order}"' in html
    assert f'href="{link}"' in html


def test_filters_work_without_and_with_htmx() -> None:
    plain = draw('<c-filters label="Afgræns">x</c-filters>')
    assert 'method="get"' in plain
    assert "hx-" not in plain
    assert "<button" in plain
    live = draw('<c-filters target="#results">x</c-filters>', "/liste/")
    assert 'hx-get="/liste/"' in live
    assert 'hx-push-url="true"' in live


def test_a_field_ties_its_label_hint_and_error_together() -> None:
    html = draw('<c-field :field="form.name" />', form=SampleForm({}))
    assert '<label class="form-label" for="id_name">' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "form-error" in html


def test_each_kind_of_field_has_its_layout() -> None:
    form = SampleForm()
    assert "form-select" in draw('<c-field :field="form.kind" />', form=form)
    assert "kan udelades" in draw('<c-field :field="form.kind" />', form=form)
    assert "<fieldset" in draw('<c-field :field="form.parts" />', form=form)
    assert "<legend" in draw('<c-field :field="form.parts" />', form=form)
    assert "check-line" in draw('<c-field :field="form.agree" />', form=form)


def test_the_error_summary_links_to_the_fields_and_is_silent_without_errors() -> None:
    assert 'href="#id_name"' in draw('<c-form-errors :form="form" />', form=SampleForm({}))
    assert "error-summary" not in draw('<c-form-errors :form="form" />', form=SampleForm({"name": "x"}))


def test_a_button_is_a_link_or_a_button_and_passes_attributes_on() -> None:
    assert '<a class="btn btn-secondary" href="/x/"' in draw(
        '<c-button kind="secondary" href="/x/">X</c-button>'
    )
    html = draw('<c-button name="role" value="a" disabled>X</c-button>')
    assert 'type="submit"' in html
    assert 'name="role"' in html
    assert " disabled" in html


def test_a_dialog_has_a_way_without_scripts() -> None:
    html = draw('<c-dialog id="d" title="Slet?" label="Slet" fallback="/slet/">Ja</c-dialog>')
    assert 'href="/slet/" data-dialog="d"' in html
    assert '<dialog class="dialog" id="d" aria-labelledby="d-title">' in html


def test_a_toast_offers_undo_as_a_form() -> None:
    html = draw('<c-toast message="Gemt" undo_url="/fortryd/1/" />')
    assert '<form method="post" action="/fortryd/1/">' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize("tags", ["undo://evil.example/", "undo:https://evil.example/", "undo:x", "", None])
def test_undo_never_leaves_the_site(tags: str | None) -> None:
    assert undo_path(tags) == ""


def test_undo_path_is_read_from_the_tags_of_a_message() -> None:
    message = Message(constants.SUCCESS, "Gemt", extra_tags="undo:/ophold/1/fortryd/")
    assert undo_path(message.extra_tags) == "/ophold/1/fortryd/"


def test_the_date_slider_steps_by_years_within_its_limits_and_keeps_the_filters() -> None:
    html = draw(
        '<c-date-slider :value="v" :min="low" :max="high" />',
        "/side/?under=3&dato=2024-02-29",
        v=dt.date(2024, 2, 29),
        low=dt.date(2017, 1, 1),
        high=dt.date(2024, 12, 31),
    )
    assert 'value="2024-02-29"' in html
    assert "dato=2023-02-28" in html
    assert "dato=2024-12-31" in html
    assert '<input type="hidden" name="under" value="3">' in html
    assert 'max="2921" value="2615"' in html


def test_a_tree_of_mappings_unfolds_to_its_depth() -> None:
    nodes = [
        {
            "label": "Region",
            "url": "/r/",
            "children": [{"label": "Tilbud", "children": [{"label": "Hus", "badge": 2, "children": []}]}],
        }
    ]
    html = draw('<c-tree :nodes="nodes" label="Enheder" />', nodes=nodes)
    assert html.count("<details") == 2
    assert html.count(" open>") == 1
    assert not re.search(r"<summary>(?:(?!</summary>).)*<a ", html)
    assert draw('<c-tree :nodes="nodes" :open_levels="2" />', nodes=nodes).count(" open>") == 2


def test_a_meter_and_a_sparkline_say_their_figures_in_words() -> None:
    assert 'aria-label="Belægning: 95,1\xa0%, mål 95,0\xa0%"' in draw(
        '<c-meter value="95.1" target="95" label="Belægning" />'
    )
    html = draw(
        '<c-sparkline :values="v" :labels="l" label="B" unit="%" />', v=[90, None, 95.5], l=list("abc")
    )
    assert 'aria-label="B: 90,0\xa0% (a) → 95,5\xa0% (c)"' in html


@pytest.mark.parametrize(
    "source",
    [
        '<c-line-chart title="T" :series="series" :labels="labels" :target="target" unit="%" />',
        '<c-line-chart title="T" :values="values" :labels="labels" :band="band" />',
        '<c-bar-chart title="T" :items="items" :target="target" />',
        '<c-stacked-bar title="T" :items="items" />',
        '<c-tile-map title="T" :tiles="tiles" />',
    ],
)
def test_a_chart_is_named_sized_and_has_a_table_twin(source: str) -> None:
    html = draw(
        source,
        series=[("A", [1000.5, 2]), {"label": "B", "values": [3, None]}],
        values=[1000.5, 2],
        labels=["før", "nu"],
        target=3.5,
        band=(1, 2),
        items=[("A", 1000.5), ("B", 2)],
        tiles=[(0, 0, "A", 1000.5), (1, 0, "B", 2)],
    )
    assert "<table" in html
    assert "1.000,5" in html or "1.001" in html
    for tag in re.findall(r'<svg class="plot[^>]*>', html):
        assert re.search(r'viewBox="0 0 \d+ \d+" width="\d+" height="\d+"', tag)
        assert 'aria-label="T' in tag
    numbers = re.findall(r' (?:x|y|x1|cx|cy|width|height|r)="([^"]*)"', html)
    assert numbers
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers)


def test_a_heat_map_is_a_table_with_words_for_its_gaps() -> None:
    rows = charts.heat_rows([("Hus 1", [1, None]), ("Hus 2", [5, 9])], ["mandag", "tirsdag"])
    html = draw('<c-heatmap title="Dage" :rows="rows" :columns="columns" />', rows=rows, columns=["ma", "ti"])
    assert html.count('<th scope="col">') == 3
    assert html.count('<th scope="row">') == 2
    assert "ingen data" in html
    assert "tone-4" in html


def test_a_heat_map_heads_each_group_once() -> None:
    cells = [charts.HeatCell(1, "1")]
    rows = [charts.HeatRow(name, cells, group=group) for name, group in (("a", "X"), ("b", "X"), ("c", "Y"))]
    html = draw('<c-heatmap title="T" :rows="rows" :columns="columns" />', rows=rows, columns=["ma"])
    assert html.count("heat-group") == 2


def test_the_small_parts() -> None:
    assert "panel-attention" in draw('<c-card title="T" tone="attention" href="/k/">x</c-card>')
    assert 'class="badge badge-good"' in draw('<c-badge label="ny" tone="good" />')
    assert "Prøv" in draw('<c-empty title="Tomt" text="t" action="Prøv" href="/p/" />')
    assert 'rel="next" href="?after=3"' in draw('<c-pager next="?after=3" />')
    assert "<nav" not in draw("<c-pager />")
    assert 'aria-current="step"' in draw('<c-stepper :steps="s" :current="2" />', s=["a", "b"])
    html = draw('<c-progress id="p" label="L" value="1000" top="2000" text="halvt" poll="/job/" />')
    assert 'value="1000"' in html
    assert 'hx-get="/job/"' in html


def test_icons_and_sprite_are_alike() -> None:
    sprite = (ROOT / "static" / "design" / "icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == ICONS


def test_an_unknown_icon_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="no icon"):
        Template('{% load design %}{% icon "enhjørning" %}').render(Context())


def test_figures_are_danish_and_a_missing_one_is_nothing() -> None:
    html = draw("{{ a|number:1 }}|{{ a|kroner }}|{{ b|percent }}|{{ m|mio }}|{{ n|number }}|{{ d|day }}",
                a=1112, b=95.14, m=1112000000, n=None, d=dt.date(2024, 3, 3))  # fmt: skip
    assert html == "1.112,0|1.112\xa0kr.|95,1\xa0%|1.112,0\xa0mio.\xa0kr.||3. marts 2024"
