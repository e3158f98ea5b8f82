"""What can be asked of a record: one function a question, a fixed number of SQL statements."""
