"""What a page with forms gets on its way out: marks, the script, and the draft there is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape, format_html

from roedtraad.drafts import queries, writer
from roedtraad.drafts.markup import FoundForm, fill, forms_in
from roedtraad.drafts.naming import form_name
from roedtraad.drafts.queries import Kept
from roedtraad.drafts.rules import ASKED, WRITER, Typed, without_asking
from roedtraad.drafts.wording import when


@dataclass(frozen=True)
class Bar:
    """What stands above a form that has a draft."""

    key: UUID
    when: str
    page: str
    address: str
    filled: bool
    missing: tuple[Typed, ...] = ()


def show(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page with every form covered. One SQL when there is a form to type in, none otherwise."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return response
    if b"<form" not in response.content or not request.user.is_authenticated:
        return response
    html = response.content.decode(response.charset)
    forms = [form for form in forms_in(html, _address(request)) if form_name(form.action)]
    if not forms:
        return response
    typable = [form.action for form in forms if form.typable]
    kept = queries.at(request.user.pk, typable) if typable and request.method == "GET" else {}
    mark = format_html('<input type="hidden" name="{}" value="{}">', WRITER, writer.mark(request.user.pk))
    pieces, last = [], 0
    for form in forms:
        pieces += [html[last : form.start], _covered(request, html, form, mark, kept.get(form.action))]
        last = form.end
    html = "".join([*pieces, html[last:]])
    if typable:
        html = html.replace("</head>", render_to_string("drafts/head.html") + "</head>", 1)
        html = html.replace("</body>", render_to_string("drafts/words.html") + "</body>", 1)
    response.content = html.encode(response.charset)
    return response


def told(response: HttpResponse, page: str) -> HttpResponse:
    """The page that refuses, with a way to what was kept."""
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        note = render_to_string("drafts/told.html", {"page": page})
        html = response.content.decode(response.charset).replace("</main>", note + "</main>", 1)
        response.content = html.encode(response.charset)
    return response


def _covered(request: HttpRequest, html: str, form: FoundForm, mark: str, draft: Kept | None) -> str:
    tag, inside = html[form.start : form.tag_end], html[form.tag_end : form.end]
    if form.typable:
        tag = f'{tag[:-1]} data-draft="{escape(form.action)}">'
    if draft is None:
        return tag + mark + inside
    asked = request.GET.get(ASKED) == str(draft.key)
    missing: tuple[Typed, ...] = ()
    if asked:
        filled = fill(inside, draft.content.fields, str(draft.writing or ""))
        inside, missing = filled.html, filled.missing
        if not form.has_action:
            # Sent to where it was first typed for, so that it is known as the same form (access.sent).
            tag = f'{tag[:-1]} action="{escape(draft.content.action)}">'
    here = without_asking(request.get_full_path())
    bar = Bar(draft.key, when(draft.saved_at), here, asking(here, draft.key), asked, missing)
    return render_to_string("drafts/bar.html", {"bar": bar}, request) + tag + mark + inside


def asking(page: str, key: UUID) -> str:
    """The address of a page that puts the draft into its form."""
    return f"{page}{'&' if '?' in page else '?'}{ASKED}={quote(str(key))}"


def _address(request: HttpRequest) -> str:
    """Where the browser is, which for a fragment is not the address that was asked for."""
    if getattr(request, "htmx", False):
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        return (parts.path or request.path) + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()
