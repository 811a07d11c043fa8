"""Template tags of the court."""
