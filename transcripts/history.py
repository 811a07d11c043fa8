"""What became of a transcript: its kept versions, and the log of its edits."""

from dataclasses import dataclass

from django.db.models import QuerySet

from .comparison import Piece, compared
from .models import Edit, EditKind, Transcript, Version, VersionKind
from .text import Row


def waiting_machine_version(transcript: Transcript) -> Version | None:
    """The newest machine transcript, if a person's work on the text kept it from becoming the text."""
    newest = transcript.versions.filter(kind=VersionKind.MACHINE).order_by("-number").first()
    if newest is None or newest.through_edit == 0:
        return None
    taken = Edit.objects.filter(transcript=transcript, kind=EditKind.ADOPT)
    if any(edit.after.get("version", 0) >= newest.number for edit in taken):
        return None
    return newest


def unchanged_since(transcript: Transcript) -> Version | None:
    """The version kept by a person that is the text as it stands, if there is one."""
    kept = transcript.versions.filter(kind__in=[VersionKind.EDITED, VersionKind.CERTIFIED])
    return kept.filter(through_edit=transcript.edits).order_by("-number").first()


def log_of(transcript: Transcript) -> QuerySet[Edit]:
    """Its edits, newest first."""
    return Edit.objects.filter(transcript=transcript).select_related("by").order_by("-number")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An edit as it is read: what the passages said before and after, piece by piece, and who said it."""

    edit: Edit
    pieces: list[Piece]
    speaker: str
    speaker_before: str  # if it was another
    second: float | None
    still: int  # a passage to open the editor at; 0 if none is left
    version: int = 0  # the version that was taken

    @property
    def parts(self) -> bool:
        """Whether passages were parted or joined, the words staying as they were."""
        return self.edit.kind in (EditKind.SPLIT, EditKind.MERGE)


def log_entry(edit: Edit) -> LogEntry:
    """Read an edit."""
    if edit.kind == EditKind.ADOPT:
        return LogEntry(edit, [], "", "", None, 0, edit.after["version"])
    before: list[Row] = edit.before
    after: list[Row] = edit.after
    first = (after or before)[0]
    was = before[0]["speaker"] if before else ""
    mark = " ⏎ "
    pieces = compared(mark.join(row["text"] for row in before), mark.join(row["text"] for row in after))
    return LogEntry(
        edit=edit,
        pieces=pieces,
        speaker=first["speaker"],
        speaker_before=was if after and was != first["speaker"] else "",
        second=first["start"],
        still=after[0]["pk"] if after else 0,
    )
