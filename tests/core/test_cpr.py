from datetime import date

import pytest

from roedtraad.core.cpr import CprError, CprKind, is_test_number, parse_cpr

PUBLIC_TEST_NUMBERS = (
    "0201609995", "0201609996", "0504909995", "0504909989", "0201919990", "0108589995",
    "0108629996", "0104909995", "1502799995", "1502829995", "0506889996",
)  # fmt: skip


@pytest.mark.parametrize("number", PUBLIC_TEST_NUMBERS)
def test_public_test_numbers_are_read_and_known_as_such(number: str) -> None:
    cpr = parse_cpr(number)
    assert cpr.number == number
    assert cpr.kind is CprKind.CPR
    assert is_test_number(cpr)
    assert f"{cpr.birth_date:%d%m%y}" == number[:6]
    assert 1937 <= cpr.birth_date.year <= 2036
    assert cpr.is_male is (number[-1] in "13579")


@pytest.mark.parametrize(
    ("seventh", "short_year", "year"),
    [
        *((s, y, 1900 + y) for s in "0123" for y in (0, 36, 37, 57, 58, 99)),
        *((s, y, 2000 + y) for s in "49" for y in (0, 36)),
        *((s, y, 1900 + y) for s in "49" for y in (37, 57, 58, 99)),
        *((s, y, 2000 + y) for s in "5678" for y in (0, 36, 37, 57)),
        *((s, y, 1800 + y) for s in "5678" for y in (58, 99)),
    ],
)
def test_the_seventh_digit_names_the_century(seventh: str, short_year: int, year: int) -> None:
    assert parse_cpr(f"0101{short_year:02d}{seventh}990").birth_date == date(year, 1, 1)


def test_a_leap_day_exists_in_the_century_it_is_in() -> None:
    assert parse_cpr("2902004990").birth_date == date(2000, 2, 29)
    with pytest.raises(CprError, match="en dato, der ikke findes"):
        parse_cpr("2902001990")


@pytest.mark.parametrize("text", ["020160-9995", " 020160 9995 ", "020160\u20139995", "0201609995"])
def test_ways_of_writing_it(text: str) -> None:
    assert parse_cpr(text).formatted() == "020160-9995"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "mangler"),
        ("   ", "mangler"),
        ("020160999", "skal have 10 tegn, men har 9"),
        ("02016099955", "skal have 10 tegn, men har 11"),
        ("3102609995", "en dato, der ikke findes"),
        ("0113609995", "en dato, der ikke findes"),
        ("0001609995", "en dato, der ikke findes"),
        ("6001609995", "en dato, der ikke findes"),
        ("9201609995", "en dato, der ikke findes"),
        ("02O1609995", "bogstaver, hvor der skal være cifre"),
        ("0201602AB5", "bogstaver, hvor der skal være cifre"),
        ("0201601ABC", "bogstaver, hvor der skal være cifre"),
        ("02.01.60-9995", "tegn, der ikke hører til"),
        ("02-0160-9995", "tegn, der ikke hører til"),
        ("٠٢٠١٦٠٩٩٩٥", "tegn, der ikke hører til"),
    ],
)
def test_what_is_wrong_is_said_without_repeating_the_number(text: str, sentence: str) -> None:
    with pytest.raises(CprError, match=sentence) as refused:
        parse_cpr(text)
    assert not text.strip() or text not in str(refused.value)


def test_a_replacement_number_has_sixty_added_to_the_day() -> None:
    cpr = parse_cpr("6201609995")
    assert cpr.is_replacement and cpr.kind is CprKind.REPLACEMENT
    assert cpr.birth_date == date(1960, 1, 2)
    assert parse_cpr("9101609995").birth_date == date(1960, 1, 31)


@pytest.mark.parametrize(
    ("number", "kind", "born"),
    [
        ("0201601AB5", CprKind.X_ECPR, date(1960, 1, 2)),
        ("0201107AB4", CprKind.X_ECPR, date(2010, 1, 2)),
        ("0201600AB5", CprKind.D_ECPR, date(1960, 1, 2)),
        ("0201105AB5", CprKind.D_ECPR, date(2010, 1, 2)),
        ("0201106ab5", CprKind.D_ECPR, date(2010, 1, 2)),
    ],
)
def test_electronic_replacement_numbers(number: str, kind: CprKind, born: date) -> None:
    cpr = parse_cpr(number)
    assert (cpr.kind, cpr.birth_date, cpr.is_replacement) == (kind, born, True)
    assert cpr.number == number.upper()
    assert cpr.modulus11_ok and not is_test_number(cpr)


def test_modulus_11_only_warns() -> None:
    # 4·0+3·7+2·0+7·7+6·6+5·1+4·4+3·2+2·8+1·5 = 154 = 14 · 11
    assert parse_cpr("0707614285").modulus11_ok
    assert not parse_cpr("0707614286").modulus11_ok


def test_only_the_99_series_is_for_tests() -> None:
    assert not is_test_number(parse_cpr("0201601995"))


def test_the_number_stays_out_of_logs() -> None:
    cpr = parse_cpr("0201609995")
    assert cpr.masked() == str(cpr) == "020160-****"
    assert "9995" not in repr(cpr) and "9995" not in f"{cpr}"
