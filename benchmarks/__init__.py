"""Measurements: they print figures with the machine's own, and assert nothing."""
