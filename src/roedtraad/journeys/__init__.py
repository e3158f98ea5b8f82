"""Floor 4: stays, from the booked bed to the day the citizen moves on."""
