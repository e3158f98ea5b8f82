"""Relations, guardians, consents and contact persons of a citizen."""
