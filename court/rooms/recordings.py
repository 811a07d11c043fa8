"""Recordings that were made elsewhere: taking sound files in as tracks of a recording."""

import subprocess
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .models import Recording, Track, TrackKind
from .sound import RATE, NoSound


def import_track(recording: Recording, name: str, role: str, path: Path | str, offset_s: float = 0.0) -> Track:
    """Keep a copy of a sound file as an assembled track of the recording.

    ``offset_s``: where the file begins on the recording's clock, in seconds; silence stands before it, and a negative
    one cuts the beginning off. Any format FFmpeg reads. Raises NoSound when the file holds no sound that can be read.
    """
    track = Track.objects.create(recording=recording, kind=TrackKind.SOUND, name=name, role=role)
    folder = Path(settings.MEDIA_ROOT) / "recordings" / str(recording.pk)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"track-{track.pk}.webm"
    try:
        _copy(Path(path), target, offset_s)
        seconds = _seconds(target)
    except NoSound:
        target.unlink(missing_ok=True)
        track.delete()
        raise
    track.file.name = str(target.relative_to(settings.MEDIA_ROOT))
    track.seconds = seconds
    track.assembled_at = timezone.now()
    track.gaps = [[0, round(offset_s * 1000), "away"]] if offset_s > 0 else []
    track.save()
    return track


def _copy(source: Path, target: Path, offset_s: float) -> None:
    """Write the sound as mono Opus in WebM, moved by ``offset_s`` seconds."""
    cut = ["-ss", f"{-offset_s:.3f}"] if offset_s < 0 else []
    moved = f"aformat=channel_layouts=mono:sample_rates={RATE}"
    if offset_s > 0:
        moved += f",adelay={round(offset_s * 1000)}"
    done = subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *cut, "-i", f"file:{source}"),
            *("-map", "0:a:0", "-vn", "-af", moved, "-c:a", "libopus", "-b:a", "48k", "-f", "webm", str(target)),
        ],
        capture_output=True,
        check=False,
    )
    if done.returncode or not target.exists() or target.stat().st_size < 300:
        raise NoSound(f"No sound could be read from {source.name}.")


def _seconds(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        if not container.duration:
            raise NoSound(f"No sound could be read from {path.name}.")
        return container.duration / 1_000_000
