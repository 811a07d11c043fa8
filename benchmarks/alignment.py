"""How exactly the aligner lays a record on the sound, what it finds and misses, and how fast it is. Prints JSON.

    python benchmarks/alignment.py --folder FOLDER        a folder with truth.json (may be given more than once)
    python benchmarks/alignment.py --speech FOLDER        clips with manifest.json and no word times
    python benchmarks/alignment.py --held-out --speech FOLDER --only differences
                                                          recordings and mistakes that no weight was tuned on
    python benchmarks/alignment.py                        speed, and synthesised Korean and Chinese, alone

--keep FOLDER keeps between runs what was heard and what the judges said. --only times|differences|speed does one part.
--seeds N changes how many records with mistakes are made of each recording, --first-seed N which.

Word times: errors of word starts against the truth, of the recogniser, of the sharpened transcript, of the aligned
true record, and of an aligned record with words replaced, left out and put in. Differences: records with mistakes of
every kind (seeded.py); one is found if a discrepancy of the fitting kind touches it, and a discrepancy that touches no
mistake is false. Where the text is not verbatim (the manifest says so), what it truly has otherwise counts as false
too. `without_format` leaves out of the precision what is only written or hesitated otherwise.
"""

import argparse
import difflib
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hearings import Hearing, held_out, ready, spoken_clips, synthesised, timed
from kept import remember
from machine import machine
from seeded import Edit, seeded

FITTING = {
    "substitution": {"substitution", "wording"},
    "number": {"substitution", "wording"},
    "negation": {"substitution", "wording", "omission", "addition"},
    "omission": {"omission", "substitution", "wording", "disfluency"},
    "addition": {"addition", "substitution", "wording", "disfluency"},
    "moved": {"moved"},
    "wrong_speaker": {"wrong_speaker"},
}


def errors(found: list[tuple[str, float | None]], truth: list[tuple[str, float]], language: str) -> dict[str, Any]:
    """How far starts are off in milliseconds, over the words that both have in order; positive is too late."""
    from transcripts.alignment.matching import match
    from transcripts.alignment.normal import by_character, tokens, units

    def forms(words: list[str]) -> tuple[list[str], list[int]]:
        plain, owners = [], []
        for at, word in enumerate(words):
            for place, unit in enumerate(units(tokens(word), language)):
                plain.append(unit.form)
                owners.append(at if place == 0 else -1)
        return plain, owners

    mine, at_mine = forms([word for word, _ in found])
    true, at_true = forms([word for word, _ in truth])
    pairs = match(true, mine, characters=by_character(language)).pairs
    off = [
        1000 * (start - truth[at_true[a]][1])
        for a, b in pairs
        if at_true[a] >= 0 and at_mine[b] >= 0 and (start := found[at_mine[b]][1]) is not None
    ]
    if not off:
        return {"words": len(truth), "compared": 0}
    sizes = sorted(abs(error) for error in off)
    return {
        "words": len(truth),
        "compared": len(sizes),
        "median_ms": round(statistics.median(sizes), 1),
        "p95_ms": round(sizes[min(len(sizes) - 1, int(0.95 * len(sizes)))], 1),
        "within_100_ms": round(sum(size <= 100 for size in sizes) / len(sizes), 4),
        "within_200_ms": round(sum(size <= 200 for size in sizes) / len(sizes), 4),
        "within_1_s": round(sum(size <= 1000 for size in sizes) / len(truth), 4),
        "late_by_ms": round(statistics.median(off), 1),
    }


def word_times(hearing: Hearing) -> dict[str, Any]:
    """Start errors of the recogniser, the sharpened transcript, and two aligned records."""
    from transcripts.alignment import align
    from transcripts.alignment.forced import sharpened

    words = [(word.text, word.start, word.end) for word in hearing.heard]
    begun = time.perf_counter()
    better = sharpened(hearing.path, words, language=hearing.language)
    sharpening = time.perf_counter() - begun
    result: dict[str, Any] = {
        "recogniser": errors([(word, start) for word, start, _ in words], hearing.truth, hearing.language),
        "sharpened": errors(
            [(word, start) for (word, _, _), (start, _, _) in zip(words, better, strict=True)],
            hearing.truth,
            hearing.language,
        ),
        "sharpening_seconds": round(sharpening, 2),
    }
    for name, record in (
        ("true_record", hearing.text),
        ("edited_record", seeded([("", hearing.text)], hearing.language, 1, share=0.15, only_words=True)[0]),
    ):
        begun = time.perf_counter()
        found = align(record, hearing.heard, path=hearing.path, language=hearing.language)
        taken = time.perf_counter() - begun
        told = [(word.text, word.start) for word in found.words]
        matched = [(word.text, word.start if word.status == "matched" else None) for word in found.words]
        result[name] = {
            "all": errors(told, hearing.truth, hearing.language),
            "matched_only": errors(matched, hearing.truth, hearing.language),
            "statuses": dict(Counter(word.status for word in found.words)),
            "seconds": round(taken, 2),
        }
    return result


def touches(edit: Edit, found: dict[str, Any]) -> bool:
    """Whether a discrepancy is where an edit is, give or take a full stop and a space, and a word said twice."""
    near = 3 + (len(edit.written) if edit.kind == "addition" else 0)
    return bool(found["char_start"] <= edit.end + near and found["char_end"] >= edit.start - near)


def differences(hearing: Hearing, seeds: Sequence[int]) -> dict[str, Any]:
    """Edits found and false discrepancies, by kind, over several edited records of one recording."""
    from transcripts.alignment import align

    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    true: Counter[str] = Counter()
    false: Counter[str] = Counter()
    missed: list[Any] = []
    wrong: list[Any] = []
    for seed in seeds:
        record, edits = seeded(hearing.turns or [("", hearing.text)], hearing.language, seed)
        told = align(record, hearing.heard, path=hearing.path, language=hearing.language).as_json()["discrepancies"]
        for edit in edits:
            made[edit.kind] += 1
            touching = {one["kind"] for one in told if touches(edit, one)}
            found[edit.kind] += bool(touching & FITTING[edit.kind])
            named[edit.kind] += edit.kind in touching
            if not touching & FITTING[edit.kind]:
                missed.append([seed, edit.kind, edit.said, edit.written])
        for one in told:
            if any(touches(edit, one) for edit in edits):
                true[one["kind"]] += 1
            else:
                false[one["kind"]] += 1
                wrong.append([seed, one["kind"], one["record"][:60], one["spoken"][:60], one["weight"]])
    return {
        **rates(made, found, true, false),
        "language": hearing.language,
        "by_kind": {kind: {"edits": made[kind], "found": found[kind], "named_so": named[kind]} for kind in made},
        "told": {kind: {"true": true[kind], "false": false[kind]} for kind in sorted({*true, *false})},
        "missed": missed,
        "false": wrong,
    }


def rates(made: Counter[str], found: Counter[str], true: Counter[str], false: Counter[str]) -> dict[str, Any]:
    """Recall and precision of all kinds together."""

    def precision(kinds: set[str]) -> float | None:
        right, wrong = sum(true[kind] for kind in kinds), sum(false[kind] for kind in kinds)
        return round(right / (right + wrong), 4) if right + wrong else None

    kinds = {*true, *false}
    return {
        "edits": made.total(),
        "recall": round(found.total() / made.total(), 4) if made else None,
        "precision": precision(kinds),
        "precision_without_format": precision(kinds - {"format", "disfluency"}),
    }


def together(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of several recordings as one, with recall and precision by kind."""
    made, found, true, false = (Counter[str]() for _ in range(4))
    for part in parts:
        for kind, one in part["by_kind"].items():
            made[kind] += one["edits"]
            found[kind] += one["found"]
        for kind, one in part["told"].items():
            true[kind] += one["true"]
            false[kind] += one["false"]
    recall = {kind: round(found[kind] / made[kind], 4) for kind in sorted(made)}
    precision = {kind: round(true[kind] / (true[kind] + false[kind]), 4) for kind in sorted({*true, *false})}
    return rates(made, found, true, false) | {"recall_by_kind": recall, "precision_by_kind": precision}


def speed() -> dict[str, Any]:
    """Seconds to match two texts of so many words, against difflib and a plain Levenshtein library."""
    from rapidfuzz.distance import Levenshtein

    from transcripts.alignment.matching import match
    from transcripts.alignment.reading import read_heard, read_record
    from transcripts.alignment.result import SpokenWord

    chance = random.Random(11)
    stems = [a + b + c for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "an", "or") for c in "bdgklmnpst"]
    vocabulary = [one + other for one in stems[::3] for other in ("", "er", "ing", "ly", "ment")]
    shares = [1 / (rank + 2.7) for rank in range(len(vocabulary))]  # as often as words of a language are used
    result: dict[str, Any] = {}
    for size in (9_000, 72_000):
        one = chance.choices(vocabulary, shares, k=size)
        other: list[str] = []
        for word in one:
            luck = chance.random()
            other += [] if luck < 0.03 else [chance.choice(vocabulary)] if luck < 0.08 else [word]
            other += chance.choices(vocabulary, shares, k=1) if luck > 0.98 else []
        took: dict[str, float] = {}
        begun = time.perf_counter()
        pairs = len(match(one, other).pairs)
        took["aligner"] = time.perf_counter() - begun
        begun = time.perf_counter()
        record = read_record(" ".join(one), "en")
        heard = read_heard([SpokenWord(word, at / 3, at / 3 + 0.2) for at, word in enumerate(other)], "en")
        took["aligner_reading_both_texts"] = time.perf_counter() - begun
        begun = time.perf_counter()
        blocks = (
            difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks() if size < 10_000 else []
        )
        took["difflib"] = time.perf_counter() - begun
        begun = time.perf_counter()
        difflib.SequenceMatcher(None, one, other).get_matching_blocks()
        took["difflib_autojunk"] = time.perf_counter() - begun
        begun = time.perf_counter()
        Levenshtein.editops(one, other)
        took["levenshtein_library"] = time.perf_counter() - begun
        result[str(size)] = {name: round(seconds, 3) for name, seconds in took.items() if seconds > 0.0005}
        result[str(size)] |= {"matched": pairs, "units": [len(record.units), len(heard.units)]}
        if blocks:
            result[str(size)]["matched_by_difflib"] = sum(block.size for block in blocks)
    return result


def main() -> None:
    """Measure what was asked for and print it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--folder", type=Path, action="append", default=[])
    ask.add_argument("--speech", type=Path)
    ask.add_argument("--keep", type=Path, help="where what was heard is kept between runs")
    ask.add_argument("--only", choices=["times", "differences", "speed"])
    ask.add_argument("--held-out", action="store_true", help="measure on recordings no weight was tuned on")
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--first-seed", type=int, default=1)
    given = ask.parse_args()
    ready()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        remember(given.keep)
    result: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as scratch:
        hearings: list[Hearing] = []
        if given.only != "speed":
            for folder in given.folder:
                hearings += timed(folder, given.keep)
            if given.held_out:
                hearings += held_out(given.speech, Path(scratch), given.keep)
            elif given.speech:
                hearings += spoken_clips(given.speech, Path(scratch), given.keep)
        if given.only in (None, "times"):
            whole = hearings + synthesised(Path(scratch), given.keep)
            result["times"] = {one.name: word_times(one) for one in whole if one.truth}
        if given.only in (None, "differences"):
            parts: dict[str, dict[str, Any]] = {}
            seeds = range(given.first_seed, given.first_seed + given.seeds)
            for one in hearings:
                begun = time.perf_counter()
                parts[one.name] = differences(one, seeds) | {"seconds": round(time.perf_counter() - begun, 1)}
                print(json.dumps({one.name: parts[one.name]}, ensure_ascii=False), file=sys.stderr, flush=True)
            result["differences"] = parts
            for language in sorted({one.language for one in hearings}):
                result[f"all_{language}"] = together([one for one in parts.values() if one["language"] == language])
            if parts:
                result["everything"] = together(list(parts.values()))
        if given.only in (None, "speed"):
            result["speed"] = speed()
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
