"""Floor 8: the synthetic years."""
