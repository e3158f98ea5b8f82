"""Floor 7: visions, pejlemærker, indicators and the target picture."""
