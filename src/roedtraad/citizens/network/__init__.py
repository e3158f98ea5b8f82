"""The concentric map of the people in a citizen's life (002, Holmstrupgård)."""
