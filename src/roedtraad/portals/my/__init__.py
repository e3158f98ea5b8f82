"""Min side: the citizen's own pages. One thing at a time, in plain words."""
