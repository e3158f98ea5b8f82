"""What can happen to a request for access, to the rules of keeping, and to a list of what is to be deleted."""
