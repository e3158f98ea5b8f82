"""Looking after the field keys: which are in use, whether they fit, changing to a new one."""
