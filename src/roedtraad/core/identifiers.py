"""Check digits of Danish public identifiers (dk-core's rules). The texts must be bare digits."""

import re

_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def cvr_ok(text: str) -> bool:
    """Whether the text is a CVR number: 8 digits whose weighted sum is divisible by 11."""
    if not re.fullmatch(r"[0-9]{8}", text) or not text.strip("0"):
        return False
    return sum(int(d) * w for d, w in zip(text, _CVR_WEIGHTS, strict=True)) % 11 == 0


def gln_ok(text: str) -> bool:
    """Whether the text is a GLN/EAN location number: 13 digits, modulus 10 with weights 1, 3, 1, 3 …"""
    if not re.fullmatch(r"[0-9]{13}", text) or not text.strip("0"):
        return False
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(text)) % 10 == 0
