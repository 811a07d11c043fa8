"""Exact times of given words by forced alignment with the sound.

Phones are laid on the sound, for Korean and Chinese those of the nearest English sounds; what they do not find there,
or find far from where it was recognised, is placed by Whisper's attention.

    for start, end, how in sharpened("hearing.flac", [("Good", 1.0, 1.2), ("morning", 1.2, 1.7)], language="en"): ...

A time is believed only if it lies close to the recogniser's own and keeps the words in order.
"""

import functools
import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike

from transcripts.alignment.phones import FEWEST, Phonetic, Said
from transcripts.alignment.pronouncing_east import pronounced
from transcripts.alignment.tape import Tape, Window, windows
from transcripts.engines import silence
from transcripts.engines.sound import RATE, Samples
from transcripts.engines.speech import Cancelled, SpeechError

logger = logging.getLogger(__name__)

FAR = 0.3
"""A word found further than this many seconds from where it was recognised is not believed."""

SHORTEST = 0.01
MATCHED, UNCHANGED = "matched", "unchanged"
LATE = {"base": 0.06}
"""Seconds by which Whisper's own attention is early, for each model."""

CLOSE = 0.12
"""A word that Whisper places within so many seconds of the beginning of speech begins with it."""

Timed = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word and when it was recognised; with `slack` it may begin anywhere between (it was not recognised itself)."""

    text: str
    start: float
    end: float
    slack: bool = False


def sharpened(
    path: str | PathLike[str],
    words: Sequence[Timed],
    *,
    language: str,
    model: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[tuple[float, float, str]]:
    """Better times for words that were recognised in a recording: (start, end, "matched" or "unchanged") for each.

    Never moves a word past its neighbours, and leaves alone what it cannot find. Only some seconds of sound are held
    at a time. Raises SpeechError if the recording cannot be read, Cancelled when the caller asks to stop.
    """
    order = sorted(range(len(words)), key=lambda at: (words[at][1], words[at][2]))
    wanted = [Wanted(words[at][0], float(words[at][1]), float(words[at][2])) for at in order]
    found = laid(path, wanted, language=language, model=model, progress=progress, cancelled=cancelled)
    result: list[tuple[float, float, str]] = [(0.0, 0.0, UNCHANGED)] * len(words)
    for place, (start, end, how) in zip(order, in_order(wanted, found), strict=True):
        result[place] = (start, end, how)
    return result


def in_order(wanted: Sequence[Wanted], found: Sequence[Said | None]) -> list[tuple[float, float, str]]:
    """Each word's better times where they can be believed, its own where not; starts never run backwards."""
    done = [(one.start, one.end, UNCHANGED) for one in wanted]
    for at, said in enumerate(found):
        if said is not None and _near(said, wanted[at], 0.0) and said.end > said.start:
            done[at] = (said.start, said.end, MATCHED)
    floor = 0.0
    for at, (start, end, how) in enumerate(done):
        own = wanted[at].start, wanted[at].end
        ceiling = next((done[later][0] for later in range(at + 1, min(at + 2, len(done)))), None)
        if how == MATCHED and (start < floor or (ceiling is not None and start > ceiling and own[0] <= ceiling)):
            start, end, how = own[0], own[1], UNCHANGED
        start = max(start, floor)
        done[at] = (start, max(end, start + SHORTEST), how)
        floor = start
    for at in range(len(done) - 1):
        start, end, how = done[at]
        following = done[at + 1][0]
        if end > following and wanted[at].end <= wanted[at + 1].start + SHORTEST:
            done[at] = (start, max(start, following), how)
    return done


def laid(
    path: str | PathLike[str],
    wanted: Sequence[Wanted],
    *,
    language: str,
    model: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Said | None]:
    """Where the sound says each word is, in seconds of the recording; None where it does not say.

    `wanted` in the order of the times. Raises SpeechError or Cancelled.
    """
    found: list[Said | None] = [None] * len(wanted)
    if not wanted:
        return found
    lay = _layer(language, model)
    with Tape(path) as tape:
        for window in windows([(one.start, one.end) for one in wanted]):
            if cancelled is not None and cancelled():
                raise Cancelled("The alignment was stopped.")
            samples = tape.between(window.start, window.end)
            _lay_window(lay, samples, wanted, window, found)
            if progress is not None:
                progress((window.last + 1) / len(wanted))
    return found


Layer = Callable[[Samples, Sequence[Wanted], float], list[Said | None]]
"""Finds words in samples that begin at this second of the recording; its answer counts from there."""


def _layer(language: str, model: str | None) -> Layer:
    if language == "en":
        english = Phonetic()
        return lambda samples, words, _start: english.lay(samples, [one.text for one in words])
    if language not in ("ko", "zh"):
        return _by_attention(language, model)
    phonetic = Phonetic()
    attention = functools.cache(lambda: _by_attention(language, model))  # its weights are loaded only if needed

    def lay(samples: Samples, words: Sequence[Wanted], start: float) -> list[Said | None]:
        found = phonetic.lay_phones(samples, pronounced([one.text for one in words], language))
        if not any(found) and len(words) > FEWEST:
            return found  # each half will be tried by itself
        doubtful = [at for at, said in enumerate(found) if said is None or not _near(said, words[at], start)]
        if doubtful:
            others = attention()(samples, words, start)
            for at in doubtful:
                found[at] = others[at]
        return found

    return lay


def _near(said: Said, one: Wanted, start: float) -> bool:
    """Whether a word was found close to where it was recognised."""
    return one.start - FAR <= said.start + start <= (one.end if one.slack else one.start) + FAR


def _lay_window(
    lay: Layer, samples: Samples, wanted: Sequence[Wanted], window: Window, found: list[Said | None]
) -> None:
    """Lay a window's words on its sound; where they do not fit, lay each half by itself."""
    work = [(window, samples)]
    while work:
        here, sound = work.pop()
        words = wanted[here.first : here.last + 1]
        try:
            said = lay(sound, words, here.start)
        except SpeechError:
            raise
        except Exception:  # a word nobody foresaw must not cost the times of a whole hearing
            logger.exception("Words could not be laid on the sound.")
            said = [None] * len(words)
        if any(said):
            for at, one in enumerate(said, start=here.first):
                if one is not None:
                    found[at] = Said(one.start + here.start, one.end + here.start)
        elif len(words) > FEWEST:
            for half in _halves(wanted, here):
                low, high = round((half.start - here.start) * RATE), round((half.end - here.start) * RATE)
                work.append((half, sound[max(0, low) : max(0, high)]))


def _halves(wanted: Sequence[Wanted], window: Window) -> tuple[Window, Window]:
    """The window parted at the longest pause in its middle."""
    low, high = window.first + 1, window.last
    quarter = (high - low) // 4
    places = range(low + quarter, high - quarter + 1)
    cut = max(places, key=lambda at: wanted[at].start - wanted[at - 1].end)
    when = min(max((wanted[cut - 1].end + wanted[cut].start) / 2, window.start), window.end)
    return Window(window.first, cut - 1, window.start, when), Window(cut, window.last, when, window.end)


def _by_attention(language: str, model: str | None) -> Layer:
    """Korean, Chinese and others: where Whisper's decoder looks when it says each word."""
    from transcripts.engines.forcing import forcer

    whisper = forcer(language, model)
    late = LATE.get(whisper.model, LATE["base"])
    between = "" if language in ("zh", "ja", "yue") else " "

    def lay(samples: Samples, words: Sequence[Wanted], _start: float) -> list[Said | None]:
        if len(samples) < RATE // 10:
            return [None] * len(words)
        parts = [between + one.text for one in words]
        times = whisper.times(whisper.encode(samples), parts, language)
        if times is None:
            return [None] * len(words)
        heard = silence.voice(samples)
        speech = silence.spans(heard, silence=0.1, pad=0.0, length=len(samples) / RATE)
        opens = [span.start for span in speech]
        closes = [span.end for span in speech]
        return [Said(*_voiced(start + late, end + late, opens, closes)) for start, end in times]

    return lay


def _voiced(start: float, end: float, opens: Sequence[float], closes: Sequence[float]) -> tuple[float, float]:
    """A word's times without the silence at its edges; a word near the beginning of speech begins with it."""
    at = bisect_right(closes, start)
    if at < len(opens) and (start <= opens[at] < end or 0 <= start - opens[at] <= CLOSE):
        start = opens[at]
    inside = bisect_right(opens, end) - 1
    if inside >= 0 and closes[inside] < end and closes[inside] > start:
        end = closes[inside]
    return start, max(end, start + SHORTEST)
