"""What can happen on a shift: one function an event, a file for each subject."""
