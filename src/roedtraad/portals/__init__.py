"""Floor 8: the home page of each role."""
