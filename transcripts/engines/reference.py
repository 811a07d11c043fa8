"""The reference engine: OpenAI's own Whisper package on PyTorch, given the same speech as the default engine.

It needs a checkpoint of its own kind. For packaged sizes and for folders of CTranslate2 weights one is made from
those weights (see `checkpoint`), so both engines can be compared on the very same model.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from transcripts.engines.checkpoint import alignment_heads, from_ct2
from transcripts.engines.cleaning import Heard
from transcripts.engines.listening import SEED, TEMPERATURES, Listener
from transcripts.engines.sound import Samples
from transcripts.engines.speech import ModelMissing, Word
from transcripts.engines.weights import PACKAGED, ct2_folder

BEAM = 5
EARLY = {"base": 0.06, "tiny.en": -0.09}
"""Seconds by which each model's word starts come early against hand-timed speech (benchmarks/transcription.py)."""


class OpenAIWhisper(Listener):
    """openai-whisper with one model: a size, a .pt file, or a folder of CTranslate2 weights. Raises ModelMissing."""

    name = "openai-whisper"
    beam = BEAM

    def __init__(self, model: str, *, threads: int) -> None:
        super().__init__()
        self.model = model
        self.lateness = EARLY.get(model, EARLY["base"])
        try:
            import torch
            import whisper
        except ImportError as error:
            raise ModelMissing("openai-whisper is not installed: pip install openai-whisper torch") from error
        torch.set_num_threads(threads)
        _keep_compiled(whisper.timing)
        self._torch, self._package, self._threads = torch, whisper, threads
        self._whisper: Any = _loaded(model)
        known = list(whisper.tokenizer.LANGUAGES)[: self._whisper.num_languages]
        self.languages = frozenset(known if self._whisper.is_multilingual else ["en"])

    def detect(self, speech: Samples) -> dict[str, float]:
        """See `Listener.detect`."""
        if not self._whisper.is_multilingual:
            return {"en": 1.0}
        mel = self._package.log_mel_spectrogram(
            self._package.pad_or_trim(speech), self._whisper.dims.n_mels, device=self._whisper.device
        )
        odds: dict[str, float] = self._whisper.detect_language(mel)[1]
        return odds

    def tokens(self, text: str) -> int:
        """See `Listener.tokens`."""
        tokenizer = self._package.tokenizer.get_tokenizer(self._whisper.is_multilingual)
        return len(tokenizer.encode(text))

    def hear(self, speech: Samples, *, language: str, prompt: str | None, once: bool = False) -> Iterator[Heard]:
        """See `Listener.hear`."""
        self._torch.manual_seed(SEED)
        # Said anew each time: other libraries set it for the whole process, and too many threads wait for one another.
        self._torch.set_num_threads(self._threads)
        found = self._whisper.transcribe(
            speech,
            language=language,
            beam_size=self.beam,
            best_of=5,
            temperature=0.0 if once else TEMPERATURES,
            condition_on_previous_text=False,
            word_timestamps=True,
            initial_prompt=prompt,
            carry_initial_prompt=prompt is not None,
            fp16=False,
            verbose=None,
        )
        for piece in found["segments"]:
            yield Heard(
                start=piece["start"],
                end=piece["end"],
                words=tuple(
                    Word(word["word"], float(word["start"]), float(word["end"]), float(word["probability"]))
                    for word in piece["words"]
                ),
                silence=piece["no_speech_prob"],
                likelihood=piece["avg_logprob"],
                repetition=piece["compression_ratio"],
            )


def _keep_compiled(timing: Any) -> None:
    """Keep the machine code Numba makes of Whisper's word timing: making it takes longer than hearing a short track.

    It is kept beside the package or in the user's cache; where neither can be written to, it is made each time.
    """
    for compiled in (timing.backtrace, timing.dtw_cpu):
        with suppress(RuntimeError):
            compiled.enable_caching()


def _loaded(model: str) -> Any:
    import whisper

    path = Path(model).expanduser()
    try:
        if path.is_file():
            return whisper.load_model(str(path), device="cpu")
        if model in PACKAGED or path.is_dir():
            loaded = whisper.load_model(str(from_ct2(model)), device="cpu")
            _set_heads(loaded, alignment_heads(ct2_folder(model)))
            return loaded
        if model not in whisper.available_models():
            raise ModelMissing(
                f"There is no model {model!r}. Choose one of {', '.join(whisper.available_models())}, or give a path."
            )
        return whisper.load_model(model, device="cpu")
    except ModelMissing:
        raise
    except OSError as error:
        raise ModelMissing(
            f"Model {model!r} is not on this machine and could not be fetched ({type(error).__name__}). "
            f"Connect to the internet once, or use one that is packaged: {', '.join(PACKAGED)}."
        ) from error
    except Exception as error:
        raise ModelMissing(f"{model} is not a checkpoint of openai-whisper ({type(error).__name__}).") from error


def _set_heads(loaded: Any, heads: list[tuple[int, int]]) -> None:
    """Time words by these heads alone; without a list Whisper uses the upper half of its layers, less exactly."""
    import torch

    if heads:
        mask = torch.zeros(loaded.dims.n_text_layer, loaded.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
        loaded.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
