"""Floor 3: staff and their posts."""
