"""What somebody has typed and not yet had carried out: kept for them alone, and given back."""
