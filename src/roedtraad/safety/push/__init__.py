"""The push server: tells open pages of alarms, and passes on those nobody answers. A process of its own (0011)."""
