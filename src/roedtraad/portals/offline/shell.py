"""The empty page and all it takes to show it, which a phone keeps beforehand, and the app as the phone installs it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

# All that the page asks for; a test walks the page and its scripts and finds nothing else.
FILES = (
    "vendor/dkfds/css/dkfds.min.css",
    "vendor/plex/IBMPlexSans-Regular-Latin1.woff2",
    "vendor/plex/IBMPlexSans-Medium-Latin1.woff2",
    "vendor/plex/IBMPlexSans-SemiBold-Latin1.woff2",
    "design/base.css",
    "design/tokens.css",
    "design/frame.css",
    "design/components.css",
    "design/data.css",
    "design/charts.css",
    "design/print.css",
    "design/mark.svg",
    "design/icons.svg",
    "design/trusted.js",
    "design/theme.js",
    "design/shortcuts.js",
    "design/dialog.js",
    "design/toasts.js",
    "design/slider.js",
    "design/charts-download.js",
    "vendor/htmx/htmx.min.js",
    "practice/tasks.css",
    "practice/notes.css",
    "portals/shift.css",
    "portals/offline/offline.css",
    "portals/offline/store.js",
    "portals/offline/sync.js",
    "portals/offline/words.js",
    "portals/offline/parts.js",
    "portals/offline/unsent.js",
    "portals/offline/page.js",
)
_TEMPLATES = Path(__file__).parent.parent / "templates" / "portals" / "offline"
# The sizes a phone asks for; the last kind may be cut to any form.
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


def files() -> list[str]:
    """The addresses a phone fetches beforehand, the page first."""
    return [reverse("portals:offline"), *(static(name) for name in FILES)]


@cache
def version() -> str:
    """A short text that changes when anything of it does: the names of the files say what is in them."""
    stamp = hashlib.sha256("\n".join(files()).encode())
    for name in ("page.html", "sw.js"):
        stamp.update((_TEMPLATES / name).read_bytes())
    return stamp.hexdigest()[:16]


def manifest() -> dict[str, Any]:
    """The app's name, colours and icons; it opens on Min vagt."""
    with override("da"):
        return {
            "id": "/",
            "name": _("Rødtråd – Min vagt"),
            "short_name": "Rødtråd",
            "description": _("Hvem er her, hvad skal ske nu, og et notat på tre tryk – også uden net."),
            "lang": "da",
            "dir": "ltr",
            "start_url": reverse("portals:my-shift"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf7f2",
            "theme_color": "#faf7f2",
            "icons": [
                {
                    "src": static(f"portals/offline/icon-{purpose}-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in ICONS
            ],
        }


def line_words() -> str:
    """What the line on Min vagt says about the net and the queue, as JSON. `{n}` is a number from two up."""
    return json.dumps(_line(), ensure_ascii=False)


def page_words() -> str:
    """The same, and what else the page's scripts say."""
    return json.dumps({**_line(), **_page()}, ensure_ascii=False)


def _page() -> dict[str, Any]:
    return {
        "kinds": {
            "note": _("Notat"),
            "correction": _("Rettet notat"),
            "start": _("Begyndt"),
            "end": _("Færdig"),
            "done": _("Gjort"),
            "skip": _("Blev ikke til noget"),
            "rating": _("Vurdering af mål"),
            "risk": _("Dagens risiko"),
        },
        "states": {
            "planned": "",
            "running": _("I gang"),
            "done": _("Færdig"),
            "skipped": _("Blev ikke til noget"),
        },
        "waits": _("venter på net"),
        "unset": _("Ikke sat"),
        "stale": _("{name} – for gammel"),
        "minutes": _("{n} min."),
        "choose": _("Vælg en borger"),
        "more": _("Andre, der er her: {n}"),
        "done": _("Klaret: {n}"),
        "kept": _("læst kl. {when}"),
        "theirs": _("{who}, {when}"),
        "sure": _("Det bliver slettet fra telefonen og bliver ikke sendt. Vil du det?"),
        "no_picture": _("uden billedet"),
    }


def _line() -> dict[str, str]:
    return {
        "sent": _("Alt er sendt"),
        "away": _("Uden net"),
        "out": _("Du er logget ud"),
        "waiting_one": _("1 venter på at blive sendt"),
        "waiting": _("{n} venter på at blive sendt"),
        "sending_one": _("1 bliver sendt"),
        "sending": _("{n} bliver sendt"),
        "back_one": _("1 kunne ikke gemmes"),
        "back": _("{n} kunne ikke gemmes"),
        "others_one": _("1 ligger låst, til den, der skrev det, logger ind"),
        "others": _("{n} ligger låst, til den, der skrev dem, logger ind"),
    }
