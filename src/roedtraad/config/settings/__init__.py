"""Settings by mode: base, demo, production, test. Values come from the environment table."""
