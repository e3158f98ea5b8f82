import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from roedtraad.core import encrypted
from roedtraad.core.encrypted import EncryptedTextField, FieldKeyError, blind_index, decrypt, encrypt


def key(seed: str) -> str:
    return base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()


UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set key variables (None removes) and make them take effect."""

    def use(**variables: str | None) -> None:
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(f"ROEDTRAAD_{name}", raising=False)
            else:
                monkeypatch.setenv(f"ROEDTRAAD_{name}", value)
        encrypted.reset_keys()

    use(FIELD_KEYS=f"k1:{key('1')}", FIELD_KEYS_FILE=None, INDEX_KEY=key("index"))
    yield use
    monkeypatch.undo()
    encrypted.reset_keys()


def test_what_is_stored_has_the_declared_form(use_keys: UseKeys) -> None:
    stored = encrypt("Åse", "borger.navn")
    assert stored[:4] == b"\x01\x02k1"
    assert len(stored) == 4 + 12 + len("Åse".encode()) + 16
    assert stored != encrypt("Åse", "borger.navn")


def test_old_values_open_after_a_new_key_came_first(use_keys: UseKeys) -> None:
    stored = encrypt("Åse", "borger.navn")
    fingerprint = blind_index("Åse", "navn")
    use_keys(FIELD_KEYS=f"k2:{key('2')},k1:{key('1')}")
    assert decrypt(stored, "borger.navn") == "Åse"
    assert encrypt("Åse", "borger.navn")[2:4] == b"k2"
    assert blind_index("Åse", "navn") == fingerprint


def test_an_unknown_key_is_named(use_keys: UseKeys) -> None:
    stored = encrypt("Åse", "borger.navn")
    use_keys(FIELD_KEYS=f"k2:{key('2')}")
    with pytest.raises(FieldKeyError, match="nøglen “k1”, som ikke findes her"):
        decrypt(stored, "borger.navn")


def test_a_wrong_key_under_the_right_name_is_refused(use_keys: UseKeys) -> None:
    stored = encrypt("Åse", "borger.navn")
    use_keys(FIELD_KEYS=f"k1:{key('another')}")
    with pytest.raises(FieldKeyError, match="kan ikke låses op"):
        decrypt(stored, "borger.navn")


def test_a_value_moved_to_another_column_is_refused(use_keys: UseKeys) -> None:
    with pytest.raises(FieldKeyError, match="kan ikke låses op"):
        decrypt(encrypt("Åse", "borger.navn"), "borger.cpr")


@pytest.mark.parametrize(
    "stored", [b"", b"\x01", b"\x02\x02k1" + bytes(40), b"\x01\x02k1" + bytes(11), b"\x01\xff"]
)
def test_other_bytes_are_refused(use_keys: UseKeys, stored: bytes) -> None:
    with pytest.raises(FieldKeyError, match="ikke den form"):
        decrypt(stored, "borger.navn")


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("", "mangler nøgler"),
        (",", "tom"),
        (key("1"), "mangler sit navn"),
        ("k1:abc", "base64"),
        ("k1:æøå", "base64"),
        (f"k1:{base64.b64encode(b'short').decode()}", "skal være på 32 byte, men er på 5"),
        (f"k1:{key('1')},k1:{key('2')}", "to gange"),
    ],
)
def test_malformed_keys_are_refused_without_showing_them(use_keys: UseKeys, keys: str, sentence: str) -> None:
    use_keys(FIELD_KEYS=keys)
    with pytest.raises(FieldKeyError, match=sentence) as refused:
        encrypted.load_keys()
    assert key("1") not in str(refused.value)


def test_keys_from_a_private_file(use_keys: UseKeys, tmp_path: Path) -> None:
    stored = encrypt("Åse", "borger.navn")
    file = tmp_path / "nøgler"
    file.write_text(f"k2:{key('2')}\nk1:{key('1')}\n")
    file.chmod(0o600)
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE=str(file))
    assert encrypted.load_keys().current == "k2"
    assert decrypt(stored, "borger.navn") == "Åse"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_file_others_may_touch_is_refused(use_keys: UseKeys, tmp_path: Path, mode: int) -> None:
    file = tmp_path / "nøgler"
    file.write_text(f"k1:{key('1')}")
    file.chmod(mode)
    use_keys(FIELD_KEYS=None, FIELD_KEYS_FILE=str(file))
    with pytest.raises(FieldKeyError, match="chmod 0600"):
        encrypted.load_keys()


def test_a_missing_key_file_and_two_sources_are_refused(use_keys: UseKeys, tmp_path: Path) -> None:
    use_keys(FIELD_KEYS_FILE=str(tmp_path / "findes ikke"))
    with pytest.raises(FieldKeyError, match="kun den ene"):
        encrypted.load_keys()
    use_keys(FIELD_KEYS=None)
    with pytest.raises(FieldKeyError, match="kan ikke læses"):
        encrypted.load_keys()


def test_keys_do_not_show_in_their_representation(use_keys: UseKeys) -> None:
    assert repr(encrypted.load_keys()) == "FieldKeys(current='k1')"


def test_the_blind_index_depends_on_value_purpose_and_key(use_keys: UseKeys) -> None:
    prints = {
        blind_index("0201609995", "cpr"),
        blind_index("0201609996", "cpr"),
        blind_index("0201609995", "sag"),
    }
    use_keys(INDEX_KEY=key("another index"))
    prints.add(blind_index("0201609995", "cpr"))
    assert len(prints) == 4 and {len(p) for p in prints} == {32}
    use_keys(INDEX_KEY=None)
    with pytest.raises(FieldKeyError, match="Sæt ROEDTRAAD_INDEX_KEY"):
        blind_index("0201609995", "cpr")


def bound(field: EncryptedTextField, table: str) -> EncryptedTextField:
    """The field as it stands in a table, without the app registry a model class would need."""
    field.set_attributes_from_name("cpr")
    vars(field)["model"] = SimpleNamespace(_meta=SimpleNamespace(db_table=table, abstract=False))
    return field


def test_the_field_takes_and_gives_text(use_keys: UseKeys) -> None:
    field = bound(EncryptedTextField(), "citizens_citizen")
    stored = field.get_prep_value("0201609995")
    assert stored is not None and b"0201609995" not in stored
    assert decrypt(stored, "citizens_citizen.cpr") == "0201609995"
    assert field.from_db_value(memoryview(stored), None, None) == "0201609995"
    assert field.get_prep_value(None) is None and field.from_db_value(None, None, None) is None
    assert field.get_internal_type() == "BinaryField"
    assert field.to_python("0201609995") == "0201609995"
    assert EncryptedTextField().get_default() == ""


def test_a_copy_of_the_field_in_a_history_table_reads_the_copied_rows(use_keys: UseKeys) -> None:
    field = bound(EncryptedTextField(null=True), "citizens_citizen")
    _, _, args, kwargs = field.deconstruct()
    copy = bound(EncryptedTextField(*args, **kwargs), "citizens_citizenevent")
    assert copy.null and copy.context == "citizens_citizen.cpr"
    assert copy.from_db_value(field.get_prep_value("0201609995"), None, None) == "0201609995"
    assert "context" not in EncryptedTextField().deconstruct()[3]


def test_the_field_can_only_be_searched_for_being_empty() -> None:
    field = EncryptedTextField()
    assert field.get_lookup("isnull") is not None
    assert [field.get_lookup(name) for name in ("exact", "in", "contains")] == [None, None, None]
