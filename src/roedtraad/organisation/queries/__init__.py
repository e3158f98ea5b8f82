"""What can be asked about the organisation, one file per page."""
