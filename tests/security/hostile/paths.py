"""Addresses that lead out of the house."""

from __future__ import annotations

from tests.security.hostile.request import LONG, get

PATHS = (
    get("dots", "out of the house by dots", "leader", "/static/../../../../etc/passwd", 400, 404),
    get("coded-dots", "coded dots", "leader", "/static/..%2f..%2f..%2fetc/passwd", 400, 404),
    get("twice-coded-dots", "dots coded twice", "leader", "/static/%252e%252e%252fetc%252fpasswd", 400, 404),
    get("backslashes", "backslashes", "leader", "/static/..%5c..%5csettings.py", 400, 404),
    get("nul-in-path", "a NUL in the address", "leader", "/kapacitet/enhed/elme%00huset/", 400, 404),
    get("semicolon", "a parameter behind a semicolon", "leader", "/kapacitet/borgere/$other/;.css", 404),
    get(
        "semicolon-admin",
        "the administration behind a semicolon",
        "leader",
        "/x/..;/administration/brugere/",
        404,
    ),
    get("double-slash", "two slashes", "leader", "//attacker.invalid/%2e%2e", 400, 404),
    get("double-slash-inside", "two slashes inside", "leader", "/kapacitet//borgere/$other/", 404),
    get("as-a-style", "a page kept as a style sheet", "leader", "/kapacitet/borgere/$other/x.css", 404),
    get("unicode-slash", "a slash of another script", "leader", "/kapacitet/borgere%EF%BC%8F$other/", 404),
    get("bad-utf8", "letters that are none", "leader", "/kapacitet/enhed/%ff%fe/", 400, 404),
    get("surrogate", "half a letter", "leader", "/kapacitet/enhed/%ed%a0%80/", 400, 404),
    get("long-path", "an address of 100,000 signs", "leader", "/kapacitet/enhed/" + LONG + "/", 404),
    get("huge-number", "a row number beyond all bounds", "leader", "/kapacitet/plads/" + "9" * 40 + "/", 404),
    get("negative-number", "a row number below zero", "leader", "/kapacitet/plads/-1/", 404),
    get("arabic-digits", "digits of another script", "leader", "/kapacitet/plads/%D9%A1/", 404),
    get("template-path", "another kind of file", "economist", "/udveksling/skabelon/enheder.php", 404),
    get(
        "template-kind", "a file that is not offered", "economist", "/udveksling/skabelon/auth_user.csv", 404
    ),
    get("git", "the project's own history", "nobody", "/.git/config", 404),
    get("env", "the settings", "nobody", "/.env", 404),
    get("django-admin", "a door that is not there", "nobody", "/admin/login/", 404),
    get("debug", "a page for developers", "nobody", "/__debug__/", 404),
    get("jsi18n-like", "files of the data folder", "nobody", "/static/../var/keys.json", 400, 404),
)
