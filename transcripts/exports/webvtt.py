"""WebVTT, with the speaker of each caption as its voice (W3C WebVTT: The Web Video Text Tracks Format)."""

from .captions import captions
from .told import Told, stamp


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(text: str) -> str:
    """One line that cannot be taken for a cue's times."""
    return " ".join(text.split()).replace("-->", "→")


def write(told: Told) -> str:
    """The captions; each is called by its place and the number of its first word."""
    parts = ["WEBVTT", "NOTE\n" + "\n".join(map(_line, (told.title, told.when, told.standing, *told.remarks)))]
    for place, one in enumerate(captions(told), 1):
        voice = _text(" ".join(one.person.name.split()))
        shown = "\n".join(_text(line) for line in one.lines)
        parts.append(f"{place}-w{one.word}\n{stamp(one.start)} --> {stamp(one.end)}\n<v {voice}>{shown}</v>")
    return "\n\n".join(parts) + "\n"
