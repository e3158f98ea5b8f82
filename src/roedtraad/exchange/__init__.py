"""Floor 8: import, export and the API put together."""
