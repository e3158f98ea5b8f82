"""Leadership scenarios: what another leadership would cost, whether there is room, and who refers to whom."""
