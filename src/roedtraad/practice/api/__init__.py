"""The record in the REST API: one file a resource, listed in `routers`."""
