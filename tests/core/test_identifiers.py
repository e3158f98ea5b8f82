import pytest

from roedtraad.core.identifiers import cvr_ok, gln_ok


def test_a_cvr_number_is_divisible_by_eleven_when_weighted() -> None:
    # 2·1+7·0+6·0+5·0+4·0+3·0+2·4+1·1 = 11
    assert cvr_ok("10000041")


@pytest.mark.parametrize("text", ["10000042", "1000004", "100000411", "1000004A", "", "00000000", "١٠٠٠٠٠٤١"])
def test_other_texts_are_no_cvr_number(text: str) -> None:
    assert not cvr_ok(text)


@pytest.mark.parametrize("position", range(8))
def test_one_wrong_digit_in_a_cvr_number_is_seen(position: int) -> None:
    wrong = [f"{'10000041'[:position]}{d}{'10000041'[position + 1 :]}" for d in "0123456789"]
    assert [text for text in wrong if cvr_ok(text)] == ["10000041"]


def test_a_gln_sums_to_a_multiple_of_ten() -> None:
    # 5+3·7+9+3·0+0+3·0+0+3·0+0+3·0+0+3·0+5 = 40
    assert gln_ok("5790000000005")


@pytest.mark.parametrize(
    "text", ["5790000000006", "579000000005", "57900000000050", "579000000000X", "", "0" * 13]
)
def test_other_texts_are_no_gln(text: str) -> None:
    assert not gln_ok(text)
