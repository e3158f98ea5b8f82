"""Properties of the encrypted text: what goes in comes out, and a single changed bit is refused."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roedtraad.core import encrypted
from roedtraad.core.encrypted import FieldKeyError, blind_index, decrypt, encrypt

texts = st.text(max_size=60)


@pytest.fixture(autouse=True, scope="module")
def keys() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROEDTRAAD_FIELD_KEYS", f"a:{base64.b64encode(b'a' * 32).decode()}")
        patch.delenv("ROEDTRAAD_FIELD_KEYS_FILE", raising=False)
        patch.setenv("ROEDTRAAD_INDEX_KEY", base64.b64encode(b"i" * 32).decode())
        encrypted.reset_keys()
        yield
    encrypted.reset_keys()


@settings(deadline=None)
@given(texts, texts)
def test_what_goes_in_comes_out(text: str, context: str) -> None:
    assert decrypt(encrypt(text, context), context) == text


@settings(deadline=None)
@given(texts, st.data())
def test_a_changed_bit_is_refused_wherever_it_is(text: str, data: st.DataObject) -> None:
    stored = bytearray(encrypt(text, "borger.navn"))
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(FieldKeyError):
        decrypt(bytes(stored), "borger.navn")


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_foreign_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(FieldKeyError):
        decrypt(stored, "borger.navn")


@settings(deadline=None)
@given(texts, texts)
def test_fingerprints_are_equal_exactly_when_the_values_are(a: str, b: str) -> None:
    assert (blind_index(a, "cpr") == blind_index(b, "cpr")) is (a == b)
