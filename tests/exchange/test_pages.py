"""The pages about files in and out: who sees what, what they cost, and what a bad file is told."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roedtraad.access.models import LookupLog
from roedtraad.exchange import services
from roedtraad.exchange.formats import FORMATS
from roedtraad.exchange.models import Transfer
from tests import factories as make
from tests.exchange.worlds import World, stay_row

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]


@pytest.fixture
def admin(world: World, client: Client) -> Client:
    client.force_login(world.admin)
    return client


@pytest.fixture
def leader(world: World) -> Client:
    client = Client()
    client.force_login(world.leader)
    return client


def upload(client: Client, name: str, content: bytes, kind: str = "ophold") -> Any:
    return client.post(reverse("exchange:upload"), {"kind": kind, "file": SimpleUploadedFile(name, content)})


def test_the_overview_is_what_the_role_may(
    admin: Client, leader: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        page = admin.get(reverse("exchange:overview"))
    assert b'name="file"' in page.content
    assert b'name="with_cpr"' not in page.content
    with django_assert_max_num_queries(10):
        page = leader.get(reverse("exchange:overview"))
    assert b'name="file"' not in page.content
    assert b'name="with_cpr"' in page.content


@pytest.mark.parametrize("role", ["support_worker", "council", "inspector"])
def test_others_may_not(world: World, role: str) -> None:
    client = Client()
    client.force_login(make.user_with(role, world.root))
    assert client.get(reverse("exchange:overview")).status_code == 403


def test_a_leader_cannot_import(leader: Client) -> None:
    assert upload(leader, "o.csv", b"x").status_code == 403


def test_from_upload_to_result(
    admin: Client, world: World, write: Write, django_assert_max_num_queries: Any
) -> None:
    answer = upload(admin, "ophold.csv", write("ophold", [stay_row(world)]).read_bytes())
    transfer = Transfer.objects.get()
    assert answer.headers["Location"] == reverse("exchange:incoming", args=[transfer.pk])
    page = admin.get(answer.headers["Location"])
    assert b"hx-get" in page.content
    services.run_check(transfer.pk)
    with django_assert_max_num_queries(8):
        page = admin.get(answer.headers["Location"])
    assert "Indlæs 1 række" in page.content.decode()
    assert admin.get(reverse("exchange:progress", args=[transfer.pk])).headers["HX-Refresh"] == "true"
    admin.post(reverse("exchange:confirm", args=[transfer.pk]))
    services.run_apply(transfer.pk)
    page = admin.get(answer.headers["Location"]).content.decode()
    assert "Filen er indlæst: 1 nye rækker" in page


def test_faults_stand_with_their_rows(admin: Client, world: World, write: Write) -> None:
    upload(admin, "ophold.csv", write("ophold", [stay_row(world, place="T-9")]).read_bytes())
    transfer = Transfer.objects.get()
    services.run_check(transfer.pk)
    page = admin.get(reverse("exchange:incoming", args=[transfer.pk])).content.decode()
    assert "1 af 1 rækker har fejl" in page
    assert "»plads« peger på »T-9«" in page
    assert reverse("exchange:confirm", args=[transfer.pk]) not in page


def _zip(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


BAD_FILES = [
    (b"", "Filen er tom"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "adgangskode"),
    (b"PK\x03\x04" + b"x" * 100, "beskadiget"),
    (_zip(word__document_dot_xml="x"), "ikke et regneark"),
    (_zip(xl__workbook_dot_xml="x", xl__vbaProject_dot_bin="x"), "makroer"),
    (_zip(xl__workbook_dot_xml="x"), "beskadiget"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "ikke et regneark"),
    (b"navn;alder\r\nAne;7\r\n", "Det ligner ikke en fil med ophold"),
    ("nøgle;borger;plads\r\n".encode(), "mangler kolonnerne »betalingskommune«, »bestilt fra«"),
    (";".join([*FORMATS["ophold"].headings, "aftalt takts"]).encode(), "Mente du »aftalt takst«?"),
    (";".join([*FORMATS["ophold"].headings, "plads"]).encode(), "står der to gange"),
]


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_a_bad_file_gets_a_sentence_and_nothing_is_kept(
    admin: Client, content: bytes, words: str, tmp_path: Path
) -> None:
    answer = upload(admin, "fil.xlsx", content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Transfer.objects.exists()
    assert list((tmp_path / "files").iterdir()) == []


def test_a_file_that_is_too_large(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LARGEST", 10)
    assert "Filen fylder mere end" in upload(admin, "o.csv", b"x" * 11).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_as_programs_write_it(admin: Client, world: World, encoding: str, delimiter: str) -> None:
    headings = ["nøgle", "borger", "plads", "betalingskommune", "bestilt fra"]
    row = ["å-1", str(world.citizens[0].key), "T-1", "751", "01.03.2024"]
    text = "\n".join(delimiter.join(cells) for cells in (headings, [], row))
    assert upload(admin, "o.csv", text.encode(encoding)).status_code == 302
    services.run_check(Transfer.objects.get().pk)
    transfer = Transfer.objects.get()
    assert (transfer.status, transfer.samples[0]["label"], transfer.samples[0]["row"]) == ("ready", "å-1", 3)


def test_a_workbook_with_real_dates_and_numbers(admin: Client, world: World) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["nøgle", "borger", "plads", "betalingskommune", "bestilt fra", "aftalt takst"])
    sheet.append([7, int(make.cpr_number(1)), "T-1", 751, dt.datetime(2024, 3, 1), 2831.5])
    buffer = io.BytesIO()
    book.save(buffer)
    assert upload(admin, "o.xlsx", buffer.getvalue()).status_code == 302
    transfer = Transfer.objects.get()
    services.run_check(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.errors, transfer.counts["new"]) == ([], 1)


def test_a_small_export_comes_at_once_and_is_logged(leader: Client, world: World) -> None:
    make.stay(world.citizens[0], world.places[0], dt.date(2024, 1, 1))
    answer = leader.post(reverse("exchange:export"), {"kind": "ophold", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert str(world.citizens[0].key) in text
    looked = LookupLog.objects.get()
    assert (looked.citizen, looked.part, looked.user) == (world.citizens[0], "udtræk", world.leader)


def test_an_export_holds_only_whom_one_may_see(world: World) -> None:
    other = make.unit("andet", parent=world.root)
    make.stay(world.citizens[0], world.places[0], dt.date(2024, 1, 1))
    client = Client()
    client.force_login(make.user_with("leader", other))
    answer = client.post(reverse("exchange:export"), {"kind": "ophold", "format": "csv"})
    assert b"".join(answer.streaming_content).count(b"\r\n") == 1
    assert not LookupLog.objects.exists()


def test_a_role_without_citizens_cannot_ask_for_them(admin: Client) -> None:
    answer = admin.post(reverse("exchange:export"), {"kind": "borgere", "format": "csv"})
    assert answer.status_code == 422


def test_a_day_of_another_time(leader: Client, world: World) -> None:
    answer = leader.post(
        reverse("exchange:export"), {"kind": "pladser", "format": "csv", "as_of": "2012-01-01"}
    )
    assert b"".join(answer.streaming_content).count(b"\r\n") == 1
    answer = leader.post(
        reverse("exchange:export"), {"kind": "pladser", "format": "csv", "as_of": "0001-01-01"}
    )
    assert answer.status_code == 422


def test_anothers_export_is_not_found(leader: Client, world: World) -> None:
    leader.post(reverse("exchange:export"), {"kind": "pladser", "format": "xlsx"})
    pk = Transfer.objects.get().pk
    assert leader.get(reverse("exchange:outgoing", args=[pk])).status_code == 200
    assert leader.get(reverse("exchange:download", args=[pk])).status_code == 200
    client = Client()
    client.force_login(make.user_with("leader", world.root))
    assert client.get(reverse("exchange:outgoing", args=[pk])).status_code == 404
    assert client.get(reverse("exchange:download", args=[pk])).status_code == 403
    assert client.get(reverse("exchange:progress", args=[pk])).status_code == 404


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_can_be_read_back(admin: Client, kind: str, ending: str) -> None:
    content = admin.get(reverse("exchange:template", args=[kind, ending])).content
    assert upload(admin, f"{kind}.{ending}", content, kind).status_code == 302
    assert admin.get(reverse("exchange:columns", args=[kind])).status_code == 200
