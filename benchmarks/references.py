"""Recordings whose words are known, in the shapes that folders of speech come in.

A folder with truth.json is one hearing: "words" [word, start, end] in seconds, and, where each person has a track of
their own, "speakers" (one a word) and "tracks" (speaker to file) or files named after the speakers. A folder with
manifest.json is a list of recordings: "path", "language", "text" (empty when it is not known), sometimes "words".
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOUNDS = (".flac", ".wav", ".mp3", ".ogg", ".opus", ".webm", ".m4a", ".mp4")
Timed = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Reference:
    """One file of sound with what is said in it; ``words`` (text, start, end) only where somebody timed them."""

    path: Path
    language: str
    text: str
    words: list[Timed] = field(default_factory=list)
    kind: str = "mixed"  # or "track": one person of a hearing


def references(folder: Path) -> list[Reference]:
    """The recordings of a folder, and of the folders inside it when it holds neither list itself."""
    if (folder / "truth.json").is_file():
        return _hearing(folder)
    if (folder / "manifest.json").is_file():
        return _listed(folder)
    found = [item for inside in sorted(folder.iterdir()) if inside.is_dir() for item in references(inside)]
    if not found and not any(folder.rglob("truth.json")) and not any(folder.rglob("manifest.json")):
        print(f"{folder} holds neither truth.json nor manifest.json.", file=sys.stderr)
    return found


def _hearing(folder: Path) -> list[Reference]:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    language = str(truth.get("language") or "en")
    words = [(str(word), float(start), float(end)) for word, start, end in truth["words"]]
    sounds = {path.name: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SOUNDS}
    speakers = truth.get("speakers") or []
    named = truth.get("tracks") or _by_name(sounds, sorted(set(map(str, speakers))))
    found = []
    for speaker, name in named.items():
        own = [word for word, who in zip(words, speakers, strict=False) if who == speaker]
        if name in sounds and own:
            found.append(Reference(sounds[name], language, _text(own, language), own, "track"))
    mixed = truth.get("mixed") or next((name for name, path in sounds.items() if path.stem == "mixed"), None)
    if mixed is None and not found:
        mixed = next(iter(sounds), None)
    if mixed in sounds:
        found.append(Reference(sounds[mixed], language, str(truth.get("text") or _text(words, language)), words))
    return found


def _by_name(sounds: dict[str, Path], speakers: list[str]) -> dict[str, str]:
    names = {path.stem.casefold(): name for name, path in sounds.items()}
    return {speaker: names[speaker.casefold()] for speaker in speakers if speaker.casefold() in names}


def _text(words: list[Timed], language: str) -> str:
    return ("" if language == "zh" else " ").join(word for word, *_ in words)


def _listed(folder: Path) -> list[Reference]:
    told = json.loads((folder / "manifest.json").read_text())
    found = []
    for item in told if isinstance(told, list) else told.get("recordings") or told.get("files") or []:
        path = folder / str(item.get("path") or item.get("file") or "")
        words = [(str(word), float(start), float(end)) for word, start, end in item.get("words") or []]
        language = str(item.get("language") or "en")
        if path.is_file():
            found.append(Reference(path, language, str(item.get("text") or "") or _text(words, language), words))
    return found
