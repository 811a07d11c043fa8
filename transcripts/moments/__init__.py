"""Exhibits shown, log notes and pictures on a record's timeline: each a moment, each a way to the words and back."""
