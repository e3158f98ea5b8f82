"""Citizens in the REST API."""
