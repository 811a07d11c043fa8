"""Sound and pictures with stretches of time taken out of them: silence for the sound, black for the picture.

The file is decoded, changed and written anew, so that nothing of what was there is left in it. FFmpeg is told the
stretches in a file of commands: a day's record may have thousands.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from .sounds import LOCAL, run

Stretch = tuple[float, float]  # seconds

SOUND_TYPE, PICTURE_TYPE = "audio/mp4", "video/mp4"
_STEP = 0.005  # seconds of sound that are silenced or kept as one
_SAMPLES = round(48_000 * _STEP)


@contextmanager
def silenced(
    path: str | PathLike[str], cuts: Sequence[Stretch], *, goes_on: Callable[[float], None]
) -> Iterator[Path]:
    """The sound of a file with silence in these stretches (AAC in MP4, mono); gone when the block ends.

    ``goes_on`` is called now and then with the seconds that are done, and may raise to stop the work. Raises
    BrokenFile.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sound.m4a"
        told = _told(Path(folder), "volume", [(max(0.0, start - _STEP), end + _STEP) for start, end in cuts])
        shape = f"aresample=48000,asetnsamples=n={_SAMPLES}:p=0,asendcmd=f={told},volume=volume=0:enable=0"
        command = [*_from(path, Path(folder)), "-map", "0:a:0", "-af", shape, "-ac", "1", "-c:a", "aac", "-b:a", "64k"]
        run([*command, *_to(target)], _watch(Path(folder), goes_on))
        yield target


@contextmanager
def blackened(
    path: str | PathLike[str], cuts: Sequence[Stretch], *, goes_on: Callable[[float], None]
) -> Iterator[Path]:
    """The picture of a file, black in these stretches and without any sound (H.264 in MP4); else as ``silenced``."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "picture.mp4"
        told = _told(Path(folder), "drawbox", cuts)
        shape = f"sendcmd=f={told},drawbox=c=black:t=fill:enable=0,scale=trunc(iw/2)*2:trunc(ih/2)*2"
        command = [*_from(path, Path(folder)), "-map", "0:v:0", "-an", "-vf", shape, "-fps_mode", "passthrough"]
        command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-g", "60"]
        run([*command, *_to(target)], _watch(Path(folder), goes_on))
        yield target


def _from(path: str | PathLike[str], folder: Path) -> list[str]:
    start = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-progress", str(folder / "progress")]
    return [*start, *LOCAL, "-i", str(path)]


def _to(target: Path) -> list[str]:
    return ["-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart", str(target)]


def _told(folder: Path, filtered: str, cuts: Sequence[Stretch]) -> Path:
    """The stretches as commands that switch a filter on and off. Stretches that touch are one."""
    lines = [
        f"{start:.4f} {filtered} enable 1;\n{end:.4f} {filtered} enable 0;\n"
        for start, end in joined(cuts, apart=0.02)
    ]
    told = folder / "cuts"
    told.write_text("".join(lines) or f"0 {filtered} enable 0;\n")
    return told


def joined(spans: Sequence[Stretch], *, apart: float = 0.0) -> list[Stretch]:
    """Stretches in order, those that overlap or lie at most so many seconds ``apart`` made one."""
    found: list[Stretch] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + apart:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _watch(folder: Path, goes_on: Callable[[float], None]) -> Callable[[], None]:
    def look() -> None:
        done = 0.0
        try:
            told = (folder / "progress").read_text()
        except OSError:
            told = ""
        for line in reversed(told.splitlines()):
            name, _equals, value = line.partition("=")
            if name == "out_time_us" and value.isdigit():
                done = int(value) / 1_000_000
                break
        goes_on(done)

    return look
