"""The shift's rules, pure, a file for each subject."""
