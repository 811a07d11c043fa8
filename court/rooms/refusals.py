"""Why a room says no. The page and the socket show each reason in words of their own."""


class Refused(Exception):
    """A deed the room does not allow. ``reason`` is one of the keys of ``words.REFUSALS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
