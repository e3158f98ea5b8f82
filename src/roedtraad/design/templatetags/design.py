"""Filters and tags of the design system: Danish figures, icons, sorting links, fields, block helpers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from roedtraad.core import danish
from roedtraad.design.icons import ICONS
from roedtraad.design.toasts import undo_path

register = template.Library()

Figure = Decimal | int | float | str | None
CURSORS = ("after", "before", "side", "cursor")
STATES = {"good": "●", "partly": "◐", "none": "○", "attention": "▲"}


def _decimal(value: Figure) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


@register.filter
def number(value: Figure, decimals: int = 0) -> str:
    """`{{ 1112|number:1 }}` → 1.112,0; nothing for a missing value."""
    figure = _decimal(value)
    return "" if figure is None else danish.number(figure, int(decimals))


@register.filter
def kroner(value: Figure, decimals: int = 0) -> str:
    """`{{ 2831|kroner }}` → 2.831 kr."""
    figure = _decimal(value)
    return "" if figure is None else danish.kroner(figure, int(decimals))


@register.filter
def mio(value: Figure, decimals: int = 1) -> str:
    """Kroner shown in millions."""
    figure = _decimal(value)
    return "" if figure is None else danish.mio(figure, int(decimals))


@register.filter
def percent(value: Figure, decimals: int = 1) -> str:
    """A figure that already is in per cent."""
    figure = _decimal(value)
    return "" if figure is None else danish.percent(figure, int(decimals))


@register.filter
def day(value: date | None) -> str:
    """The date in words."""
    return danish.day(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """The date in figures."""
    return danish.short_day(value) if value else ""


@register.simple_tag
def count(n: int, one: str, many: str) -> str:
    """`{% count 3 "plads" "pladser" %}` → 3 pladser."""
    return danish.count(n, one, many)


@register.filter
def status_shape(state: str) -> str:
    """The shape that goes with a state; the shape, the colour and the word always come together."""
    return STATES[state]


@register.filter
def undo_url(extra_tags: str | None) -> str:
    """The path that undoes what a message tells of."""
    return undo_path(extra_tags)


@cache
def _sprite() -> str:
    return static("design/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite; silent for screen readers unless it has a label of its own.

    Raises ValueError for a name that is not in the sprite.
    """
    if name not in ICONS:
        raise ValueError(f"There is no icon called {name!r}; see design/icons.py.")
    if label:
        return format_html(
            '<svg class="icon" width="20" height="20" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            label,
            _sprite(),
            name,
        )
    return format_html(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        _sprite(),
        name,
    )


def _parameters(context: Context, without: tuple[str, ...]) -> QueryDict:
    request = context.get("request")
    kept = request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)
    for name in without:
        kept.pop(name, None)
    return kept


@register.simple_tag(takes_context=True)
def sort_state(context: Context, key: str, current: str = "") -> dict[str, str]:
    """For a column: the link that sorts by it (or turns the order round) and what aria-sort should say."""
    kept = _parameters(context, ("sort", *CURSORS))
    request = context.get("request")
    asked = request.GET.get("sort", "") if isinstance(request, HttpRequest) else ""
    sort = asked or current
    kept["sort"] = f"-{key}" if sort == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "none")
    return {"url": f"?{kept.urlencode()}", "order": order}


@register.simple_tag(takes_context=True)
def kept_parameters(context: Context, *without: str) -> list[tuple[str, str]]:
    """The page's GET parameters, less those named and the page cursors: for hidden fields of a GET form."""
    kept = _parameters(context, (*without, *CURSORS))
    return [(name, value) for name, values in kept.lists() for value in values if isinstance(value, str)]


@register.simple_tag(takes_context=True)
def with_parameter(context: Context, name: str, value: Any) -> str:
    """This page's address with one GET parameter changed."""
    kept = _parameters(context, (name, *CURSORS))
    kept[name] = value.isoformat() if isinstance(value, date) else str(value)
    return f"?{kept.urlencode()}"


@register.simple_tag
def year_step(value: date, years: int, low: date, high: date) -> date | None:
    """The same day `years` later, held within [low, high]; None when that would be no step at all."""
    last = 28 if (value.month, value.day) == (2, 29) else value.day
    moved = min(max(date(value.year + years, value.month, last), low), high)
    return None if moved == value else moved


@register.filter
def days_from(value: date, start: date) -> int:
    """Days from `start` to the date."""
    return (value - start).days


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, check (one box), group (several boxes or radios) or input."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "input"


@register.simple_tag
def widget(field: BoundField, hint: str = "", extra_class: str = "") -> SafeString:
    """The field's control with the class of the public design system, tied to its hint and its error."""
    kind = field_kind(field)
    classes = [field.field.widget.attrs.get("class", ""), extra_class]
    if kind == "input":
        classes.append("form-select" if isinstance(field.field.widget, Select) else "form-input")
    attrs: dict[str, str | bool] = {"class": " ".join(name for name in classes if name)}
    told = [f"{field.auto_id}_hint"] if hint or field.help_text else []
    if field.errors:
        told.append(f"{field.auto_id}_error")
    if told and kind != "group":
        attrs["aria-describedby"] = " ".join(told)
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str) -> str:
    """What a block of the page says, without markup – so that the title is written once and used twice."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return " ".join(strip_tags(block.render(context)).split()) if block else ""


@register.simple_tag(takes_context=True)
def block_given(context: Context, name: str) -> bool:
    """Has the page put anything in the block? Looks at the template only, so nothing is drawn twice."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return bool(block and any(not hasattr(node, "s") or node.s.strip() for node in block.nodelist))
