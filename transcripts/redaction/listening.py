"""Listening to the sound that was made without what is hidden: can a hidden word still be heard in it?

The loudness of every hidden stretch is measured: it must be silence. Then what is left around it is given to the
speech recognition, a few seconds on each side, and none of the hidden words may be in what it hears.
"""

import functools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .. import engines, renditions
from ..leaks import HEARD
from ..models import Clearance, Leak, Level, Redaction, RedactionState, Rendition, Transcript
from ..reading import clock
from ..silencing import joined
from ..sounds import LOCAL, levels, run
from ..text import Hidden, hidden_from
from .phrases import common, forms_of, hidden_texts

SILENT = -60.0  # decibels of full scale; a voice is far above
AROUND = 2.0  # seconds listened to on each side of what is hidden
WITHIN = 1.0  # seconds listened to of a long hidden stretch, at each end


def listen(transcript: Transcript, *, goes_on: Callable[[float], None]) -> None:
    """Check every rendition of today's sound, and write down what is heard. Raises ModelMissing after measuring."""
    made: list[Rendition] = []
    for clearance in renditions.BELOW:
        hidden = hidden_from(clearance, transcript)
        if hidden and transcript.sound:
            digest = renditions.digest_of(hidden, transcript.sound)
            made += Rendition.objects.filter(transcript=transcript, clearance=clearance, track=None, digest=digest)
    found: dict[int, dict[str, str]] = {}
    for rendition in made:
        _measure(transcript, rendition, found)
    _write_down(transcript, found, settle=False)
    if not made:
        return
    engine = engines.engine()
    for number, rendition in enumerate(made):
        _hear(transcript, rendition, engine, found, functools.partial(_tell, goes_on, number, len(made)))
    _write_down(transcript, found, settle=True)


def _tell(goes_on: Callable[[float], None], number: int, of: int, share: float) -> None:
    goes_on((number + share) / of)


def _hidden_here(transcript: Transcript, clearance: int) -> list[Redaction]:
    held = Redaction.objects.filter(transcript=transcript, state=RedactionState.APPLIED, start__isnull=False)
    return list(held.filter(level=Level.SEALED) if clearance >= Clearance.PARTY else held)


def _place(redaction: Redaction, clearance: int) -> str:
    return f"{HEARD}{clock(redaction.start or 0.0, hours=True)} ({Clearance(clearance).name.lower()})"


def _measure(transcript: Transcript, rendition: Rendition, found: dict[int, dict[str, str]]) -> None:
    hidden = sorted(_hidden_here(transcript, rendition.clearance), key=lambda one: one.start or 0.0)
    spans = [(one.start or 0.0, one.end or 0.0) for one in hidden]
    for one, level in zip(hidden, levels(rendition.file.path, spans), strict=True):
        if level > SILENT:
            found.setdefault(one.pk, {})[_place(one, rendition.clearance)] = ""


def _hear(
    transcript: Transcript,
    rendition: Rendition,
    engine: engines.Engine,
    found: dict[int, dict[str, str]],
    goes_on: Callable[[float], None],
) -> None:
    hidden = _hidden_here(transcript, rendition.clearance)
    for number, one in enumerate(hidden):
        goes_on(number / len(hidden))
        said = list(hidden_texts(one, transcript))
        language = said[0][1] if said else "en"
        forbidden = {form for text, tongue, _opens in said for form, *_more in forms_of(text, tongue)}
        kept = hidden_from(rendition.clearance, transcript)
        for start, end in _windows(one.start or 0.0, one.end or 0.0):
            allowed = _left(transcript, kept, start, end)
            heard = _heard(engine, rendition.file.path, start, end, language)
            if any(
                form in forbidden and form not in allowed and not common(form)
                for form, *_more in forms_of(heard, language)
            ):
                found.setdefault(one.pk, {})[_place(one, rendition.clearance)] = ""


def _windows(start: float, end: float) -> list[tuple[float, float]]:
    edges = [(max(0.0, start - AROUND), min(end, start + WITHIN)), (max(start, end - WITHIN), end + AROUND)]
    return joined(edges)


def _left(transcript: Transcript, kept: Hidden, start: float, end: float) -> set[str]:
    """The forms that may be heard in a window: those of the words that are not hidden there, and a little around."""
    near = transcript.utterances.filter(start__lt=end + AROUND, end__gt=start - AROUND)
    found: set[str] = set()
    for track, language, words in near.values_list("track", "language", "words"):
        plain = " ".join(word[0] for word in words if not kept.hides(word, track))
        found.update(form for form, *_more in forms_of(plain, language or "en"))
    return found


def _heard(engine: engines.Engine, path: str, start: float, end: float, language: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.wav"
        cut = [
            "ffmpeg",
            "-nostdin",
            "-loglevel",
            "error",
            "-y",
            *LOCAL,
            "-ss",
            f"{start:.3f}",
            "-t",
            f"{end - start:.3f}",
        ]
        run([*cut, "-i", path, "-ac", "1", "-ar", "16000", str(part)], lambda: None)
        try:
            speech = engine.transcribe(str(part), language=language)
        except (engines.NoSound, engines.UnknownLanguage):
            return ""
    return " ".join(segment.text for segment in speech.segments)


def _write_down(transcript: Transcript, found: dict[int, dict[str, str]], *, settle: bool) -> None:
    """Keep what was heard; with ``settle``, what is silent now is settled."""
    from . import letters

    new = []
    with transaction.atomic():
        for redaction, places in found.items():
            for place in places:
                leak, made = Leak.objects.get_or_create(redaction_id=redaction, place=place)
                if made or (leak.settled_at and leak.settled_by_id is None):
                    Leak.objects.filter(pk=leak.pk).update(settled_at=None, found_at=timezone.now())
                    new.append(leak.pk)
        if settle:
            for leak in _open(transcript):
                if leak.place not in found.get(leak.redaction_id, {}):
                    Leak.objects.filter(pk=leak.pk, settled_at=None).update(settled_at=timezone.now())
        if new:
            letters.tell_of_leaks(transcript, key=f"{max(new)}:{timezone.now():%Y%m%d%H%M}", places=len(new))


def _open(transcript: Transcript) -> Iterator[Leak]:
    return Leak.objects.filter(redaction__transcript=transcript, settled_at=None, place__startswith=HEARD).iterator()
