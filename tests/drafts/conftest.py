"""The demo's world, for the test that walks every form."""

from __future__ import annotations

from tests.demo_world import demo_database, demo_world

__all__ = ["demo_database", "demo_world"]
