"""Safety: the alarm, and looking after who works alone."""
