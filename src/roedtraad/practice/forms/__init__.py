"""The forms of the record, one file a subject."""
