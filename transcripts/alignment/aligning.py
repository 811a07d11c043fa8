"""A written record laid on the sound: the whole way from two texts to times, sentences and discrepancies."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from os import PathLike

from transcripts.alignment import discrepancies, sliding, timing
from transcripts.alignment.by_sound import Sounded, by_sound
from transcripts.alignment.discrepancies import Difference
from transcripts.alignment.judging import Verdict
from transcripts.alignment.matching import Match, match
from transcripts.alignment.moving import moved_by_sound
from transcripts.alignment.normal import DATE, NUMBER, by_character
from transcripts.alignment.reading import Heard, Record, read_heard, read_record
from transcripts.alignment.result import (
    FORMAT,
    Alignment,
    Discrepancy,
    SpokenWord,
    Turn,
)
from transcripts.engines.speech import Cancelled, Engine, Speech

UNKNOWN = "und"

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """How far the work is, and whether it is still wanted. Raises Cancelled at the next step if it is not."""

    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None

    def at(self, share: float) -> None:
        """Tell the share done, 0 to 1."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("The alignment was stopped.")
        if self.progress is not None:
            self.progress(share)

    def part(self, low: float, high: float) -> Progress:
        """A teller for a part of the work whose own share runs from 0 to 1."""
        return lambda share: self.at(low + (high - low) * share)


def spoken_words(speech: Speech) -> list[SpokenWord]:
    """What an engine heard, as words."""
    return [
        SpokenWord(word.text, word.start, word.end, probability=word.probability)
        for segment in speech.segments
        for word in segment.words
    ]


def by_script(text: str) -> str:
    """The language a text is most likely in, told by its letters: ko, zh, or en."""
    korean = sum("가" <= c <= "힣" for c in text)
    chinese = sum("\u3400" <= c <= "\u9fff" for c in text)
    letters = sum(c.isalpha() for c in text)
    if 4 * max(korean, chinese) < letters:
        return "en"
    return "ko" if korean >= chinese else "zh"


def align(
    record_text: str,
    speech: Speech | Iterable[SpokenWord] | None = None,
    *,
    path: str | PathLike[str] | None = None,
    language: str | None = None,
    engine: Engine | None = None,
    speakers: Sequence[Turn] | None = None,
    names: Iterable[str] = (),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Alignment:
    """Find where each word and sentence of a record was said, and where record and sound differ.

    `speech` is what was heard; without it `engine` listens to `path`. With `path` the times are taken from the sound
    itself and each difference is judged by it; without, times are the recogniser's and no difference has a score.
    `speakers` tells who speaks when, `names` are names of the case. Raises SpeechError, or Cancelled.
    """
    steps = Steps(progress, cancelled)
    steps.at(0.0)
    begun = 0.0
    if speech is None:
        if path is None or engine is None:
            raise ValueError("Either what was heard, or a recording and an engine to hear it.")
        begun = 0.6
        speech = engine.transcribe(path, language=language, progress=steps.part(0.0, begun), cancelled=cancelled)
    if isinstance(speech, Speech):
        language = language or (speech.language if speech.language != UNKNOWN else None)
        speech = spoken_words(speech)
    tongue = (language or by_script(record_text)).replace("_", "-").split("-")[0].strip().lower()
    record = read_record(record_text, tongue)
    heard = read_heard(speech, tongue, speakers)
    parted = sliding.seams(record), sliding.heard_seams(heard)
    met = match(record.forms, heard.forms, characters=by_character(tongue), parted=parted)
    gaps = discrepancies.differences(record, heard, met, tongue)
    steps.at(begun + 0.05)
    sounded = by_sound(record, heard, gaps, path, tongue, steps.part(begun + 0.05, 0.99), cancelled)
    result = _assembled(record, heard, met, gaps, sounded, names, tongue)
    steps.at(1.0)
    return result


def _assembled(
    record: Record,
    heard: Heard,
    met: Match,
    gaps: Sequence[Difference],
    sounded: Sounded,
    names: Iterable[str],
    language: str,
) -> Alignment:
    pairs = sorted([*met.pairs, *met.moved_pairs])
    times, shares = timing.matched_times(record, heard, pairs)
    replaced: dict[int, timing.Times] = {}
    apart = {
        token
        for block in met.moved
        for token in range(record.units[block.first].first, record.units[block.last].last + 1)
    }
    known = discrepancies.names_in(record, heard, names, language)
    found = [*discrepancies.moved(record, heard, met), *discrepancies.wrong_speakers(record, heard, met)]
    aside: list[Discrepancy] = []
    for at, gap in enumerate(gaps):
        one = described(record, heard, gap, sounded.verdicts.get(at), known, language)
        if one is None:
            continue
        tokens = _tokens(record, gap)
        if one.kind == FORMAT:
            span = _heard_span(heard, gap)
            for token in tokens:
                shares[token] = 1.0
                times.setdefault(token, _part(tokens, token, span))
        elif gap.c < gap.d:
            replaced |= dict.fromkeys(tokens, _heard_span(heard, gap))
        if one.kind != FORMAT or _plain(one.record) != _plain(one.spoken):
            (found if one.likely else aside).append(one)
    for token, span in sounded.borne_out.items():
        times[token], shares[token] = span, 1.0
    found += written_otherwise(record, heard, pairs)
    words = timing.aligned_words(record, times, replaced, apart)
    return Alignment(
        language,
        words,
        timing.aligned_sentences(record, words, shares, apart),
        discrepancies.rank(moved_by_sound(found, language)),
        discrepancies.rank(aside),
    )


def _tokens(record: Record, gap: Difference) -> list[int]:
    return sorted({at for unit in record.units[gap.a : gap.b] for at in range(unit.first, unit.last + 1)})


def _heard_span(heard: Heard, gap: Difference) -> timing.Times:
    first, last = heard.units[gap.c].first, heard.units[gap.d - 1].last
    return heard.words[first].start, heard.words[last].end


def _part(tokens: Sequence[int], token: int, span: timing.Times) -> timing.Times:
    at, step = tokens.index(token), (span[1] - span[0]) / len(tokens)
    return span[0] + at * step, span[0] + (at + 1) * step


def described(
    record: Record, heard: Heard, gap: Difference, verdict: Verdict | None, names: frozenset[str], language: str
) -> Discrepancy | None:
    """A difference as a person should see it. None for what a clerk noted and nobody says."""
    tokens = _tokens(record, gap)
    if tokens and set(tokens) <= record.notes and gap.c == gap.d:
        return None
    kind = discrepancies.kind_of(record, heard, gap, language)
    about = () if kind == FORMAT else discrepancies.concerns(record, heard, gap, names=names, language=language)
    if tokens:
        start, stop = record.tokens[tokens[0]].start, record.tokens[tokens[-1]].end
    else:
        before = record.tokens[record.units[gap.a - 1].last].end if gap.a else 0
        start = stop = before
    begin = end = None
    spoken = ""
    if gap.c < gap.d:
        first, last = heard.units[gap.c].first, heard.units[gap.d - 1].last
        spoken = discrepancies.spoken_text(heard, first, last + 1)
        begin, end = heard.words[first].start, heard.words[last].end
    elif 0 < gap.c < len(heard.units):
        begin, end = heard.words[heard.units[gap.c - 1].last].end, heard.words[heard.units[gap.c].first].start
        end = max(begin, end)
    # Numbers, names, dates and negations go to a person whatever the sound seems to say.
    likely = verdict is None or verdict.against_record or kind == FORMAT or bool(about)
    return Discrepancy(
        kind,
        record.text[start:stop],
        spoken,
        begin,
        end,
        start,
        stop,
        score=verdict.score if verdict else None,
        weight=verdict.weight if verdict else None,
        needs_person=bool(about),
        likely=likely,
        concerns=about,
    )


def written_otherwise(record: Record, heard: Heard, pairs: Sequence[tuple[int, int]]) -> list[Discrepancy]:
    """Numbers, dates and the like that mean the same and are written differently."""
    done: list[Discrepancy] = []
    group: list[tuple[int, int]] = []
    for a, b in [*pairs, (-1, -1)]:
        together = a >= 0 and group and _touches(record, heard, group[-1], (a, b))
        if group and not together:
            done += _as_format(record, heard, group)
            group = []
        if a >= 0:
            group.append((a, b))
    return done


def _touches(record: Record, heard: Heard, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two matched units share a written word on either side."""
    return (
        record.units[other[0]].first <= record.units[one[0]].last
        or heard.units[one[1]].first <= heard.units[other[1]].first <= heard.units[one[1]].last
    )


def _as_format(record: Record, heard: Heard, group: Sequence[tuple[int, int]]) -> list[Discrepancy]:
    mine, theirs = [record.units[a] for a, _ in group], [heard.units[b] for _, b in group]
    if not any(unit.kind in (NUMBER, DATE) for unit in mine):
        return []
    words = record.tokens[mine[0].first : mine[-1].last + 1]
    begin, end = theirs[0].first, theirs[-1].last
    said = discrepancies.spoken_text(heard, begin, end + 1)
    start, stop = words[0].start, words[-1].end
    if _plain(record.text[start:stop]) == _plain(said):
        return []
    return [
        Discrepancy(FORMAT, record.text[start:stop], said, heard.words[begin].start, heard.words[end].end, start, stop)
    ]


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
