"""Speech to text: one small interface, two engines behind it (see docs/adr/0003-speech-to-text-engines.md).

    speech = engine().transcribe("hearing.webm", language="en")

The engine and model come from COURT_WHISPER_ENGINE and COURT_WHISPER_MODEL unless named. A loaded model is kept
for the life of the process.
"""

import functools
import threading

from django.conf import settings

from transcripts.engines.speech import (
    Begun,
    BrokenFile,
    Cancelled,
    Engine,
    ModelMissing,
    NoSound,
    Segment,
    Speech,
    SpeechError,
    UnknownLanguage,
    Word,
)

__all__ = [
    "NAMES",
    "Begun",
    "BrokenFile",
    "Cancelled",
    "Engine",
    "ModelMissing",
    "NoSound",
    "Segment",
    "Speech",
    "SpeechError",
    "UnknownLanguage",
    "Word",
    "engine",
]

NAMES = ("faster-whisper", "openai-whisper")
_loading = threading.Lock()


def engine(name: str | None = None, model: str | None = None) -> Engine:
    """The engine of this name with this model loaded: a size the catalogue knows, or a path to weights.

    Raises ModelMissing with a line saying what to install when either is not there.
    """
    with _loading:
        return _loaded(
            name or settings.COURT_WHISPER_ENGINE,
            model or settings.COURT_WHISPER_MODEL,
            settings.COURT_WHISPER_THREADS,
        )


@functools.lru_cache(maxsize=3)
def _loaded(name: str, model: str, threads: int) -> Engine:
    if name not in NAMES:
        raise ModelMissing(f"There is no engine called {name!r}. Choose one of: {', '.join(NAMES)}.")
    if name == "faster-whisper":
        from transcripts.engines.faster import FasterWhisper

        return FasterWhisper(model, threads=threads)
    from transcripts.engines.reference import OpenAIWhisper

    return OpenAIWhisper(model, threads=threads)
