"""The default engine: faster-whisper, Whisper on CTranslate2 with 8-bit weights."""

import logging
from collections.abc import Iterator
from typing import Any

from transcripts.engines.cleaning import Heard
from transcripts.engines.listening import SEED, Listener
from transcripts.engines.sound import Samples
from transcripts.engines.speech import ModelMissing, Word
from transcripts.engines.weights import ct2_folder

BEAM = 5

EARLY = {"base": 0.06, "tiny.en": -0.09}
"""Seconds by which each model's word starts come early against hand-timed speech (benchmarks/transcription.py)."""


class FasterWhisper(Listener):
    """faster-whisper with one model. Raises ModelMissing."""

    name = "faster-whisper"
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
        self.languages = frozenset(
            code
            for code in self._whisper.supported_languages
            if not self._whisper.model.is_multilingual
            or self._whisper.hf_tokenizer.token_to_id(f"<|{code}|>") is not None
        )

    def detect(self, speech: Samples) -> str:
        """See `Listener.detect`."""
        if not self._whisper.model.is_multilingual:
            return "en"
        language: str = self._whisper.detect_language(speech)[0]
        return language

    def hear(self, speech: Samples, *, language: str, prompt: str | None) -> Iterator[Heard]:
        """See `Listener.hear`."""
        pieces, _ = self._whisper.transcribe(
            speech,
            language=language,
            beam_size=self.beam,
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


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
