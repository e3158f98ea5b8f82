"""What is typed on a shift, a file for each subject."""
