"""The pages of the target picture."""
