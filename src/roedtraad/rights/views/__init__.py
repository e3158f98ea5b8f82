"""The pages under /rettigheder/."""
