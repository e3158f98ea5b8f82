"""What has happened to a stay, told after the transaction is through. Each carries `stay_id`."""

from django.dispatch import Signal

stay_booked = Signal()
stay_changed = Signal()
stay_started = Signal()
stay_ended = Signal()
stay_withdrawn = Signal()
