from __future__ import annotations

import pytest

from tests.rights.world import Whole


@pytest.fixture
def world(db: None) -> Whole:
    return Whole()
