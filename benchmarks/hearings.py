"""Recordings with known words and times, and what the court's engine hears in them. Used by alignment.py."""

import hashlib
import json
import os
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from held_out import LOAN, ROOF, spoken, write

ROOT = Path(__file__).resolve().parent.parent
SOUNDS = (".flac", ".wav", ".mp3", ".ogg", ".webm", ".m4a", ".mp4")
GAP = 1.0


def ready() -> None:
    """Make the product importable."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")
    import django

    django.setup()


@dataclass
class Hearing:
    """A recording, what is truly said in it, and what was heard. `truth` is [(word, second it begins)] or empty."""

    name: str
    path: Path
    language: str
    text: str
    truth: list[tuple[str, float]] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    turns: list[tuple[str, str]] = field(default_factory=list)
    """[(speaker, what they said)] in order, where the truth names speakers."""


def heard_in(path: Path, language: str, kept: Path | None, speaker: str = "", offset: float = 0.0) -> list[Any]:
    """The words the court's engine hears in a recording; kept as a file between runs if a folder is given."""
    from transcripts.alignment import SpokenWord
    from transcripts.engines import engine

    name = hashlib.sha256(f"{path}|{path.stat().st_size}|{language}".encode()).hexdigest()[:16]
    file = kept / f"{name}.json" if kept else None
    if file and file.exists():
        found = json.loads(file.read_text())
    else:
        found = engine().transcribe(path, language=language).as_json()
        if file:
            file.write_text(json.dumps(found))
    return [
        SpokenWord(w["word"], w["start"] + offset, w["end"] + offset, speaker, w["probability"])
        for segment in found["segments"]
        for w in segment["words"]
    ]


def timed(folder: Path, kept: Path | None) -> list[Hearing]:
    """A folder with truth.json: each person's track, the mixed file, and all tracks together on one clock."""
    truth = json.loads((folder / "truth.json").read_text())
    language = truth.get("language", "en")
    words = [(str(word), float(start)) for word, start, *_ in truth["words"]]
    speakers = truth.get("speakers") or [""] * len(words)
    segments = truth.get("segments") or []
    turns = [(one.get("speaker", ""), one["text"]) for one in segments]
    text = "\n".join(said for _, said in turns) or ("" if language == "zh" else " ").join(word for word, _ in words)
    tracks = {who: folder / file for who, file in (truth.get("tracks") or {}).items()}
    mixed = folder / truth["mixed"] if truth.get("mixed") else None
    if mixed is None:
        sounds = sorted(p for p in folder.iterdir() if p.suffix in SOUNDS and p not in tracks.values())
        mixed = sounds[0] if sounds else None
    done: list[Hearing] = []
    together: list[Any] = []
    for who, path in tracks.items():
        mine = [word for word, speaker in zip(words, speakers, strict=True) if speaker == who]
        said = "\n".join(text for speaker, text in turns if speaker == who) or " ".join(word for word, _ in mine)
        heard = heard_in(path, language, kept, who)
        together += heard
        done.append(Hearing(f"{folder.name}/{path.stem}", path, language, said, mine, heard))
    if mixed is not None:
        heard = heard_in(mixed, language, kept)
        done.append(Hearing(f"{folder.name}/{mixed.stem}", mixed, language, text, words, heard))
        if len(tracks) > 1:
            together.sort(key=lambda word: word.start)
            done.append(Hearing(f"{folder.name}/tracks", mixed, language, text, words, together, turns))
    return done


def spoken_clips(folder: Path, scratch: Path, kept: Path | None, longest: float = 1e9) -> list[Hearing]:
    """The clips of a folder with manifest.json: long ones by themselves, short ones of a language put end to end."""
    done: list[Hearing] = []
    short: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads((folder / "manifest.json").read_text()):
        if not one.get("text") or one["language"] not in ("en", "ko", "zh") or one["duration"] > longest:
            continue
        if one["duration"] >= 40:
            path = folder / one["path"]
            heard = heard_in(path, one["language"], kept)
            done.append(Hearing(path.stem, path, one["language"], one["text"], heard=heard))
        else:
            short.setdefault(one["language"], []).append(one)
    for language, clips in short.items():
        done.append(_end_to_end(folder, language, clips, scratch, kept))
    return done


def _end_to_end(folder: Path, language: str, clips: list[dict[str, Any]], scratch: Path, kept: Path | None) -> Hearing:
    parts: list[Any] = []
    heard: list[Any] = []
    texts: list[str] = []
    offset = 0.0
    for one in clips:
        path = folder / one["path"]
        samples = samples_of(path)
        heard += heard_in(path, language, kept, offset=offset)
        text = one["text"].strip()
        text = text.capitalize() if text.isupper() else text
        texts.append(text if text[-1] in ".?!。" else text + ("。" if language == "zh" else "."))
        parts += [samples, np.zeros(int(GAP * 16_000), dtype=np.float32)]
        offset += len(samples) / 16_000 + GAP
    path = scratch / f"clips-{language}.wav"
    write(path, np.concatenate(parts))
    return Hearing(f"clips-{language}", path, language, ("" if language == "zh" else " ").join(texts), heard=heard)


def samples_of(path: Path) -> Any:
    """A recording as 16 kHz mono samples."""
    from transcripts.engines.sound import Sound

    with Sound(path) as sound:
        return np.concatenate(list(sound.stretches()))


def synthesised(scratch: Path, kept: Path | None) -> list[Hearing]:
    """Korean and Chinese whose times the synthesiser tells. It is heard badly, so its own words stand for heard ones.

    They are given the errors of a recogniser's times (up to 150 ms either way), to be sharpened.
    """
    from synthesised import recording

    from transcripts.alignment import SpokenWord

    done: list[Hearing] = []
    for language in ("ko", "zh"):
        path = scratch / f"synthesised-{language}.wav"
        told, text = recording(language, path)
        chance = random.Random(7)
        units = list(text.replace(".", "").split() if language == "ko" else text.replace("。", ""))
        heard: list[Any] = []
        here, at = 0, 0.0
        for unit in units:
            known = here < len(told) and told[here][0] == unit
            at = told[here][1] if known else at + 0.5
            here += known
            begins = max(0.0, at + chance.uniform(-0.15, 0.15))
            heard.append(SpokenWord(unit, begins, begins + 0.3))
        done.append(Hearing(f"synthesised-{language}", path, language, text, told, heard))
    return done


def held_out(folder: Path | None, scratch: Path, kept: Path | None) -> list[Hearing]:
    """Recordings no weight was tuned on: two spoken hearings and the clips of a folder in noise.

    Of one hearing the tracks are heard, of the other, held by telephone, the mixed file. `folder` is one with
    manifest.json; what it holds of more than a minute is left out.
    """
    done: list[Hearing] = []
    roof = spoken("roof", ROOF, kept or scratch, noise=0.0008, telephone=False)
    mixed = roof["folder"] / "mixed.wav"
    tracks = [word for who in roof["people"] for word in heard_in(roof["folder"] / f"{who}.wav", "en", kept, who)]
    tracks.sort(key=lambda word: word.start)
    text = "\n".join(said for _, said in roof["turns"])
    done.append(Hearing("roof/tracks", mixed, "en", text, heard=tracks, turns=roof["turns"]))
    loan = spoken("loan", LOAN, kept or scratch, noise=0.004, telephone=True)
    mixed = loan["folder"] / "mixed.wav"
    text = "\n".join(said for _, said in loan["turns"])
    done.append(Hearing("loan/mixed", mixed, "en", text, heard=heard_in(mixed, "en", kept)))
    for one in spoken_clips(folder, scratch, kept, longest=60.0) if folder else []:
        samples = samples_of(one.path)
        hiss = np.random.default_rng(len(samples)).standard_normal(len(samples)).astype(np.float32)
        path = (kept or scratch) / f"noisy-{one.name}.wav"
        write(path, samples + 0.05 * float(np.sqrt(np.mean(samples**2))) * hiss)
        heard = heard_in(path, one.language, kept)
        done.append(Hearing(f"noisy/{one.name}", path, one.language, one.text, heard=heard))
    return done
