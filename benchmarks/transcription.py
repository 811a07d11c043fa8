"""How fast and how exactly the court's engines turn speech into text. Prints JSON.

    python benchmarks/transcription.py                                    a minute of synthesised speech
    python benchmarks/transcription.py --audio FILE --text FILE           a recording and what is said in it
    python benchmarks/transcription.py --folder FOLDER                    a hearing with truth.json (words, timed), or
                                                                          recordings with manifest.json
    python benchmarks/transcription.py --folder FOLDER --model tiny.en --second base
                                                                          weak stretches heard again by a larger model

Every engine runs in a process of its own, so that its peak memory can be told; loading the model is timed apart.
``--sharpen`` has the words' times made exact by forced alignment, as the court's worker does.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from machine import machine
from references import Reference, references
from scores import spread, start_errors, word_errors

ROOT = Path(__file__).resolve().parent.parent

SPOKEN = """
Good morning. This is the hearing of a claim about a garden wall. The claimant says that the wall fell down in
January, after a night of heavy rain. She asks for two thousand pounds, the price of building it again. The respondent
says that the wall was old and that the rain was to blame. He has sent a report by an engineer. The report says that
the wall had no proper foundation. I have read the report and the letters. I will hear the claimant first, and then
the respondent. Nobody will be interrupted. Please speak slowly, because everything is recorded. At the end I will say
what happens next, and the decision will be sent to both of you in writing within fourteen days.
"""


def ready() -> None:
    """Make the product's modules importable in this process."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()


def measure(name: str, model: str, files: list[tuple[str, str]], told: dict[str, Any]) -> dict[str, Any]:
    """Transcribe files, given as (path, language), with one engine in this process: words, times and costs."""
    ready()
    from transcripts.engines import engine
    from transcripts.engines.sound import RATE, Sound

    begun = time.perf_counter()
    listener: Any = engine(name, model)
    second: Any = engine(name, told["second"]) if told["second"] else None
    if told["beam"]:
        listener.beam = told["beam"]
    with Sound(files[0][0]) as sound:  # the first word times compile for some seconds: paid once, like loading
        list(listener.hear(next(sound.stretches())[: 10 * RATE], language=files[0][1], prompt=None))
    loaded = time.perf_counter()
    heard = []
    for path, language in files:
        at = time.perf_counter()
        speech = listener.transcribe(
            path, language=None if told["detect"] else language, prompt=told["prompt"], second=second
        )
        words = [(word.text, word.start, word.end) for segment in speech.segments for word in segment.words]
        listened = time.perf_counter()
        if told["sharpen"] and words:
            from transcripts.alignment.forced import sharpened

            better = sharpened(path, words, language=speech.language)
            words = [(word, start, end) for (word, *_), (start, end, _how) in zip(words, better, strict=True)]
        heard.append(
            {
                "language": speech.language,
                "audio_seconds": speech.duration,
                "seconds": listened - at,
                "sharpening_seconds": time.perf_counter() - listened,
                "heard_again_seconds": speech.heard_again,
                "words": words,
                "text": " ".join(segment.text for segment in speech.segments),
            }
        )
    return {
        "engine": name,
        "model": model,
        "second": told["second"],
        "beam": listener.beam,
        "load_seconds": round(loaded - begun, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "heard": heard,
    }


def synthesised(folder: Path) -> Reference:
    """A minute of synthesised English in a file, and its text."""
    audio = folder / "spoken.wav"
    try:
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(audio), SPOKEN], check=True)
    except FileNotFoundError:
        sys.exit("espeak-ng is not installed: apt-get install espeak-ng, or give --audio and --text.")
    return Reference(audio, "en", SPOKEN)


def scored(found: dict[str, Any], given: list[Reference], *, show: bool) -> dict[str, Any]:
    """The figures of one engine over all recordings: costs, and errors by kind of file and language."""
    heard = found.pop("heard")
    audio = sum(one["audio_seconds"] for one in heard)
    spent = sum(one["seconds"] for one in heard)
    sharpening = sum(one["sharpening_seconds"] for one in heard)
    found |= {
        "audio_seconds": round(audio, 1),
        "seconds": round(spent, 1),
        "real_time_factor": round(spent / audio, 4),
        "sharpening_real_time_factor": round(sharpening / audio, 4),
        "heard_again_seconds": round(sum(one["heard_again_seconds"] for one in heard), 1),
        "by_language": {},
    }
    for key in sorted({(one.kind, one.language) for one in given if one.text}):
        both = [(one, other) for one, other in zip(given, heard, strict=True) if (one.kind, one.language) == key]
        rates = word_errors([(one.text, other["text"]) for one, other in both if one.text], key[1])
        rates["language_found"] = sum(other["language"] == key[1] for _one, other in both)
        errors = [
            error
            for one, other in both
            if one.words
            for error in start_errors(one.words, [(word, start) for word, start, _ in other["words"]], key[1])
        ]
        if errors:
            rates["word_start_error"] = spread(errors)
        found["by_language"][f"{key[1]} ({key[0]})"] = rates
    if show:
        found["texts"] = [
            {"file": one.path.name, "said": one.text, "heard": other["text"], "language": other["language"]}
            for one, other in zip(given, heard, strict=True)
        ]
    return found


def main() -> None:
    """Run the engines on the recordings and print what was measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--audio", type=Path)
    ask.add_argument("--text", type=Path)
    ask.add_argument("--folder", type=Path, action="append")
    ask.add_argument("--engine", action="append", choices=["faster-whisper", "openai-whisper"])
    ask.add_argument("--model", action="append", help="a size or a path; may be given more than once")
    ask.add_argument("--second", help="a larger model that hears weak stretches again")
    ask.add_argument("--language", default="en", help="of --audio; with --folder only recordings in it are heard")
    ask.add_argument("--only", help="only recordings in this language")
    ask.add_argument("--detect", action="store_true", help="have the language found by listening")
    ask.add_argument("--prompt", help="names and terms to expect")
    ask.add_argument("--sharpen", action="store_true", help="make word times exact by forced alignment")
    ask.add_argument("--beam", type=int, help="beam size, instead of the engine's own")
    ask.add_argument("--show", action="store_true", help="print the text heard too")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if given.folder:
            found = [one for folder in given.folder for one in references(folder)]
            found = [one for one in found if one.text and given.only in (None, one.language)]
        elif given.audio:
            found = [Reference(given.audio, given.language, given.text.read_text() if given.text else "")]
        else:
            found = [synthesised(Path(scratch))]
        if not found:
            sys.exit("There is no recording with known words to measure on.")
        told = {name: getattr(given, name) for name in ("second", "beam", "detect", "prompt", "sharpen")}
        results = []
        for model in given.model or ["base"]:
            for name in given.engine or ["faster-whisper", "openai-whisper"]:
                alone = multiprocessing.get_context("spawn")
                with ProcessPoolExecutor(max_workers=1, mp_context=alone) as pool:
                    files = [(str(one.path), one.language) for one in found]
                    results.append(
                        scored(pool.submit(measure, name, model, files, told).result(), found, show=given.show)
                    )
    described = [{"file": one.path.name, "language": one.language, "timed_words": len(one.words)} for one in found]
    print(json.dumps({"machine": machine(), "files": described, "results": results}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
