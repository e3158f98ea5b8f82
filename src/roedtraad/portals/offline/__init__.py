"""The phone without a net: what it may keep, and how what was written on it comes home."""
