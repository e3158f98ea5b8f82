"""The pages of a shift, a file for each subject."""
