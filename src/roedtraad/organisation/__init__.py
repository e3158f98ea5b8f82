"""Floor 2: units through time, leadership, places, municipalities, scenarios."""
