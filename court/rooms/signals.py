"""What a room tells the rooms above it, which it does not know. Sent after commit, by keyword."""

from django.dispatch import Signal

session_started = Signal()  # room, seat: the host opened the session
session_ended = Signal()  # room, seat: the host closed it (a side room too); the recording, if any, has its end
recording_ready = Signal()  # recording: every piece is in, or was waited for long enough; tracks are not assembled yet
track_assembled = Signal()  # track: its file is whole; sent again if a late piece changed it
