"""Redaction and sealing: asking, deciding, and releasing the rest to everybody."""
