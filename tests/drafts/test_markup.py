"""Finding forms in HTML, and filling them."""

from __future__ import annotations

import html as entities
import re
from html import escape

from django import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.drafts.markup import fill, forms_in
from roedtraad.drafts.rules import Typed

PAGE = """<body>
<form method="get"><input name="q"></form>
<form method="POST" class="a>b" action="../ret/?a=1&amp;b=2"><button>Ret</button></form>
<form method="post"><input type="hidden" name="k"><input name="x" data-y="type=&quot;hidden&quot;"></form>
<form action="https://ude.dk/" method="post"><select name="s"></select></form>
<form method="post" action="?c=1"><input type="password" name="p"><input type="file" name="f"></form>
</body>"""


def test_the_forms_that_are_sent_and_where() -> None:
    found = list(forms_in(PAGE, "/en/side/?b=1&kladde=x"))
    assert [(form.action, form.has_action, form.typable) for form in found] == [
        ("/en/ret/?a=1&b=2", True, False),
        ("/en/side/?b=1", False, True),
        ("/en/side/?c=1", True, False),
    ]
    assert PAGE[found[1].tag_end : found[1].end].endswith('&quot;">')


class Every(forms.Form):
    """One of each kind of field."""

    text = forms.CharField(required=False)
    area = forms.CharField(required=False, widget=forms.Textarea)
    one = forms.ChoiceField(required=False, choices=[("a", "A"), ('b<&"', "B"), ("", "ingen")])
    many = forms.MultipleChoiceField(required=False, choices=[("1", "et"), ("2", "to"), ("3", "tre")])
    round = forms.ChoiceField(required=False, choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(
        required=False, choices=[("p", "P"), ("q", "Q")], widget=forms.CheckboxSelectMultiple
    )
    tick = forms.BooleanField(required=False)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=40
)


@settings(deadline=None)
@given(
    first=st.fixed_dictionaries({"text": WORDS, "one": st.sampled_from(["a", ""]), "tick": st.booleans()}),
    text=WORDS,
    area=WORDS,
    one=st.sampled_from(["a", 'b<&"', ""]),
    many=st.sets(st.sampled_from("123")),
    round_=st.sampled_from("xy"),
    boxes=st.sets(st.sampled_from("pq")),
    tick=st.booleans(),
    hidden=WORDS,
)
def test_a_filled_form_is_the_form_django_would_have_shown(
    first: dict[str, object],
    text: str,
    area: str,
    one: str,
    many: set[str],
    round_: str,
    boxes: set[str],
    tick: bool,
    hidden: str,
) -> None:
    """Whatever stood in it before; compared with the same values given to Django itself."""
    typed = {
        "text": text, "area": area, "one": one, "many": sorted(many), "round": round_,
        "boxes": sorted(boxes), "tick": tick, "hidden": hidden,
    }  # fmt: skip
    fields = []
    for name, value in typed.items():
        if value is True:
            fields.append(Typed(name, "on"))
        elif value is not False:
            fields += [Typed(name, each) for each in (value if isinstance(value, list) else [str(value)])]
    shown = fill(str(Every(initial=first)), fields)
    assert values_in(shown.html) == values_in(str(Every(initial=typed)))
    assert shown.missing == ()


def values_in(html: str) -> list[tuple[str, str]]:
    """What a browser would send of the form."""
    found, select = [], ""
    for match in re.finditer(r"<(input|select|option|textarea)\b((?:[^>\"]|\"[^\"]*\")*)>([^<]*)", html):
        tag, inside, after = match.groups()
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', inside))
        bare = set(re.sub(r'"[^"]*"', "", inside).split())
        name, value = given.get("name", ""), entities.unescape(given.get("value", ""))
        if tag == "select":
            select = name
        elif tag == "option" and "selected" in bare:
            found.append((select, value))
        elif tag == "textarea":
            found.append((name, entities.unescape(after).removeprefix("\r").removeprefix("\n")))
        elif tag == "input" and given.get("type") in {"checkbox", "radio"}:
            found += [(name, value or "on")] if "checked" in bare else []
        elif tag == "input":
            found.append((name, value))
    return found


def test_passwords_files_and_the_houses_own_fields_stay_as_they_are() -> None:
    html = (
        '<input type="hidden" name="csrfmiddlewaretoken" value="ny"><input type="hidden" name="request_id" value="r">'
        '<input type="password" name="p"><input type="file" name="f"><button name="act" value="book">x</button>'
    )
    fields = [Typed(name, "gammel") for name in ("csrfmiddlewaretoken", "p", "f", "act")]
    assert fill(html, fields).html == html
    assert 'name="request_id" value="n&amp;1"' in fill(html, fields, "n&1").html


def test_what_is_folded_away_is_unfolded_when_something_is_in_it() -> None:
    html = (
        '<details class="a"><summary>x</summary><details><input name="a"></details><input name="b"></details>'
        '<details><input name="c"></details><details open><input name="b"></details><details><input name="d"></details>'
    )
    filled = fill(html, [Typed("b", "1"), Typed("b", "2"), Typed("c", ""), Typed("d", "4")]).html
    assert re.findall(r"<details[^>]*>", filled) == [
        '<details class="a" open>',
        "<details>",
        "<details>",
        "<details open>",
        "<details open>",
    ]


def test_what_finds_no_place_is_told() -> None:
    html = '<select name="s"><option value="1">et</option></select><input name="t">'
    fields = [
        Typed("s", "2", "Sted", "to"),
        Typed("t", "ja", "Tekst"),
        Typed("u", "væk", "Ude"),
        Typed("v", "x"),
    ]
    assert [one.name for one in fill(html, fields).missing] == ["s", "u"]


def test_nothing_typed_becomes_markup() -> None:
    evil = '"><script>alert(1)</script></textarea>'
    filled = fill('<input name="a"><textarea name="b"></textarea>', [Typed("a", evil), Typed("b", evil)]).html
    assert "<script>" not in filled
    assert filled.count("</textarea>") == 1
    assert escape(evil) in filled
