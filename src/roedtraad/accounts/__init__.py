"""Floor 1: people who log in."""
