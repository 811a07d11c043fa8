"""The record to take away, in the forms other programs read. See docs/record-json.md for the JSON.

Every form is made of the lines a reader of one clearance may have (``transcripts.text``): what is hidden from them is
in none of the files.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..models import Clearance, Transcript, Version
from . import akoma, document, plain, structured, subtitles, webvtt
from .told import Told, told


@dataclass(frozen=True, slots=True)
class Format:
    """A form the record can be taken away in."""

    name: str
    extension: str
    media_type: str
    write: Callable[[Told], str | bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be given to a reader."""

    name: str
    media_type: str
    content: bytes


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("docx", "docx", WORD, document.write),
        Format("text", "txt", "text/plain; charset=utf-8", plain.write),
        Format("numbered", "pages.txt", "text/plain; charset=utf-8", plain.write_numbered),
        Format("webvtt", "vtt", "text/vtt; charset=utf-8", webvtt.write),
        Format("ttml", "ttml", "application/ttml+xml", subtitles.write),
        Format("json", "json", "application/json", structured.write),
        Format("akoma-ntoso", "akn.xml", "application/akn+xml", akoma.write),
    )
}


def export(
    transcript: Transcript, format: str, *, clearance: Clearance | int, version: Version | None = None
) -> Export:
    """The record in one form for readers of a clearance: as it stands now, or of a version.

    Raises KeyError for a form there is none of.
    """
    form = FORMATS[format]
    content = form.write(told(transcript, clearance=clearance, version=version))
    name = f"{transcript.case.label}-transcript-{transcript.pk}"
    if version is not None:
        name += f"-v{version.number}"
    return Export(
        f"{name}.{form.extension}", form.media_type, content.encode() if isinstance(content, str) else content
    )
