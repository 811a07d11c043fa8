"""The sound files themselves: how loud a word was, one file of all voices to play, a track from a stranger's file.

FFmpeg does the work, in a process of its own that may open no other file or address than those it is given.
"""

import json
import math
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np

from .engines.sound import RATE, Sound
from .engines.speech import BrokenFile

QUIET = -90.0  # decibels of full scale; nothing is called quieter
MIXED_TYPE = "audio/mp4"
LOCAL = ("-protocol_whitelist", "file,pipe")


def levels(path: str | PathLike[str], spans: Sequence[tuple[float, float]]) -> list[float]:
    """How loud each (start, end) of a file is, in decibels of full scale. ``spans`` in seconds, rising by start."""
    found = [QUIET] * len(spans)
    held = np.zeros(0, dtype=np.float32)
    offset = 0  # samples before ``held``
    at = 0

    def measure(last: bool) -> None:
        nonlocal at
        while at < len(spans):
            start, end = (round(second * RATE) - offset for second in spans[at])
            if end > len(held) and not last:
                return
            part = held[max(start, 0) : max(end, start + 1)]
            if part.size:
                power = float(np.mean(np.square(part, dtype=np.float64)))
                found[at] = round(max(QUIET, 10 * math.log10(max(power, 1e-12))), 1)
            at += 1

    with Sound(path) as sound:
        for stretch in sound.stretches():
            held = np.concatenate([held, stretch])
            measure(last=False)
            keep = 5 * RATE if at >= len(spans) else max(0, len(held) - (round(spans[at][0] * RATE) - offset))
            keep = min(max(keep, 0), len(held))
            offset += len(held) - keep
            held = held[len(held) - keep :]
    measure(last=True)
    return found


def length(path: str | PathLike[str]) -> float:
    """Seconds of sound in a file, read through to its end. Raises NoSound or BrokenFile."""
    with Sound(path) as sound:
        return sum(len(stretch) for stretch in sound.stretches()) / RATE


@contextmanager
def mixed(paths: Sequence[str], *, goes_on: Callable[[], None]) -> Iterator[Path]:
    """One seekable file (AAC in MP4, mono) with the sound of all these tracks; gone when the block ends.

    ``goes_on`` is called now and then and may raise to stop the work. Raises BrokenFile.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sound.m4a"
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y"]
        for path in paths:
            command += [*LOCAL, "-i", path]
        each = "".join(f"[{number}:a:0]" for number in range(len(paths)))
        # Voices keep the loudness they had; the limiter keeps two at once from clipping.
        mix = f"{each}amix=inputs={len(paths)}:duration=longest:normalize=0,alimiter=limit=0.95:level=0[out]"
        command += ["-filter_complex", mix, "-map", "[out]", "-ac", "1", "-ar", "48000", "-c:a", "aac", "-b:a", "64k"]
        run([*command, "-map_metadata", "-1", "-movflags", "+faststart", str(target)], goes_on)
        yield target


@contextmanager
def as_track(path: str | PathLike[str], *, offset: float) -> Iterator[tuple[Path, float]]:
    """A track made from somebody's file, with ``offset`` seconds of silence before it: the file and its seconds.

    Opus in WebM, as the rooms record. Raises NoSound or BrokenFile.
    """
    if not length(path):
        raise BrokenFile(f"{Path(path).name} holds no sound.")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "track.webm"
        # Holes in the file's own clock become silence, so that later words keep their time.
        shape = f"aresample=48000:async=1:first_pts=0,adelay={round(offset * 1000)}:all=1"
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *LOCAL, "-i", str(path), "-map", "0:a:0"]
        command += ["-af", shape, "-ac", "1", "-c:a", "libopus", "-b:a", "64k", "-map_metadata", "-1", str(target)]
        run(command, lambda: None)
        yield target, length(target)


def playing_time(path: str | PathLike[str]) -> float:
    """Seconds a media file says it lasts, 0.0 when it does not say."""
    command = ["ffprobe", "-v", "error", *LOCAL, "-show_entries", "format=duration", "-of", "json", str(path)]
    told = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    try:
        return float(json.loads(told.stdout)["format"]["duration"])
    except (KeyError, ValueError):
        return 0.0


def run(command: list[str], goes_on: Callable[[], None]) -> None:
    """Have FFmpeg work; ``goes_on`` is called every two seconds and may raise to stop it. Raises BrokenFile."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as working:
        try:
            while True:
                try:
                    _out, errors = working.communicate(timeout=2.0)
                    break
                except subprocess.TimeoutExpired:
                    goes_on()
        except BaseException:
            working.kill()
            raise
    if working.returncode:
        last = errors.strip().splitlines()[-1:] or [f"code {working.returncode}"]
        raise BrokenFile(f"FFmpeg could not make the sound: {last[0][:200]}")
