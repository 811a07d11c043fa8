"""One track heard from beginning to end: by which engine, in which language, from where another worker left off.

What a passage of some minutes holds is kept as soon as it is heard. A worker that takes over a killed one's track
begins where that stood, not at the beginning of an eight-hour hearing.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from court.rooms.models import Track

from . import engines
from .engines import Begun, Engine, Segment, Speech, Word
from .engines.weights import second_for
from .glossary import glossary
from .models import HeardPassage, SpokenLanguage, Transcript
from .queries import rehearing_of

log = logging.getLogger(__name__)

EXPECTED = tuple(dict.fromkeys(code.split("-")[0] for code, _name in settings.LANGUAGES))
LISTENING = 0.9  # share of the work; the rest is timing the words exactly


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard on a track, and what is to be noted of how."""

    speech: Speech
    notes: dict[str, Any] = field(default_factory=dict)


def hear(
    track: Track, transcript: Transcript, *, progress: Callable[[float], None], cancelled: Callable[[], bool]
) -> Heard:
    """Hear a whole track, going on from where another worker stood. Raises SpeechError (see engines.speech)."""
    chosen = rehearing_of(transcript)
    engine = engines.engine(chosen.engine or None if chosen else None, chosen.model or None if chosen else None)
    second = _second(engine)
    set_language = SpokenLanguage.objects.filter(track=track).values_list("language", flat=True).first()
    names = glossary(transcript)
    kept = Kept(track, engine, second, set_language, names)
    path = track.file.path
    speech = engine.transcribe(
        path,
        language=set_language,
        prompt=names or None,
        expected=EXPECTED,
        length=track.seconds,
        second=second,
        begun=kept.begun(),
        keep=kept.keep,
        progress=lambda share: progress(LISTENING * share),
        cancelled=cancelled,
    )
    speech, exact = sharpened(
        path,
        speech,
        progress=lambda share: progress(LISTENING + (1 - LISTENING) * share),
        cancelled=cancelled,
    )
    notes: dict[str, Any] = {"sharpened": exact}
    if second is not None:
        notes |= {"second": second.model, "heard_again": speech.heard_again}
    if set_language:
        notes["language_set"] = set_language
    return Heard(speech, notes)


def _second(engine: Engine) -> Engine | None:
    """The larger model for weak stretches, if there is one. That it is not installed completely is no fault."""
    model = second_for(engine.model)
    if model is None:
        return None
    try:
        return engines.engine(engine.name, model)
    except engines.ModelMissing as missing:
        log.warning("Weak stretches are not heard again: %s", missing)
        return None


def sharpened(
    path: str,
    speech: Speech,
    *,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Speech, int]:
    """The same words with the times that forced alignment found in the sound, and how many were found.

    Each language is aligned by itself. Words stay in order on their track.
    """
    from .alignment import forced

    places: dict[str, list[tuple[int, int]]] = {}
    for number, segment in enumerate(speech.segments):
        spoken = segment.language or speech.language
        places.setdefault(spoken, []).extend((number, at) for at in range(len(segment.words)))
    times: dict[tuple[int, int], tuple[float, float]] = {}
    exact = 0
    for step, (language, found) in enumerate(places.items()):
        if language not in EXPECTED:
            continue
        words = [speech.segments[number].words[at] for number, at in found]
        better = forced.sharpened(
            path,
            [(word.text, word.start, word.end) for word in words],
            language=language,
            progress=lambda share, step=step: progress((step + share) / len(places)),  # type: ignore[misc]
            cancelled=cancelled,
        )
        for place, (start, end, how) in zip(found, better, strict=True):
            times[place] = (start, end)
            exact += how != forced.UNCHANGED
    return replace(speech, segments=_timed(speech.segments, times)), exact


def _timed(segments: Sequence[Segment], times: dict[tuple[int, int], tuple[float, float]]) -> tuple[Segment, ...]:
    """The segments with these times of words; no word begins before the one before it."""
    floor = 0.0
    made = []
    for number, segment in enumerate(segments):
        words: list[Word] = []
        for at, word in enumerate(segment.words):
            start, end = times.get((number, at), (word.start, word.end))
            start = max(start, floor)
            words.append(replace(word, start=start, end=max(end, start)))
            floor = start
        made.append(replace(segment, start=words[0].start, end=max(word.end for word in words), words=tuple(words)))
    return tuple(made)


class Kept:
    """The passages of a track that were heard so far, by just this way of listening to just this sound."""

    def __init__(self, track: Track, engine: Engine, second: Engine | None, language: str | None, names: str) -> None:
        self._track = track
        self._count = 0
        self._reached = 0.0
        assembled = track.assembled_at.isoformat() if track.assembled_at else ""
        told = [engine.name, engine.model, second.model if second else "", language, names, str(track.file), assembled]
        self._listener = hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def begun(self) -> Begun | None:
        """How far the track was heard before, if at all."""
        segments: list[Segment] = []
        last: dict[str, Any] = {}
        for passage in HeardPassage.objects.filter(track=self._track, listener=self._listener):
            if abs(passage.start - self._reached) > 0.001:
                break
            segments += [segment_of(told) for told in passage.found["segments"]]
            self._reached, last = passage.end, passage.found
        self._count = len(segments)
        if not last:
            return None
        log.info("Track %s is heard on from second %.0f.", self._track.pk, self._reached)
        return Begun(self._reached, tuple(segments), last["languages"], last["heard_again"])

    def keep(self, begun: Begun) -> None:
        """Keep the passage that was heard since the last."""
        found = {
            "segments": [told_of(segment) for segment in begun.segments[self._count :]],
            "languages": dict(begun.languages),
            "heard_again": begun.heard_again,
        }
        HeardPassage.objects.update_or_create(
            track=self._track,
            listener=self._listener,
            start=self._reached,
            defaults={"end": begun.reached, "found": found},
        )
        self._reached, self._count = begun.reached, len(begun.segments)


def told_of(segment: Segment) -> dict[str, Any]:
    """A segment as it is kept."""
    words = [[word.text, word.start, word.end, word.probability] for word in segment.words]
    return {"text": segment.text, "language": segment.language, "words": words}


def segment_of(told: dict[str, Any]) -> Segment:
    """A segment that was kept."""
    words = tuple(Word(*word) for word in told["words"])
    return Segment(words[0].start, max(word.end for word in words), told["text"], words, told["language"])
