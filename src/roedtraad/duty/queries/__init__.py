"""What can be asked about a shift: one function a question, a file for each subject."""
