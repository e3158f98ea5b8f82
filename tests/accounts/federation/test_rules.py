"""What a login must say, and what its privileges give. No database, no web."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from roedtraad.access.roles import SCOPE
from roedtraad.accounts.federation import rules
from roedtraad.accounts.federation.mapping import MappingFault, RoleMap, Wanted, read_roles
from roedtraad.accounts.federation.privileges import LARGEST, Privilege, read_privileges
from roedtraad.accounts.federation.refused import Refused
from roedtraad.accounts.federation.rules import (
    ClaimNames,
    Level,
    NameId,
    check_level,
    from_claims,
    from_oiosaml,
    level_from,
)

REGION = "29190925"
VIBORG = "29189846"
UUID = "urn:uuid:323e4567-e89b-12d3-a456-426655440000"
KINDS = {role.value: kind for role, kind in SCOPE.items()}
LIST = '<bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">{}</bpp:PrivilegeList>'
GROUP = (
    '<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{cvr}">{constraint}'
    "<Privilege>{name}</Privilege></PrivilegeGroup>"
)


def encoded(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


def attributes(**changed: Any) -> dict[str, list[str]]:
    full = {
        rules.SPEC_VERSION: ["OIO-SAML-3.0"],
        rules.LEVEL: ["Substantial"],
        rules.FULL_NAME: ["Lis  Leder"],
        rules.CVR: [REGION],
        rules.ORGANISATION: ["Region Prøve"],
        rules.PERSISTENT_ID: [UUID],
    }
    full |= {getattr(rules, name): value for name, value in changed.items()}
    return {name: value for name, value in full.items() if value is not None}


# ---- the level -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Low", Level.LOW),
        ("Substantial", Level.SUBSTANTIAL),
        ("high", Level.HIGH),
        ("https://data.gov.dk/concept/core/nsis/loa/Substantial", Level.SUBSTANTIAL),
    ],
)
def test_a_level_is_read_as_nsis_writes_it(text: str, level: Level) -> None:
    assert level_from(text) == level


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "level_missing"),
        ("   ", "level_missing"),
        ("3", "level_unknown"),
        ("urn:mace:incommon:iap:silver", "level_unknown"),
        ("https://ondt.dk/nsis/loa/High", "level_unknown"),
        ("Substantial High", "level_unknown"),
    ],
)
def test_a_login_that_does_not_say_its_level_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        level_from(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("least", [Level.SUBSTANTIAL, Level.HIGH])
@pytest.mark.parametrize("found", list(Level))
def test_below_the_level_asked_for_only_a_citizen_gets_in(found: Level, least: Level) -> None:
    check_level(found, least, only_citizen=True)
    if found >= least:
        check_level(found, least, only_citizen=False)
    else:
        with pytest.raises(Refused, match="kræves mindst") as refusal:
            check_level(found, least, only_citizen=False)
        assert refusal.value.code == "level_low"


# ---- who it is -----------------------------------------------------------------------------------------------


def test_an_oiosaml_login_says_who_for_whom_and_how_surely() -> None:
    privileges = encoded(LIST.format(GROUP.format(cvr=REGION, constraint="", name="urn:dk:rt:leder")))
    who = from_oiosaml(attributes(PRIVILEGES=[privileges]), NameId("noget andet"))
    assert (who.persistent_id, who.full_name, who.level) == (UUID, "Lis Leder", Level.SUBSTANTIAL)
    assert (who.cvr, who.organisation) == (REGION, "Region Prøve")
    assert who.privileges == (Privilege("urn:dk:rt:leder", REGION),)


def test_without_the_shared_uuid_the_persistent_subject_is_the_id() -> None:
    who = from_oiosaml(attributes(PERSISTENT_ID=None), NameId("p-1", rules.PERSISTENT_FORMAT))
    assert who.persistent_id == "p-1"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"PERSISTENT_ID": None}, "no_persistent_id"),
        ({"PERSISTENT_ID": ["x" * 192]}, "no_persistent_id"),
        ({"PERSISTENT_ID": ["a\x00b"]}, "no_persistent_id"),
        ({"PERSISTENT_ID": [UUID, "urn:uuid:anden"]}, "attribute_twice"),
        ({"LEVEL": ["High", "Low"]}, "attribute_twice"),
        ({"LEVEL": None}, "level_missing"),
        ({"CVR": ["1234567"]}, "cvr_malformed"),
        ({"CVR": ["١٢٣٤٥٦٧٨"]}, "cvr_malformed"),
        ({"SPEC_VERSION": ["DK-SAML-2.0"]}, "spec_version"),
        ({"PRIVILEGES": ["ikke base64!"]}, "privileges_unreadable"),
    ],
)
def test_an_oiosaml_login_that_is_unclear_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_oiosaml(
            attributes(**changed),
            NameId("mail@example.dk", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        )
    assert refusal.value.code == code
    assert UUID not in str(refusal.value)


def test_claims_say_the_same_by_the_names_the_operator_gives() -> None:
    names = ClaimNames(id="oid", level="nsis", privileges="roller")
    claims = {"sub": "x", "oid": "abc", "nsis": "High", "name": "Lis", "cvr": REGION, "roller": ["leder", 7]}
    who = from_claims(claims, names)
    assert (who.persistent_id, who.level, who.cvr) == ("abc", Level.HIGH, REGION)
    assert who.privileges == (Privilege("leder", REGION),)
    packed = encoded(LIST.format(GROUP.format(cvr=VIBORG, constraint="", name="urn:x")))
    assert from_claims(claims | {"roller": packed}, names).privileges == (Privilege("urn:x", VIBORG),)


@pytest.mark.parametrize("acr", [None, 3, ["Substantial"], {"x": 1}])
def test_a_claim_that_is_no_text_is_no_claim(acr: Any) -> None:
    with pytest.raises(Refused) as refusal:
        from_claims({"sub": "abc", "acr": acr}, ClaimNames())
    assert refusal.value.code == "level_missing"


# ---- privileges ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "namespace",
    ["http://digst.dk/oiosaml/basic_privilege_profile", "http://itst.dk/oiosaml/basic_privilege_profile"],
)
@pytest.mark.parametrize("prefix", ["bpp:", ""])
def test_both_namespaces_and_both_ways_of_writing_the_groups_are_read(namespace: str, prefix: str) -> None:
    mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    constraint = '<Constraint Name="urn:enhed">elmehuset</Constraint>'
    group = GROUP.format(cvr=REGION, constraint=constraint, name=" urn:leder ")
    found = read_privileges(
        encoded(f'<{prefix}PrivilegeList {mark}="{namespace}">{group}</{prefix}PrivilegeList>')
    )
    assert found == (Privilege("urn:leder", REGION, (("urn:enhed", "elmehuset"),)),)
    assert found[0].constraint("urn:enhed") == "elmehuset"
    assert found[0].constraint("urn:andet") == ""


def test_another_kind_of_scope_belongs_to_no_organisation() -> None:
    group = '<PrivilegeGroup Scope="urn:dk:gov:saml:cprNumberIdentifier:1"><Privilege>p</Privilege></PrivilegeGroup>'
    assert read_privileges(encoded(LIST.format(group))) == (Privilege("p", ""),)


def test_a_constraint_given_twice_says_nothing() -> None:
    twice = Privilege("p", REGION, (("urn:enhed", "a"), ("urn:enhed", "b")))
    assert twice.constraint("urn:enhed") == ""


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PLAIN = GROUP.format(cvr=REGION, constraint="", name="p")


@pytest.mark.parametrize(
    "text",
    [
        "%%%",
        encoded("ikke xml"),
        encoded("<PrivilegeList/>"),
        encoded('<x xmlns="http://digst.dk/oiosaml/basic_privilege_profile"/>'),
        encoded(LIST.format("<Andet/>")),
        encoded(LIST.format("<PrivilegeGroup Scope='urn:x'/>")),
        encoded(LIST.format("<PrivilegeGroup><Privilege>p</Privilege></PrivilegeGroup>")),
        encoded(LIST.format(PLAIN.replace("p</P", "<b/>p</P"))),
        encoded(LIST.format(PLAIN.replace("p</P", "p<!-- q --></P"))),
        encoded(LIST.format(PLAIN.replace("p</P", "p<?php ?></P"))),
        encoded(BOMB + LIST.format(PLAIN.replace("p</P", "&b;</P"))),
        encoded(XXE + LIST.format(PLAIN.replace("p</P", "&a;</P"))),
        encoded(XXE + LIST.format(PLAIN)),
        base64.b64encode((XXE + LIST.format(PLAIN)).encode("utf-16")).decode(),
        "A" * (LARGEST + 4),
        encoded(LIST.format(PLAIN * 1001)),
    ],
)
def test_what_is_no_list_of_privileges_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_privileges(text)
    assert refusal.value.code == "privileges_unreadable"


# ---- the operator's file -------------------------------------------------------------------------------------

FILE = f"""
region = ["{REGION}"]

[municipalities]
"{VIBORG}" = "0791"

[[grant]]
privilege = "urn:dk:rt:strateg"
role = "strategist"
unit = "social"

[[grant]]
privilege = "urn:dk:rt:leder"
role = "leader"
unit_from = "urn:dk:rt:enhed"

[[grant]]
privilege = "urn:dk:rt:sagsbehandler"
role = "caseworker"
municipality = "own"
"""


@pytest.fixture
def roles() -> RoleMap:
    return read_roles(FILE, KINDS)


def test_privileges_become_the_accesses_of_the_file(roles: RoleMap) -> None:
    leader = Privilege("urn:dk:rt:leder", REGION, (("urn:dk:rt:enhed", "elmehuset"),))
    strategist = Privilege("urn:dk:rt:strateg", REGION)
    assert roles.wanted([leader, strategist, leader], REGION) == (
        Wanted("leader", "unit", "elmehuset"),
        Wanted("strategist", "unit", "social"),
    )
    caseworker = Privilege("urn:dk:rt:sagsbehandler", VIBORG)
    assert roles.wanted([caseworker], VIBORG) == (Wanted("caseworker", "municipality", "0791"),)


@pytest.mark.parametrize(
    ("privilege", "cvr"),
    [
        (Privilege("urn:dk:rt:ukendt", REGION), REGION),
        (Privilege("urn:dk:rt:leder", REGION), REGION),
        (Privilege("urn:dk:rt:strateg", REGION), VIBORG),
        (Privilege("urn:dk:rt:strateg", VIBORG), VIBORG),
        (Privilege("urn:dk:rt:strateg", VIBORG), REGION),
        (Privilege("urn:dk:rt:sagsbehandler", REGION), REGION),
        (Privilege("urn:dk:rt:strateg", ""), ""),
    ],
    ids=[
        "unknown",
        "no unit named",
        "logged in elsewhere",
        "a municipality's",
        "another's",
        "no municipality",
        "nobody's",
    ],
)
def test_a_privilege_counts_only_where_it_belongs(roles: RoleMap, privilege: Privilege, cvr: str) -> None:
    assert roles.wanted([privilege], cvr) == ()


def test_the_file_may_be_json() -> None:
    text = f'{{"region": "{REGION}", "grant": [{{"privilege": "p", "role": "council", "unit": "social"}}]}}'
    assert read_roles(text, KINDS).wanted([Privilege("p", REGION)], REGION) == (
        Wanted("council", "unit", "social"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[grant", "hverken TOML eller JSON"),
        ("{", "hverken TOML eller JSON"),
        ("roller = 1", "Kender ikke »roller«"),
        ("grant = 1", "»grant« skal være en liste"),
        ('region = ["123"]', "otte cifre"),
        ('[municipalities]\n"x" = "0791"', "kommunekode på fire cifre"),
        ('[[grant]]\nrole = "leader"\nunit = "x"', "nr. 1: »privilege« mangler"),
        ('[[grant]]\nprivilege = "p"\nrole = "konge"\nunit = "x"', "kender ikke rollen »konge«"),
        ('[[grant]]\nprivilege = "p"\nrole = "citizen"\nunit = "x"', "bestemt borger"),
        ('[[grant]]\nprivilege = "p"\nrole = "leader"', "enten »unit« eller »unit_from«"),
        (
            '[[grant]]\nprivilege = "p"\nrole = "leader"\nunit = "x"\nunit_from = "y"',
            "enten »unit« eller »unit_from«",
        ),
        ('[[grant]]\nprivilege = "p"\nrole = "caseworker"\nunit = "x"', 'municipality = "own"'),
        (
            '[[grant]]\nprivilege = "p"\nrole = "caseworker"\nmunicipality = "0791"',
            "den kommune, man logger ind for",
        ),
        ('[[grant]]\nprivilege = "p"\nrole = "caseworker"\nmunicipality = "own"', "»municipalities« mangler"),
        ('[[grant]]\nprivilege = "p"\nrole = "leader"\nunit = "x"', "»region« mangler"),
        ('[[grant]]\nprivilege = "p"\nrole = "leader"\nunit = "x"\nhvor = "y"', "kender ikke »hvor«"),
        ("[[grant]]\nprivilege = 7", 'navn = "tekst"'),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(MappingFault) as fault:
        read_roles(text, KINDS)
    assert words in str(fault.value)
