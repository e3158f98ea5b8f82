"""The shift: who is here, the risk of the day, appointments, and what one shift hands over to the next."""
