"""Shared tablets: changing user in the middle of a shift with a PIN (docs/decisions/0014-shared-tablet.md)."""
