"""What this room shows on the case page and asks of people on their home page."""
