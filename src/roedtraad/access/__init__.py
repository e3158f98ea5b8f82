"""Floor 1: who may see and do what, and the log of look-ups."""
