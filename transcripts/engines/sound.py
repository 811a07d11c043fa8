"""Decoding any recording FFmpeg reads into 16 kHz mono sound, a stretch at a time, so that hours fit in memory."""

import math
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.audio.fifo
import av.audio.resampler
import numpy as np
import numpy.typing as npt

from transcripts.engines.speech import BrokenFile, NoSound

RATE = 16_000
STRETCH = 30.0
"""Seconds of sound in one decoded stretch."""

TOGETHER = 1.0
"""Seconds of sound that are resampled at once."""

GAP = 0.15
"""A hole in the recording's own clock of this many seconds or more is filled with silence, so that times still fit."""

LONGEST_GAP = 3600.0
"""A longer hole is a damaged clock and is not believed."""

NO_OTHER_FILES = "data"
"""A recording may be a playlist in disguise. No other file or address it names is ever opened."""

Samples = npt.NDArray[np.float32]


class Sound:
    """The sound of one file. Opening it raises NoSound or BrokenFile; use as a context manager."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.name = Path(path).name
        self._file = _opened(Path(path))
        try:
            self._container: Any = av.open(
                self._file, metadata_errors="ignore", options={"protocol_whitelist": NO_OTHER_FILES}
            )
        except (av.error.FFmpegError, OSError, ValueError) as error:
            self._file.close()
            raise BrokenFile(f"{self.name} is not a recording that can be read.") from error
        if not self._container.streams.audio:
            self.close()
            raise NoSound(f"{self.name} has no sound in it.")
        self._stream = self._container.streams.audio[0]
        if self._stream.codec_context is None:
            self.close()
            raise BrokenFile(f"{self.name} has sound in a form that cannot be read here.")

    def __enter__(self) -> "Sound":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()
        self._file.close()

    @property
    def claimed_length(self) -> float | None:
        """Seconds the file says it lasts; a browser's recording does not say, a damaged file may say anything."""
        claimed = self._container.duration
        return claimed / av.time_base if claimed and claimed > 0 else None

    def stretches(self) -> Iterator[Samples]:
        """Decode, about STRETCH seconds at a time. Damaged pieces are left out; what can be read is given.

        Raises NoSound when there is not one sample, BrokenFile when nearly nothing of it could be read.
        """
        held: list[Samples] = []
        length = given = 0
        decoded = self._decoded()
        while True:
            try:
                samples = next(decoded)
            except StopIteration:
                break
            except (av.error.FFmpegError, ValueError) as error:
                if not given and not length:
                    raise BrokenFile(f"{self.name} is not a recording that can be read.") from error
                break
            held.append(samples)
            length += len(samples)
            if length >= STRETCH * RATE:
                given += length
                yield np.concatenate(held)
                held, length = [], 0
        if length:
            given += length
            yield np.concatenate(held)
        if not given:
            raise NoSound(f"{self.name} has no sound in it.")

    def _decoded(self) -> Iterator[Samples]:
        """Resampled sound in order, about TOGETHER seconds at a time, with the holes in the recording's clock filled.

        A browser's recording has fifty frames a second. Resampling each by itself would take longer than decoding it.
        """
        origin = (self._container.start_time or 0) / av.time_base
        reached = 0.0  # seconds of sound and filled holes so far
        shape: Any = None
        resampler: Any = None
        waiting: Any = None
        for frame in self._frames():
            if (frame.format.name, frame.layout.name, frame.sample_rate) != shape:
                yield from _resampled(resampler, waiting)
                yield from _flushed(resampler)
                shape = (frame.format.name, frame.layout.name, frame.sample_rate)
                resampler = av.audio.resampler.AudioResampler(format="flt", layout="mono", rate=RATE)
                waiting = av.audio.fifo.AudioFifo()
            hole = (frame.time - origin) - reached if frame.time is not None else 0.0
            if GAP <= hole <= LONGEST_GAP:
                yield from _resampled(resampler, waiting)
                for size in _split(round(hole * RATE)):
                    yield np.zeros(size, dtype=np.float32)
                reached += hole
            reached += frame.samples / frame.sample_rate
            frame.pts = None
            waiting.write(frame)
            if waiting.samples >= TOGETHER * frame.sample_rate:
                yield from _resampled(resampler, waiting)
        yield from _resampled(resampler, waiting)
        yield from _flushed(resampler)

    def _frames(self) -> Iterator[Any]:
        """Frames of the first audio stream. Packets that cannot be decoded are passed over."""
        good = bad = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.FFmpegError, OSError):
                break
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, OSError):
                bad += 1
                continue
            good += len(frames)
            yield from frames
        if bad > 9 * good:
            raise BrokenFile(f"{self.name} is not a recording that can be read.")


def _opened(path: Path) -> BinaryIO:
    """The file, or BrokenFile with the plain reason it cannot be one."""
    if path.is_dir():
        raise BrokenFile(f"{path.name or path} is a folder, not a recording.")
    try:
        if not path.exists():
            raise BrokenFile(f"{path.name} does not exist.")
        if not path.is_file():
            raise BrokenFile(f"{path.name} is not a file.")
        if path.stat().st_size == 0:
            raise BrokenFile(f"{path.name} is empty.")
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise BrokenFile(f"{path.name} cannot be opened.") from error


def _samples(frame: Any) -> Samples:
    flat: Samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
    # A damaged float recording can hold anything; one such number would silence all that follows it.
    return np.clip(np.nan_to_num(flat, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)


def _resampled(resampler: Any, waiting: Any) -> Iterator[Samples]:
    """All the sound that waits, through the resampler."""
    if waiting is not None and waiting.samples:
        for resampled in resampler.resample(waiting.read()):
            yield _samples(resampled)


def _flushed(resampler: Any) -> Iterator[Samples]:
    if resampler is not None:
        for frame in resampler.resample(None):
            yield _samples(frame)


def _split(samples: int) -> Iterator[int]:
    """Pieces of at most a stretch that add up to this many samples."""
    stretch = int(STRETCH * RATE)
    for _ in range(math.ceil(samples / stretch)):
        yield min(stretch, samples)
        samples -= stretch
