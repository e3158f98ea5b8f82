"""The rights of those registered: subject access, and how long what is kept is kept."""
