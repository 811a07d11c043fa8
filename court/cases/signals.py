"""What a case tells the rooms above it, which it does not know."""

from django.dispatch import Signal

# party: somebody joined the case as this party and has their grants. Sent inside the transaction that seats them.
party_seated = Signal()
