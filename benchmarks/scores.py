"""How far what was heard is from what was said: in words, in characters, in milliseconds."""

import re
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

UNSPACED = ("zh", "ja")


def word_errors(pairs: Sequence[tuple[str, str]], language: str) -> dict[str, Any]:
    """The error rates of texts given as (said, heard), all of one language.

    English: of words, after Whisper's normaliser and as written. Korean and Chinese: of characters too, without
    spaces and punctuation; Chinese in simplified characters whatever the reference was written in.
    """
    import jiwer
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    normal = EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()
    said, heard = [said for said, _ in pairs], [heard for _, heard in pairs]
    rates: dict[str, Any] = {"recordings": len(pairs)}
    if language not in UNSPACED:
        plain_said, plain_heard = [normal(text) for text in said], [normal(text) for text in heard]
        rates["words"] = sum(len(text.split()) for text in plain_said)
        rates["word_error_rate"] = round(float(jiwer.wer(plain_said, plain_heard)), 4)
        rates["word_error_rate_as_written"] = round(float(jiwer.wer(said, heard)), 4)
    if language != "en":
        bare_said, bare_heard = [bare(text, language) for text in said], [bare(text, language) for text in heard]
        rates["characters"] = sum(map(len, bare_said))
        rates["character_error_rate"] = round(float(jiwer.cer(bare_said, bare_heard)), 4)
    return rates


def bare(text: str, language: str) -> str:
    """Letters and digits alone; Chinese in simplified characters."""
    if language == "zh":
        from opencc import OpenCC

        text = OpenCC("t2s").convert(text)
    return re.sub(r"[\W_]+", "", text.lower())


def start_errors(
    truth: Sequence[Sequence[Any]], heard: Sequence[tuple[str, float]], language: str = "en"
) -> list[float]:
    """How many milliseconds word starts are off, over the words both have: positive is too late."""
    import jiwer

    said = [(plain(word), float(start)) for word, start, *_ in truth if plain(word)]
    found = [(plain(word), start) for word, start in heard if plain(word)]
    if language in UNSPACED:
        said, found = _characters(said), _characters(found)
    if not said or not found:
        return []
    aligned = jiwer.process_words(" ".join(w for w, _ in said), " ".join(w for w, _ in found)).alignments[0]
    return [
        1000 * (found[chunk.hyp_start_idx + step][1] - said[chunk.ref_start_idx + step][1])
        for chunk in aligned
        if chunk.type == "equal"
        for step in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]


def _characters(words: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """The first character of each word: the one whose start was timed."""
    return [(word[0], start) for word, start in words]


def spread(errors: Sequence[float]) -> dict[str, Any]:
    """Median, p95 and mean of the sizes of some errors in milliseconds, and the shares within 100 and 200 ms."""
    if not errors:
        return {"words_compared": 0}
    sizes = sorted(abs(error) for error in errors)
    return {
        "words_compared": len(sizes),
        "median_ms": round(statistics.median(sizes), 1),
        "p95_ms": round(sizes[min(len(sizes) - 1, int(0.95 * len(sizes)))], 1),
        "mean_ms": round(statistics.mean(sizes), 1),
        "within_100_ms": round(sum(size <= 100 for size in sizes) / len(sizes), 4),
        "within_200_ms": round(sum(size <= 200 for size in sizes) / len(sizes), 4),
        "late_by_ms": round(statistics.median(errors), 1),
    }


def plain(word: str) -> str:
    """A word in small letters without punctuation."""
    return "".join(letter for letter in word.lower() if letter.isalnum() or letter == "'").strip("'")
