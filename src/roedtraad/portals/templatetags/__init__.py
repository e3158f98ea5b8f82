"""Tags of the citizens' own pages."""
