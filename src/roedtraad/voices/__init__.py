"""The voices of the citizen and of relatives: messages, how the day is, and how one likes to read."""
