"""The default engine: faster-whisper, Whisper on CTranslate2 with 8-bit weights."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.engines.cleaning import Heard
from transcripts.engines.listening import SEED, TEMPERATURES, Listener
from transcripts.engines.sound import Samples
from transcripts.engines.speech import ModelMissing, Word
from transcripts.engines.weights import ct2_folder

BEAM = 5

WHOLE, LEAST, ROOM = 3000, 1500, 1000
"""Frames of 10 ms: what Whisper was trained on, the least it is given, and the emptiness kept after speech."""

ROOM_TO_PLACE = 100
"""Frames of emptiness after a turn when its words are placed in it; more changes nothing and costs more."""

MARKS = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
"""What is written with the word after it, and with the word before it."""

FIRST_RULE = ["Ġ", "t"]
"""The first rule of Whisper's byte pair encoding."""

EARLY = {"base": 0.06, "tiny.en": -0.09}
"""Seconds by which each model's word starts come early against hand-timed speech (benchmarks/transcription.py)."""


class FasterWhisper(Listener):
    """faster-whisper with one model. Raises ModelMissing."""

    name = "faster-whisper"
    places = True
    beam = BEAM

    def __init__(self, model: str, *, threads: int) -> None:
        super().__init__()
        self.model = model
        self.lateness = EARLY.get(model, EARLY["base"])
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise ModelMissing("faster-whisper is not installed: pip install faster-whisper") from error
        ctranslate2.set_random_seed(SEED)
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        folder = ct2_folder(model)
        try:
            self._whisper: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelMissing(f"The weights in {folder} could not be loaded: {_line(error)}.") from error
        self._whisper.hf_tokenizer = _mended(self._whisper.hf_tokenizer)
        encode = self._whisper.encode
        self._whisper.encode = lambda features: encode(_shorter(features))
        self.languages = frozenset(
            code
            for code in self._whisper.supported_languages
            if not self._whisper.model.is_multilingual
            or self._whisper.hf_tokenizer.token_to_id(f"<|{code}|>") is not None
        )

    def detect(self, speech: Samples) -> dict[str, float]:
        """See `Listener.detect`."""
        if not self._whisper.model.is_multilingual:
            return {"en": 1.0}
        found = self._whisper.feature_extractor(speech)[:, :WHOLE]
        padded = np.zeros((found.shape[0], WHOLE), dtype=np.float32)
        padded[:, : found.shape[1]] = found
        odds = self._whisper.model.detect_language(self._whisper.encode(padded))[0]
        return {token.strip("<|>"): float(share) for token, share in odds}

    def tokens(self, text: str) -> int:
        """See `Listener.tokens`."""
        return len(self._whisper.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def hear(self, speech: Samples, *, language: str, prompt: str | None, once: bool = False) -> Iterator[Heard]:
        """See `Listener.hear`."""
        pieces, _ = self._whisper.transcribe(
            speech,
            language=language,
            beam_size=self.beam,
            temperature=0.0 if once else TEMPERATURES,
            condition_on_previous_text=False,
            word_timestamps=True,
            hotwords=prompt,  # unlike initial_prompt it is said before every half minute, not the first alone
            vad_filter=False,  # `speech` holds nothing but what the voice detector kept
        )
        for piece in pieces:
            yield Heard(
                start=float(piece.start),
                end=float(piece.end),
                words=tuple(
                    Word(word.word, float(word.start), float(word.end), float(word.probability))
                    for word in piece.words or ()
                ),
                silence=piece.no_speech_prob,
                likelihood=piece.avg_logprob,
                repetition=piece.compression_ratio,
            )

    def placed(self, words: Sequence[Word], speech: Samples, *, language: str) -> list[Word] | None:
        """See `Listener.placed`."""
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import merge_punctuations

        many = self._whisper.model.is_multilingual
        tokenizer = Tokenizer(self._whisper.hf_tokenizer, many, task="transcribe", language=language)
        frames = min(len(speech) // self._whisper.feature_extractor.hop_length, WHOLE)
        features = self._whisper.feature_extractor(speech)[:, :frames]
        room = min(frames + ROOM_TO_PLACE + frames % 2, WHOLE) - features.shape[1]
        encoded = self._whisper.encode(np.pad(features, ((0, 0), (0, room))))
        tokens = tokenizer.encode("".join(word.text for word in words))
        found = self._whisper.find_alignment(tokenizer, [tokens], encoded, frames)[0]
        merge_punctuations(found, *MARKS)
        found = [word for word in found if word["word"]]
        if [word["word"] for word in found] != [word.text for word in words]:
            return None
        return [
            replace(word, start=float(one["start"]), end=float(one["end"]), probability=float(one["probability"]))
            for word, one in zip(words, found, strict=True)
        ]


def _mended(tokenizer: Any) -> Any:
    """The tokenizer as the model was trained with.

    That of the public multilingual conversions lacks the first rule of its list, which joins a space and a "t": it
    cuts " the" into tokens that the model never writes, and so finds every such word impossible.
    """
    told = json.loads(tokenizer.to_str())
    rules = told["model"].get("merges")
    known = tokenizer.token_to_id("".join(FIRST_RULE)) is not None
    if not rules or not known or rules[0] in (FIRST_RULE, " ".join(FIRST_RULE)):
        return tokenizer
    rules.insert(0, FIRST_RULE if isinstance(rules[0], list) else " ".join(FIRST_RULE))
    return type(tokenizer).from_str(json.dumps(told))


def _shorter(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Half a minute's frames without most of the emptiness that short speech is filled up with.

    A turn of three seconds so costs half of a full half minute to listen to, with as many words right.
    """
    filled = np.flatnonzero(features.any(axis=0))
    frames = (int(filled[-1]) + 1 if filled.size else 0) + ROOM
    frames = min(max(frames + frames % 2, LEAST), features.shape[-1])
    return np.ascontiguousarray(features[..., :frames])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
