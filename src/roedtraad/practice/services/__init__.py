"""What can happen in a record: one function an event, one transaction, access checked, history kept."""
