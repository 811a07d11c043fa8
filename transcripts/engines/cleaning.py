"""From what an engine says it heard to words that can stand in a record."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from transcripts.engines.silence import Span, overlap
from transcripts.engines.speech import Segment, Word

PAUSE = 0.8
"""A pause of this many seconds between two words ends a segment."""

NEAR = 0.3
"""The voice detector may miss a soft beginning or end by this many seconds."""

SHORTEST = 0.02
"""No word takes less than this many seconds."""

FASTEST = 10.0
"""Nobody says more words (or Chinese characters) in a second."""

UNBELIEVED = 0.1
"""Words said in one breath of which the engine believes none so much as this were not said."""

INVENTED = frozenset(
    line.strip()
    for line in """
    thank you
    thanks
    thank you very much
    thank you so much
    thanks for watching
    thank you for watching
    you
    bye
    bye bye
    please subscribe
    subtitles by the amara org community
    subtitles by
    transcription by
    the end
    감사합니다
    고맙습니다
    시청해 주셔서 감사합니다
    시청해주셔서 감사합니다
    구독과 좋아요 부탁드립니다
    다음 영상에서 만나요
    mbc 뉴스
    谢谢
    谢谢大家
    谢谢观看
    感谢观看
    请不吝点赞 订阅 转发 打赏支持明镜与点点栏目
    字幕由 amara org 社区提供
    """.splitlines()
    if line.strip()
)
"""What Whisper says when nobody speaks, without punctuation and in small letters."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece as an engine gives it: words with the space Whisper put before them, and how sure it was.

    `silence` is the probability that nobody spoke, `likelihood` the mean log probability of the text, `repetition`
    how well the text compresses.
    """

    start: float
    end: float
    words: tuple[Word, ...]
    silence: float
    likelihood: float
    repetition: float
    language: str = ""

    def moved(self, by: float) -> "Heard":
        """The same piece `by` seconds later."""
        words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in self.words)
        return replace(self, start=self.start + by, end=self.end + by, words=words)


def cleaned(
    heard: list[Heard], speech: list[Span], *, length: float, lateness: float, told: Sequence[str] = ()
) -> list[Segment]:
    """Segments on the passage's clock: invented text left out, words timed and clipped to where somebody speaks.

    `length` is the passage's, `lateness` is added to every time; both in seconds. `told` is what was said to the
    engine before it listened, which it may repeat when it is unsure.
    """
    segments: list[Segment] = []
    floor = 0.0
    for piece in heard:
        if not piece.words or _invented(piece, speech, told):
            continue
        words: list[Word] = []
        for word in piece.words:
            if not _letters(word.text):
                if words and _letters(words[-1].text[-1]):  # a full stop with a time of its own is no word
                    words[-1] = replace(words[-1], text=words[-1].text.rstrip() + word.text.strip())
                continue
            begins, ends = _clipped(word.start + lateness, word.end + lateness, speech)
            begins = min(max(begins, floor), length)
            ends = min(max(ends, begins + SHORTEST), length)
            begins = min(begins, ends)
            floor = begins
            words.append(replace(word, start=begins, end=ends))
        for breath in _breaths(words):
            if max(word.probability for word in breath) < UNBELIEVED:
                continue
            segments.append(_segment(breath, piece.language))
    return segments


def _invented(piece: Heard, speech: list[Span], told: Sequence[str]) -> bool:
    """Whether nobody said this: no voice there at all, or hardly any and a phrase Whisper is known to make up."""
    near = [Span(span.start - NEAR, span.end + NEAR) for span in speech]
    if overlap(piece.start, piece.end, near) <= 0:
        return True
    lasts = max(piece.end - piece.start, SHORTEST)
    voiced = overlap(piece.start, piece.end, speech) / lasts
    said = _plain("".join(word.text for word in piece.words))
    sure = sum(word.probability for word in piece.words) / len(piece.words)
    if _repeats(said, told) and (said.count(" ") > 3 or voiced < 0.5 or piece.silence > 0.6 or sure < 0.5):
        return True
    if said in INVENTED and (voiced < 0.2 or (piece.silence > 0.6 and voiced < 0.5)):
        return True
    if piece.silence > 0.6 and piece.likelihood < -1.0:
        return True
    rate = len(piece.words) / lasts
    # A whole sentence in the last half second of the sound, which the engine itself hardly believes.
    if len(piece.words) >= 4 and rate > FASTEST and (piece.likelihood < -0.8 or sure < 0.5):
        return True
    # A loop: the text repeats itself and its words take no time or nobody believes them.
    return piece.repetition > 2.4 and (rate > FASTEST or sure < 0.3 or voiced < 0.2)


def _letters(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _repeats(said: str, told: Sequence[str]) -> bool:
    """Whether a text is nothing but a piece of what the engine was told, word for word."""
    return any(said and f" {said} " in f" {_plain(text)} " for text in told)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def _clipped(start: float, end: float, speech: list[Span]) -> tuple[float, float]:
    """A word's times without the silence at its beginning and end. A word all in silence is left as it is."""
    touched = [span for span in speech if span.end > start and span.start < end]
    if not touched:
        return start, end
    return max(start, touched[0].start), min(end, touched[-1].end)


def _breaths(words: list[Word]) -> Iterator[list[Word]]:
    """The words parted at pauses."""
    breath: list[Word] = []
    for word in words:
        if breath and word.start - breath[-1].end >= PAUSE:
            yield breath
            breath = []
        breath.append(word)
    if breath:
        yield breath


def _segment(words: list[Word], language: str) -> Segment:
    text = "".join(word.text for word in words).strip()
    parts = [word.text.strip() for word in words]
    if language == "zh":
        text, parts = simplified(text, parts)
    return Segment(
        start=words[0].start,
        end=max(word.end for word in words),
        text=text,
        words=tuple(replace(word, text=part) for word, part in zip(words, parts, strict=True)),
        language=language,
    )


def simplified(text: str, parts: list[str]) -> tuple[str, list[str]]:
    """A Chinese text, and its words, in simplified characters.

    The whole is turned at once, since some characters depend on their neighbours; a word is turned by itself only
    where it cannot be found in the whole again.
    """
    turned = _converter().convert(text)
    found: list[str] = []
    at = 0
    for part in parts:
        place = text.find(part, at) if len(turned) == len(text) else -1
        found.append(turned[place : place + len(part)] if place >= 0 else str(_converter().convert(part)))
        at = place + len(part) if place >= 0 else at
    return (turned if len(turned) == len(text) else "".join(found)), found


@functools.cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
