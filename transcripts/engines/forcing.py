"""What Whisper says of a given text: how likely the sound makes it, and when each part of it was said.

Used by the aligner, for Korean and Chinese word times and to weigh two readings of the same words.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transcripts.engines import engine
from transcripts.engines.faster import FasterWhisper
from transcripts.engines.sound import RATE, Samples
from transcripts.engines.speech import UnknownLanguage

HALF_MINUTE = 30.0
"""Seconds Whisper can hear at a time."""

FRAMES = 50.0
"""Steps of Whisper's attention in a second."""

LONGEST = 440
"""Tokens Whisper can hold with what is said before them."""

LEAST_PROBABLE = 1e-6
BATCH = 8


@dataclass(frozen=True, slots=True)
class Encoded:
    """Up to half a minute of sound as Whisper's encoder sees it."""

    features: Any
    frames: int


class Forcer:
    """Weighs and times texts against sound. Threads may share one."""

    def __init__(self, listener: FasterWhisper) -> None:
        self._whisper: Any = listener._whisper
        self.model = listener.model
        self.languages = listener.languages

    def encode(self, samples: Samples) -> Encoded:
        """Hear up to half a minute of sound; what is longer is cut off."""
        samples = samples[: int(HALF_MINUTE * RATE)]
        features = self._whisper.feature_extractor(samples)
        frames = min(int(len(samples) / RATE * 100), 3000)
        padded = np.zeros((features.shape[0], 3000), dtype=np.float32)
        padded[:, : min(frames, features.shape[1])] = features[:, : min(frames, 3000)]
        return Encoded(np.array(self._whisper.encode(padded)), frames)

    def log_likelihoods(self, sound: Encoded, texts: Sequence[str], language: str) -> list[float]:
        """The natural logarithm of each text's probability, given the sound. All texts should begin alike."""
        tokenizer = self._tokenizer(language)
        found: list[float] = []
        for at in range(0, len(texts), BATCH):
            # With the end of the text: words left out at the end would otherwise cost nothing.
            tokens = [[*tokenizer.encode(text)[:LONGEST], tokenizer.eot] for text in texts[at : at + BATCH]]
            results = self._align(sound, tokenizer, tokens)
            found += [
                float(np.log(np.maximum(np.asarray(result.text_token_probs, dtype=np.float64), LEAST_PROBABLE)).sum())
                for result in results
            ]
        return found

    def times(self, sound: Encoded, parts: Sequence[str], language: str) -> list[tuple[float, float]] | None:
        """(start, end) in seconds of each part of a text, put end to end. None if the text is too long for Whisper.

        A token that holds several parts shares its time among them.
        """
        tokenizer = self._tokenizer(language)
        tokens = tokenizer.encode("".join(parts))
        if not tokens or len(tokens) > LONGEST:
            return None
        result = self._align(sound, tokenizer, [tokens])[0]
        begins = _token_starts(result.alignments, len(tokens) + 1)
        at_byte = np.cumsum([0, *(len(piece) for piece in self._bytes(tokenizer, tokens))])
        whole = int(at_byte[-1])
        lengths = [len(part.encode()) for part in parts]
        if whole != sum(lengths):
            return None
        ends = np.cumsum([0, *lengths])
        # The white space before a word is said with it, not before it.
        opens = [
            at + len(part.encode()) - len(part.lstrip().encode()) for at, part in zip(ends[:-1], parts, strict=True)
        ]
        starts = np.interp(opens, at_byte, begins)
        stops = np.interp(ends[1:], at_byte, begins)
        return [(float(a) / FRAMES, float(b) / FRAMES) for a, b in zip(starts, stops, strict=True)]

    def _bytes(self, tokenizer: Any, tokens: Sequence[int]) -> list[bytes]:
        names = [tokenizer.tokenizer.id_to_token(token) for token in tokens]
        return [bytes(_byte_values()[c] for c in name) for name in names]

    def _align(self, sound: Encoded, tokenizer: Any, tokens: list[list[int]]) -> list[Any]:
        import ctranslate2

        features = np.repeat(sound.features, len(tokens), axis=0)
        results: list[Any] = self._whisper.model.align(
            ctranslate2.StorageView.from_array(np.ascontiguousarray(features)),
            list(tokenizer.sot_sequence),
            tokens,
            [sound.frames] * len(tokens),
        )
        return results

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        many = self._whisper.model.is_multilingual
        spoken = language if language in self.languages else "en"
        return Tokenizer(self._whisper.hf_tokenizer, many, task="transcribe", language=spoken)


def _token_starts(alignments: Sequence[tuple[int, int]], count: int) -> "np.ndarray[Any, Any]":
    """The step at which each token begins; the last one is the end of the text."""
    tokens = np.array([token for token, _ in alignments])
    steps = np.array([step for _, step in alignments], dtype=np.float64)
    first = np.concatenate([[True], np.diff(tokens) > 0])
    begins = np.interp(np.arange(count), tokens[first], steps[first])
    return np.maximum.accumulate(begins)


@functools.cache
def _byte_values() -> dict[str, int]:
    """What byte each character of the byte-level vocabulary stands for."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    values = {chr(byte): byte for byte in plain}
    others = [byte for byte in range(256) if byte not in plain]
    return values | {chr(256 + place): byte for place, byte in enumerate(others)}


def forcer(language: str, model: str | None = None) -> Forcer:
    """The forcer with this model, or with the court's if it knows the language, else with "base".

    Raises ModelMissing or UnknownLanguage.
    """
    for size in (model, "base"):
        listener = engine("faster-whisper", size)
        if isinstance(listener, FasterWhisper) and language in listener.languages:
            return Forcer(listener)
    raise UnknownLanguage(f"The aligner does not know the language {language!r}.")
