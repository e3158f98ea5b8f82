"""The rules of the record, one file per subject. Pure: no Django and no database."""
