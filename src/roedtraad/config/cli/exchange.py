"""`roedtraad import` and `roedtraad export`: the same files as on the page Ind og ud."""

from __future__ import annotations

import click

COMMANDS: list[click.Command] = []
