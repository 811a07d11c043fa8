"""How fast and how exactly the court's engines turn speech into text. Prints JSON.

    python benchmarks/transcription.py                                    a minute of synthesised speech
    python benchmarks/transcription.py --audio FILE --text FILE           a recording and what is said in it
    python benchmarks/transcription.py --folder FOLDER                    a recording with truth.json: its words, timed

Every engine runs in a process of its own, so that its peak memory can be told; loading the model is timed apart.
"""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from machine import machine

ROOT = Path(__file__).resolve().parent.parent
SOUNDS = (".flac", ".wav", ".mp3", ".ogg", ".webm", ".m4a", ".mp4")

SPOKEN = """
Good morning. This is the hearing of a claim about a garden wall. The claimant says that the wall fell down in
January, after a night of heavy rain. She asks for two thousand pounds, the price of building it again. The respondent
says that the wall was old and that the rain was to blame. He has sent a report by an engineer. The report says that
the wall had no proper foundation. I have read the report and the letters. I will hear the claimant first, and then
the respondent. Nobody will be interrupted. Please speak slowly, because everything is recorded. At the end I will say
what happens next, and the decision will be sent to both of you in writing within fourteen days.
"""


def measure(name: str, model: str, audio: str, language: str, beam: int | None) -> dict[str, Any]:
    """Transcribe one file with one engine in this process: its words, times and costs."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()
    from transcripts.engines import engine
    from transcripts.engines.sound import RATE, Sound

    begun = time.perf_counter()
    listener: Any = engine(name, model)
    if beam:
        listener.beam = beam
    with Sound(audio) as sound:  # the first word times compile for some seconds: paid once, like loading
        list(listener.hear(next(sound.stretches())[: 10 * RATE], language=language, prompt=None))
    loaded = time.perf_counter()
    speech = listener.transcribe(audio, language=language)
    done = time.perf_counter()
    return {
        "engine": name,
        "model": model,
        "beam": listener.beam,
        "language": speech.language,
        "audio_seconds": round(speech.duration, 2),
        "load_seconds": round(loaded - begun, 2),
        "seconds": round(done - loaded, 2),
        "real_time_factor": round((done - loaded) / speech.duration, 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "words": [(word.text, word.start) for segment in speech.segments for word in segment.words],
        "text": " ".join(segment.text for segment in speech.segments),
    }


def synthesised(folder: Path) -> tuple[Path, str]:
    """A minute of synthesised English in a file, and its text."""
    audio = folder / "spoken.wav"
    try:
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(audio), SPOKEN], check=True)
    except FileNotFoundError:
        sys.exit("espeak-ng is not installed: apt-get install espeak-ng, or give --audio and --text.")
    return audio, SPOKEN


def from_folder(folder: Path) -> tuple[Path, str, list[list[Any]], str]:
    """The recording of a folder with truth.json, its text, its word times and its language."""
    truth = json.loads((folder / "truth.json").read_text())
    sounds = sorted(path for path in folder.iterdir() if path.suffix in SOUNDS)
    mixed = [path for path in sounds if path.stem == "mixed"] or sounds
    if not mixed:
        sys.exit(f"{folder} holds no recording.")
    return mixed[0], " ".join(word for word, *_ in truth["words"]), truth["words"], truth.get("language", "en")


def word_error_rate(truth: str, heard: str, language: str) -> float:
    """Share of words (of characters in Chinese) that are wrong, left out or added, after Whisper's own normalising."""
    import jiwer
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    normal = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    if language == "zh":
        return float(jiwer.cer(normal(truth).replace(" ", ""), normal(heard).replace(" ", "")))
    return float(jiwer.wer(normal(truth), normal(heard)))


def start_errors(truth: list[list[Any]], heard: list[tuple[str, float]]) -> dict[str, Any]:
    """How far word starts are off in milliseconds, over the words both have: positive is too late."""
    import jiwer

    said = [(plain(word), float(start)) for word, start, _ in truth]
    found = [(plain(word), start) for word, start in heard if plain(word)]
    aligned = jiwer.process_words(" ".join(w for w, _ in said), " ".join(w for w, _ in found)).alignments[0]
    errors = [
        1000 * (found[chunk.hyp_start_idx + step][1] - said[chunk.ref_start_idx + step][1])
        for chunk in aligned
        if chunk.type == "equal"
        for step in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]
    if not errors:
        return {"words_compared": 0}
    sizes = sorted(abs(error) for error in errors)
    return {
        "words_compared": len(sizes),
        "mean_ms": round(statistics.mean(sizes)),
        "median_ms": round(statistics.median(sizes)),
        "p95_ms": round(sizes[min(len(sizes) - 1, int(0.95 * len(sizes)))]),
        "late_by_ms": round(statistics.median(errors)),
    }


def plain(word: str) -> str:
    """A word in small letters without punctuation."""
    return "".join(letter for letter in word.lower() if letter.isalnum() or letter == "'").strip("'")


def main() -> None:
    """Run both engines on one file and print what was measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--audio", type=Path)
    ask.add_argument("--text", type=Path)
    ask.add_argument("--folder", type=Path)
    ask.add_argument("--engine", action="append", choices=["faster-whisper", "openai-whisper"])
    ask.add_argument("--model", action="append", help="a size or a path; may be given more than once")
    ask.add_argument("--language", default="en")
    ask.add_argument("--beam", type=int, help="beam size, instead of the engine's own")
    ask.add_argument("--show", action="store_true", help="print the text heard too")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        truth: list[list[Any]] = []
        language = given.language
        if given.folder:
            audio, text, truth, language = from_folder(given.folder)
        elif given.audio:
            audio, text = given.audio, given.text.read_text() if given.text else ""
        else:
            audio, text = synthesised(Path(scratch))
        results = []
        for model in given.model or ["base"]:
            for name in given.engine or ["faster-whisper", "openai-whisper"]:
                alone = multiprocessing.get_context("spawn")
                with ProcessPoolExecutor(max_workers=1, mp_context=alone) as pool:
                    found = pool.submit(measure, name, model, str(audio), language, given.beam).result()
                if text:
                    found["word_error_rate"] = round(word_error_rate(text, found["text"], language), 4)
                if truth:
                    found["word_start_error"] = start_errors(truth, found["words"])
                del found["words"]
                if not given.show:
                    del found["text"]
                results.append(found)
    print(json.dumps({"machine": machine(), "file": audio.name, "results": results}, indent=2))


if __name__ == "__main__":
    main()
