"""Floor 0: pure values every other floor builds on – no models, no settings, no database."""
