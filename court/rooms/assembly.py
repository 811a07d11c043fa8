"""Putting a track together: one file on the recording's clock from all its takes. Done by a worker."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from .models import Track, TrackKind
from .picture import join_pictures
from .sound import Encoder, Gap, Line, NoSound, StoredPiece, StoredTake, lay
from .steadying import Reading, steadied

TRAILING_MS = 500


@dataclass(frozen=True)
class Assembled:
    """A track's file, by its name under MEDIA_ROOT (empty: nothing could be read), its length and gaps.

    ``clock_error_ms``: by how much its takes may lie beside their time, at worst.
    """

    name: str
    seconds: float
    gaps: list[Gap]
    clock_error_ms: float = 0.0


def takes_of(track: Track) -> list[StoredTake]:
    """The takes of a track, in order of time, on the clock as it was known best; but none that held nothing."""
    found = []
    for take in track.takes.order_by("begins_ms", "pk").prefetch_related("pieces"):
        rows = sorted(take.pieces.all(), key=lambda piece: piece.number)
        begins, *untils = steadied(
            [
                Reading(take.begins_ms, 0.0, take.clock_error_ms),
                *(Reading(row.until_ms, row.clock_moved_ms, row.clock_error_ms) for row in rows),
            ]
        )
        pieces = [
            StoredPiece(row.number, Path(settings.MEDIA_ROOT) / str(row.file.name), row.size, round(until.ms))
            for row, until in zip(rows, untils, strict=True)
        ]
        if pieces or take.pieces_expected != 0:
            found.append(StoredTake(round(begins.ms), pieces, take.pieces_expected, begins.error_ms))
    return sorted(found, key=lambda take: take.begins_ms)


def assemble(track: Track, renew: Callable[[], object]) -> Assembled:
    """Make the track's file anew. ``renew`` is called now and then while the work goes on.

    A browser hears of the end a moment later and goes on until then: what it recorded after the end is no part of the
    record, and the track ends with the recording.
    """
    recording = track.recording
    if recording.ended_at is None:
        raise ValueError("A recording that goes on cannot be put together.")
    total_ms = (recording.ended_at - recording.started_at).total_seconds() * 1000
    takes = takes_of(track)
    held = [take for take in takes if take.pieces]
    off_ms = max((take.clock_error_ms for take in held), default=0.0)
    folder = Path(settings.MEDIA_ROOT) / "recordings" / str(recording.pk)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"track-{track.pk}.webm"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".assembling-") as passing:
        made = Path(passing) / "track.webm"
        if track.kind == TrackKind.SOUND:
            total_ms, gaps = _sound(takes, total_ms, made, _sparingly(renew))
        else:
            gaps = join_pictures(held, total_ms, made, Path(passing), renew) if held else []
        if not made.exists():
            return Assembled("", total_ms / 1000, gaps or [(0, round(total_ms), "missing")], off_ms)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(target)
    return Assembled(str(target.relative_to(settings.MEDIA_ROOT)), total_ms / 1000, gaps, off_ms)


def _sound(
    takes: list[StoredTake], total_ms: float, made: Path, renew: Callable[[], object]
) -> tuple[float, list[Gap]]:
    encoder = Encoder(made)
    line = Line(encoder.write, total_ms)
    try:
        for take, next_ms in zip(takes, [*(take.begins_ms for take in takes[1:]), total_ms], strict=True):
            try:
                if not take.pieces:
                    line.silence_until(take.begins_ms, line.after)
                    raise NoSound
                lay(take, line, renew, next_ms=next_ms)
            except NoSound:
                line.silence_until(take.pieces[-1].until_ms if take.pieces else next_ms, "missing")
            # A browser that never came back to say how much it had recorded may have recorded more.
            line.after = "away" if take.expected is not None else "unended"
        if total_ms - line.ms > TRAILING_MS:
            line.silence_until(total_ms, line.after)
        encoder.finish()
    except BaseException:
        encoder.abandon()
        raise
    return line.ms, line.gaps


def _sparingly(renew: Callable[[], object], every: int = 2000) -> Callable[[], object]:
    """Call ``renew`` at every so-many-th time only: once for about 40 seconds of sound."""
    count = 0

    def sometimes() -> None:
        nonlocal count
        count += 1
        if count % every == 0:
            renew()

    return sometimes
