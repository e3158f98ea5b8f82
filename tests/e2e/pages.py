"""Where the pages are: what no link leads to, and the users who walk through all the rest.

The pages a role can reach are found by following its links, one example of each kind of page (see
`test_every_page`); here stand only the pages and the variants of pages that following would miss.
"""

from __future__ import annotations

ROLES = (
    "admin",
    "strateg",
    "leder",
    "oekonom",
    "kvalitet",
    "raad",
    "medarbejder",
    "viborg",
    "tilsyn",
    "borger",
    "paaroerende",
)
"""One demo user of each role; those who may change most come first."""

ANYBODY = ("/konto/login/", "/design/", "/konto/signup/")
"""Open without a login."""

VARIANTS: dict[str, tuple[str, ...]] = {
    "medarbejder": (
        "/vagt/hvem-er-her/",
        "/vagt/overlevering/",
        "/vagt/kalender/abonnement/",
        "/borgere/notat/",
        "/borgere/soeg/",
        "/borgere/overleveringer/",
    ),
    "leder": (
        "/effekt/tangkaer/?aar=2025",
        "/metoder/?viden=some&udgaaede=1",
        "/vagt/hvem-er-her/",
        "/vagt/kalender/?vis=dag",
        "/maalbillede/indikatorer/kapacitetsudnyttelse/raekker/?aar=2025&enhed=kildegade",
        "/kapacitet/?dato=2020-07-01",
        "/kapacitet/?opdel=kommune",
        "/kapacitet/ledige/?kategori=residential",
        "/kapacitet/borgere/?vis=alle",
        "/maalbillede/?aar=2025&enhed=sau",
        "/organisation/?dato=2013-06-01",
    ),
    "raad": (
        "/maalbillede/indikatorer/kapacitetsudnyttelse/raekker/?aar=2025&enhed=kildegade",
        "/maalbillede/?aar=2017",
        "/maalbillede/?aar=2019",
        "/maalbillede/?aar=2025&enhed=sau",
        "/maalbillede/?aar=2025&enhed=tangkaer",
        "/organisation/?dato=2013-06-01&fold=ud",
        "/organisation/forskelle/?fra=2013-06-01&til=2026-01-01",
        "/organisation/kort/?dato=2013-06-01",
        "/organisation/enhed/sau/?dato=2020-06-30",
    ),
    "admin": (
        "/administration/opslag/?first=2026-10-01&last=2026-11-16&size=20&seed=7",
        "/organisation/?dato=2020-06-30",
        "/organisation/enhed/ny-enhed-der-ikke-er/",
    ),
    "borger": ("/kapacitet/", "/denne-side-findes-ikke/"),
}
"""The past, levels of the target picture, filters, and the two ways of not getting in (403 and 404)."""

STEPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "leder": (("/", "li:has-text('flytter ind') a", "a[href$='/flyttet-ind/']"),),
    "borger": (("/kapacitet/borgere/", "tbody a[href*='/borgere/']", "a[href$='/saerlige-oplysninger/']"),),
    "admin": (("/administration/brugere/", "tbody a[href*='/brugere/']", "form[action$='/adgang/']"),),
}
"""Pages that hang on the right row: where to begin, and the links or forms to follow from there."""

REFUSED: dict[tuple[str | None, str], int] = {
    (None, "/konto/signup/"): 404,
    ("admin", "/organisation/enhed/ny-enhed-der-ikke-er/"): 404,
    ("borger", "/kapacitet/"): 403,
    ("borger", "/denne-side-findes-ikke/"): 404,
}
"""What is answered where it is not 200."""

DARK = (
    ("leder", "/"),
    ("leder", "/kapacitet/"),
    ("leder", "/kapacitet/book/"),
    ("raad", "/maalbillede/?aar=2019"),
    ("raad", "/organisation/?dato=2013-06-01"),
    ("admin", "/administration/opslag/?first=2026-10-01&last=2026-11-16&size=20&seed=7"),
    ("borger", "/"),
    (None, "/design/"),
    (None, "/konto/login/"),
)
"""A handful in the dark."""

NOT_PAGES = frozenset(
    {
        # Steps of a login or of changing one, seen by test_login_passkey: they come only where they belong.
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_deactivate_totp",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_app_picture",
        "mfa_login_webauthn",
        # Files and answers for programs.
        "journeys:capacity-export",
        "journeys:free-export",
        "drafts:save",
        "duty:feed",
        "exchange:download",
        "exchange:faults",
        "exchange:plan-bundle",
        "exchange:template",
        "exchange:progress",
        "organisation:units-file",
        "practice:assessment-csv",
        "practice:attachment",
        "organisation:diff-file",
        "effect:file",
        "safety:now",
        "safety:ticket",
        "steering:table",
        "steering:report",
        # Login through an identity provider, which the demo has none of: tests/accounts/federation and test_login_oidc.
        "openid_connect_login",
        "openid_connect_callback",
        "saml_login",
        "saml_acs",
        "saml_finish_acs",
        "saml_metadata",
        "socialaccount_connections",
        "socialaccount_signup",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        # What a button does: it answers by going to a page.
        "account_logout",
        # They take somebody who is away, and a handover not yet finished: test_calendar, test_every_form.
        "duty:absence-back",
        "duty:handover-write",
        "duty:absence-cancel",
        "duty:absence-restore",
        "duty:absence-reopen",
        "duty:appointment-cancel",
        "duty:appointment-undo",
        "duty:appointment-task-remove",
        "duty:handover-begin",
        "duty:handover-reopen",
        "duty:handover-read",
        "methods:use",
        "methods:qualify",
        "methods:qualification-end",
        "journeys:citizens-search",
        "journeys:stay-withdraw",
        "journeys:stay-undo",
        "journeys:protection-end",
        "journeys:fact-end",
        "citizens:network-remove",
        "citizens:network-move",
        "citizens:network-spread",
        "citizens:relation-end",
        "citizens:relation-login",
        "citizens:guardianship-end",
        "citizens:consent-withdraw",
        "citizens:contact-end",
        "exchange:confirm",
        "exchange:plan-upload",
        "exchange:plan-decline",
        "exchange:order-decline",
        # They take a message from another system, which the demo has none of: tests/exchange/fhir/test_pages.
        "exchange:plan-message",
        "exchange:order",
        "exchange:upload",
        "exchange:export",
        "exchange:retry",
        "organisation:unit-undo",
        "organisation:scenario-copy",
        "organisation:scenario-withdraw",
        "organisation:scenario-restore",
        "safety:answer",
        "safety:end",
        "safety:lone-check-in",
        "safety:lone-end",
        # There is an alarm only while one is going on: test_alarm.
        "safety:one",
        "practice:discard-assessment",
        "practice:end-effort",
        "practice:follow-up",
        "practice:rate",
        "practice:reopen-goal",
        "practice:withdraw-rating",
        "practice:note-sharing",
        "practice:note-board",
        "practice:note-goal",
        # Acts of a transition and of a package: test_transitions_pages, test_transition.
        "practice:transition-happened",
        "practice:transition-tie",
        "practice:new-package",
        "practice:refresh-package",
        "practice:review-package",
        "practice:send-package",
        "practice:keep-package-part",
        "practice:handover-read",
        "practice:handover-ask",
        "practice:handover-answer",
        "practice:handover-step",
        "steering:remove",
        "steering:undo",
        "drafts:discard",
        "portals:shift-unit",
        "portals:withdraw",
        "portals:my-share-stop",
        "voices:withdraw",
        # They take a message, a wish, a goal or a consent, of which there may be none: test_my_side.
        "portals:my-attached",
        "portals:my-conversation",
        "portals:my-goal",
        "portals:my-share",
        "portals:my-wish",
        "portals:relative-conversation",
        "portals:relative-message-new",
        "portals:relative-person",
        "portals:relative-picture",
        "voices:conversation",
        "portals:switch-role",
        "practice:series-end",
        "practice:task-act",
        "portals:language",
        "portals:user-password",
        "portals:user-second-factor",
        "portals:user-state",
        "portals:lookup-review",
        "portals:emergency-review",
        "portals:jobs-retry-all",
        "portals:job-retry",
        "portals:token-revoke",
    }
)
"""Addresses that show no page."""
