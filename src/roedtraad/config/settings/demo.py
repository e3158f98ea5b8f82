"""The newcomer's own machine: keys of its own in the data folder, example data on every page."""

from roedtraad.config.keys import demo_keys
from roedtraad.config.settings.base import *  # noqa: F403  a mode is the base plus its differences

MODE = "demo"
EXAMPLE_DATA = True
SECRET_KEY = demo_keys(DATA)  # noqa: F405
