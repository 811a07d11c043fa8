"""Where somebody speaks and where nobody does, and what follows from it for the words.

Whisper invents words in silence ("Thank you.", the sentence before once more). It is therefore given only what the
voice detector (Silero, shipped with faster-whisper) took for speech, and what it heard is checked against that again.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transcripts.engines.sound import RATE, Samples

FRAME = 512
"""Samples the voice detector judges at a time: 32 ms."""

SPEAKING, SILENT = 0.5, 0.35
"""Speech begins at this probability and lasts until it falls below the other one."""


SOUNDLESS = 0.001
"""A frame whose loudest sample is below this (-60 decibels of full scale) holds no voice."""

AROUND = 32
"""Frames of quiet that the detector hears before and after sound: one second."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech, in seconds."""

    start: float
    end: float


def voice(samples: Samples) -> npt.NDArray[np.float32]:
    """The probability of speech in each frame. Where there is no sound at all, none is looked for.

    The track of somebody who mostly listens with the microphone off so costs next to nothing.
    """
    from faster_whisper.vad import get_vad_model

    padded = np.pad(samples, (0, -len(samples) % FRAME))
    frames = padded.reshape(-1, FRAME)
    found = np.zeros(len(frames), dtype=np.float32)
    for first, last in _sounding(np.maximum(frames.max(axis=1, initial=0.0), -frames.min(axis=1, initial=0.0))):
        told = get_vad_model()(padded[first * FRAME : last * FRAME])
        found[first:last] = np.asarray(told, dtype=np.float32).reshape(-1)
    return found


def _sounding(peaks: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Stretches (first frame, past the last) with any sound, each with AROUND frames before and after it."""
    found: list[tuple[int, int]] = []
    for frame in np.flatnonzero(peaks >= SOUNDLESS).tolist():
        first, last = max(0, frame - AROUND), min(len(peaks), frame + AROUND + 1)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def spans(heard: npt.NDArray[np.float32], *, silence: float, pad: float, length: float) -> list[Span]:
    """Stretches of speech at least `silence` seconds apart, each widened by `pad` seconds, within `length` seconds."""
    seconds = FRAME / RATE
    raw: list[list[float]] = []
    speaking = False
    for number, probability in enumerate(heard.tolist()):
        if speaking:
            raw[-1][1] = number * seconds
            speaking = probability >= SILENT
        elif probability >= SPEAKING:
            speaking = True
            raw.append([number * seconds, (number + 1) * seconds])
    if speaking:
        raw[-1][1] = length
    joined: list[list[float]] = []
    for start, end in raw:
        if joined and start - joined[-1][1] < silence:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    widened = [[max(0.0, start - pad), min(length, end + pad)] for start, end in joined]
    for one, other in pairwise(widened):
        if other[0] < one[1]:
            one[1] = other[0] = (one[1] + other[0]) / 2
    return [Span(start, end) for start, end in widened if end > start]


def overlap(start: float, end: float, speech: list[Span]) -> float:
    """Seconds of this stretch in which somebody speaks."""
    return sum(max(0.0, min(end, span.end) - max(start, span.start)) for span in speech)


def quiet_cut(heard: npt.NDArray[np.float32], earliest: int) -> int:
    """The frame to cut at: the middle of the longest silence after `earliest`, else where speech is least likely."""
    best, best_length = earliest + int(np.argmin(heard[earliest:])), 0
    run = 0
    for number in range(earliest, len(heard)):
        run = run + 1 if heard[number] < SILENT else 0
        if run > best_length:
            best, best_length = number - run // 2, run
    return best
