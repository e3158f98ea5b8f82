"""Floor 3: citizens and their municipalities."""
