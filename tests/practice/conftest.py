from __future__ import annotations

import pytest

from tests.practice.scene import Record


@pytest.fixture
def scene(db: None) -> Record:
    return Record()
