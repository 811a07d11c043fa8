"""Sound of a track: each take decoded and laid on the recording's clock, silence between, one mono Opus file out.

Nothing is held in memory but the samples of one packet. Where capture stalled, the sound of a take falls behind the
clock by which its pieces were handed over; from there on it is anchored anew, so that later testimony stays in place.
"""

import math
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedIOBase
from itertools import pairwise
from pathlib import Path
from typing import IO

import av
import numpy as np

RATE = 48_000
JITTER_MS = 40.0  # time stamps that are off by less follow each other without a seam
STALL_MS = 120.0  # the sound is behind the clock by this much more than before, and stays so
DRIFT_MS = 20.0  # slow difference between two clocks, looked at twice a minute
LOOK_AHEAD = 300  # pieces: what was only handed over late is followed, some time, by a punctual one
STEADY = 3  # of the next pieces that must be late by the same, to tell a stall from a browser that is busy
STEADY_MS = 60.0
DRIFT_PIECES = 30
WORTH_NOTING_MS = 500
FULL_SLICE = 0.9

Gap = tuple[int, int, str]


class NoSound(Exception):
    """A file holds no sound that can be read."""


@dataclass(frozen=True)
class StoredPiece:
    """A piece on disk. ``until_ms``: the recording's clock when the browser handed it over."""

    number: int
    path: Path
    size: int
    until_ms: int


@dataclass(frozen=True)
class StoredTake:
    """A take and its pieces in order. ``begins_ms`` is on the recording's clock, and may be off by ``clock_error_ms``.

    ``expected``: how many pieces its browser told of when it ended; None if it never did.
    """

    begins_ms: int
    pieces: Sequence[StoredPiece]
    expected: int | None = None
    clock_error_ms: float = 0.0


class Joined(BufferedIOBase):
    """The pieces of a take as one stream to read from, opened one after the other."""

    def __init__(self, pieces: Sequence[StoredPiece]) -> None:
        self._rest = iter(pieces)
        self._file: IO[bytes] | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes; empty at the end."""
        while True:
            if self._file is None:
                piece = next(self._rest, None)
                if piece is None:
                    return b""
                self._file = piece.path.open("rb")
            if data := self._file.read(-1 if size is None else size):
                return data
            self._file.close()
            self._file = None


def media_ends(take: StoredTake) -> list[float]:
    """For each piece, where the media in it ends, in ms from the take's beginning. Nothing is decoded."""
    bounds, total = [], 0
    for piece in take.pieces:
        total += piece.size
        bounds.append(total)
    ends = [0.0] * len(bounds)
    at = 0
    latest = 0.0
    with _opened(take) as container:
        stream = container.streams.audio[0]
        with suppress(av.FFmpegError):
            for packet in container.demux(stream):
                if packet.pts is None or packet.time_base is None:
                    continue
                while packet.pos is not None and at < len(bounds) - 1 and packet.pos >= bounds[at]:
                    ends[at] = latest
                    at += 1
                latest = max(latest, float((packet.pts + (packet.duration or 0)) * packet.time_base) * 1000)
    for rest in range(at, len(ends)):
        ends[rest] = latest
    return ends


def _opened(take: StoredTake) -> "av.container.InputContainer":
    try:
        container = av.open(Joined(take.pieces), mode="r")
    except (av.FFmpegError, ValueError) as fault:
        raise NoSound from fault
    if not container.streams.audio:
        container.close()
        raise NoSound
    return container


@dataclass(frozen=True)
class Anchor:
    """From ``media_ms`` of a take on, its media lies ``shift_ms`` later than its time stamps say."""

    media_ms: float
    shift_ms: float
    stall: bool = True


def anchors(begins_ms: float, ends: Sequence[float], untils: Sequence[float]) -> list[Anchor]:
    """Where the media of a take must be moved to stay on the room's clock.

    ``ends[n]``: where the media in piece n ends, in ms from the take's beginning; ``untils[n]``: the clock when it was
    handed over. Sound is never early, but a busy browser hands it over late, for many seconds on end. So the least
    lateness of all that follows counts, and only if the next pieces keep to it, as they do after a stall.
    """
    lags = [until - begins_ms - end for end, until in zip(ends, untils, strict=True)]
    found: list[Anchor] = []
    if len(lags) < 2:
        return found
    usual = min(lags[: 2 * STEADY])
    shift = 0.0
    for n in range(1, len(lags)):
        now = min(lags[n : n + LOOK_AHEAD])
        steady = sum(lag - now <= STEADY_MS for lag in lags[n : n + 2 * STEADY]) >= STEADY
        if steady and now - usual > STALL_MS:
            before = ends[n - 1]
            # A piece as full as others was filled after the stall; a short one was cut off by it.
            at = before if ends[n] - before >= FULL_SLICE * _slice_ms(untils) else ends[n]
            shift += now - usual
            usual = now
            found.append(Anchor(at, shift))
        elif n % DRIFT_PIECES == 0:
            drift = min(lags[n - DRIFT_PIECES // 2 : n + DRIFT_PIECES // 2]) - usual
            if DRIFT_MS < abs(drift) < STALL_MS:
                shift += drift
                usual += drift
                found.append(Anchor(ends[n - 1], shift, stall=False))
    return found


@dataclass
class Line:
    """Writes samples in order of time; what is missing becomes silence and is noted, what comes twice is left out."""

    write: Callable[[bytes], object]
    ends_ms: float = math.inf  # nothing is written past this
    samples: int = 0
    gaps: list[Gap] = field(default_factory=list)
    after: str = "away"  # why nothing stands between the take written last and the next

    @property
    def ms(self) -> float:
        """How far it is written."""
        return self.samples * 1000 / RATE

    def silence_until(self, ms: float, why: str) -> None:
        """Fill with silence up to this time."""
        ms = min(ms, self.ends_ms)
        missing = round(ms * RATE / 1000) - self.samples
        if missing <= 0:
            return
        if missing * 1000 / RATE >= WORTH_NOTING_MS:
            self.gaps.append((round(self.ms), round(ms), why))
        self.samples += missing
        while missing > 0:
            step = min(missing, RATE)
            self.write(b"\0\0" * step)
            missing -= step

    def put(self, at_ms: float, samples: "np.ndarray", why: str) -> None:
        """Write samples that belong at this time."""
        off = at_ms - self.ms
        if off > JITTER_MS:
            self.silence_until(at_ms, why)
        elif off < -JITTER_MS:
            samples = samples[round(-off * RATE / 1000) :]
        if self.ends_ms < math.inf:
            samples = samples[: max(0, round(self.ends_ms * RATE / 1000) - self.samples)]
        if samples.size:
            self.write(samples.tobytes())
            self.samples += samples.size


def lay(take: StoredTake, line: Line, renew: Callable[[], object], *, next_ms: float = math.inf) -> None:
    """Write one take on the line, at its place; the next begins at ``next_ms``.

    Raises NoSound when nothing of it can be read.
    """
    ends = media_ends(take)
    moves = anchors(take.begins_ms, ends, [piece.until_ms for piece in take.pieces])
    holes = [
        (ends[n], after.number - before.number - 1)
        for n, (before, after) in enumerate(pairwise(take.pieces))
        if after.number != before.number + 1
    ]
    shift = 0.0
    why = line.after
    for at, samples in _decoded(take):
        while moves and at >= moves[0].media_ms - 1:
            shift = moves[0].shift_ms
            if moves.pop(0).stall:
                why = "stall"
        if holes and at >= holes[0][0] - 1:
            holes.pop(0)
            why = "missing"
        line.put(take.begins_ms + at + shift, samples, why)
        why = "stall"  # a seam inside a take that nothing explains is a pause of the capture too
        renew()
    last = take.pieces[-1]
    if lost := max(0, (take.expected or 0) - last.number - 1):
        until = last.until_ms + lost * _slice_ms([piece.until_ms for piece in take.pieces])
        line.silence_until(min(until, next_ms), "missing")


def _slice_ms(untils: Sequence[float]) -> float:
    """How long a piece of a take usually is, by when they were handed over; a second if there are no two."""
    lengths = sorted(b - a for a, b in pairwise(untils))
    return lengths[len(lengths) // 2] if lengths else 1000.0


def _decoded(take: StoredTake) -> Iterator[tuple[float, "np.ndarray"]]:
    """The samples of a take, mono at 48 kHz, each stretch with its time in ms from the take's beginning."""
    with _opened(take) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        packets = container.demux(container.streams.audio[0])
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except av.FFmpegError:
                if packet is None or packet.pts is None:
                    return
                continue  # a damaged packet: its time stays silent
            for frame in frames:
                at = 0.0 if frame.time is None else frame.time * 1000
                frame.pts = None
                for made in resampler.resample(frame):
                    yield max(0.0, at), made.to_ndarray().reshape(-1)


class Encoder:
    """Opus in WebM, by ffmpeg, from raw samples: small, and every current browser plays and winds it."""

    def __init__(self, target: Path) -> None:
        self._run = subprocess.Popen(
            [
                *("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
                *("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"),
                *("-c:a", "libopus", "-b:a", "48k", "-f", "webm", str(target)),
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def write(self, samples: bytes) -> None:
        """Take raw samples: mono, 16 bits, 48 kHz."""
        assert self._run.stdin is not None  # noqa: S101 - it was asked for
        self._run.stdin.write(samples)

    def finish(self) -> None:
        """Wait until the file is whole. Raises OSError when ffmpeg failed."""
        _, told = self._run.communicate()
        if self._run.returncode:
            raise OSError(f"ffmpeg could not write the track: {told.decode(errors='replace')[-200:]}")

    def abandon(self) -> None:
        """Stop without a file."""
        self._run.kill()
        self._run.communicate()
