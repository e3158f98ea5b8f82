from __future__ import annotations

import pytest

from tests.voices.scene import Voices


@pytest.fixture
def scene(db: None) -> Voices:
    return Voices()
