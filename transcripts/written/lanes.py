"""The two lanes: the record by its sentences, beside each what was heard at that time, every difference marked.

Written here and not by the template: a day's hearing has thousands of sentences.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from transcripts.models import Discrepancy, DiscrepancyKind, WrittenRecord
from transcripts.reading import clock, tongue
from transcripts.text import Line

SLACK = 0.06  # seconds by which sharpened times may differ from the transcript's
PART = 1000  # sentences shown on one page
OWN_ROW = 8  # so many words heard between two sentences stand in a row of their own
WHOLE = (DiscrepancyKind.MOVED, DiscrepancyKind.WRONG_SPEAKER)  # said of stretches that may hold other differences
STATES = {"matched": 0, "interpolated": 1, "unaligned": 2}


@dataclass(slots=True)
class Said:
    """A word that was heard: its text, what stands after it, who said it, and the differences it belongs to."""

    text: str
    after: str
    middle: float
    speaker: str
    language: str
    marks: list[Discrepancy] = field(default_factory=list)


@dataclass(slots=True)
class Pair:
    """A row: a sentence of the record (or none) and what was heard at its time (or nothing)."""

    sentence: dict[str, Any] | None = None
    heard: list[Said] = field(default_factory=list)


def said_words(lines: Iterable[Line]) -> list[Said]:
    """Everything that was heard, in the order of time."""
    said: list[Said] = []
    for line in lines:
        at = line.start
        words = line.words
        for number, word in enumerate(words):
            if word.start is not None and word.end is not None:
                at = (word.start + word.end) / 2
            last = words[number + 1].first if number + 1 < len(words) else len(line.text)
            after = line.text[word.last : last]
            said.append(Said(line.text[word.first : word.last], after, at, line.speaker, line.language))
        if words and not said[-1].after:
            said[-1].after = "" if line.language == "zh" else " "
    said.sort(key=lambda word: word.middle)
    return said


def pairs(sentences: Sequence[dict[str, Any]], said: Sequence[Said]) -> list[Pair]:
    """The rows: every sentence in the record's order, and what was heard between two in its place."""
    rows = [Pair(sentence) for sentence in sentences]
    timed = sorted((one["start"], at) for at, one in enumerate(sentences) if _timed(one))
    starts = [start for start, _at in timed]
    between: dict[int, list[Said]] = {}  # by the sentence after which it was heard, in time; -1: before the first
    for word in said:
        place = bisect_right(starts, word.middle + SLACK) - 1
        for near in range(place, max(-1, place - 4), -1):
            if word.middle <= sentences[timed[near][1]]["end"] + SLACK:
                rows[timed[near][1]].heard.append(word)
                break
        else:
            between.setdefault(timed[place][1] if place >= 0 else -1, []).append(word)
    done: list[Pair] = [Pair(heard=between[-1])] if -1 in between else []
    for at, row in enumerate(rows):
        done.append(row)
        extra = between.get(at, [])
        if len(extra) < OWN_ROW:
            row.heard = sorted(row.heard + extra, key=lambda word: word.middle)
        else:
            done.append(Pair(heard=extra))
    return done


def _timed(sentence: dict[str, Any] | None) -> bool:
    return sentence is not None and sentence["start"] is not None and sentence["end"] is not None


def mark_heard(said: Sequence[Said], differences: Iterable[Discrepancy]) -> None:
    """Tell each word which differences it belongs to, the widest first."""
    times = [word.middle for word in said]
    for one in differences:
        if not one.spoken or one.start is None or one.end is None:
            continue
        at = max(0, bisect_right(times, one.start - SLACK) - 1)
        while at < len(said) and times[at] <= one.end + SLACK:
            if times[at] >= one.start - SLACK:
                said[at].marks.append(one)
            at += 1


class Lanes:
    """Draws the rows of one comparison."""

    def __init__(self, written: WrittenRecord, differences: Sequence[Discrepancy], lines: Sequence[Line]) -> None:
        self.text = written.text
        alignment = written.alignment or {"words": [], "sentences": [], "language": ""}
        self.language = escape(tongue(alignment["language"]))
        self.words: list[dict[str, Any]] = alignment["words"]
        self.sentences: list[dict[str, Any]] = alignment["sentences"]
        self.differences = sorted(differences, key=lambda one: (one.char_start, one.char_end))
        self.said = said_words(lines)
        self.open = reverse("transcript", args=[written.transcript_id])
        people = dict.fromkeys(line.speaker for line in sorted(lines, key=lambda line: line.track))
        self.colours = {name: number % 5 + 1 for number, name in enumerate(people)}
        self._starts: list[int] = [sentence["char_start"] for sentence in self.sentences]
        self.hours = bool(lines) and max(line.end for line in lines) >= 3600
        self.kinds = {kind.value: str(kind.label) for kind in DiscrepancyKind}
        self.states = {
            "matched": _("Found"),
            "partial": _("Partly found"),
            "interpolated": _("Partly found"),
            "unaligned": _("Not found in the sound"),
        }
        self.told = {
            "record": _("The record"),
            "heard": _("Heard"),
            "nothing_written": _("Nothing in the record here"),
            "nothing_heard": _("Nothing heard at this place"),
            "missing": _("left out"),
            "unheard": _("not heard"),
            "open": _("Open the transcript at"),
        }

    @property
    def parts(self) -> int:
        """In how many parts the rows are shown; at least one."""
        return max(1, -(-len(self.sentences) // PART))

    def part_of(self, place: int) -> int:
        """The part, counted from 1, in which a character of the record stands."""
        return max(0, bisect_right(self._starts, place) - 1) // PART + 1

    def html(self, part: int = 1) -> SafeString:
        """The rows of one part as list items. Every text in them is escaped."""
        mark_heard(self.said, sorted(self.differences, key=lambda one: one.kind not in WHOLE))
        begin, end = (part - 1) * PART, part * PART
        last_end = self.sentences[begin - 1]["char_end"] if begin else 0
        rows: list[str] = []
        at = -1  # the sentence whose row, or what was heard after it, is drawn
        word = diff = 0
        before = self._unheard_by_sentence()
        for number, pair in enumerate(pairs(self.sentences, self.said)):
            sentence = pair.sentence
            at += sentence is not None
            if at >= end:
                break
            if max(at, 0) < begin:
                continue
            if sentence is None:
                rows.append(self._row(number, self._empty(), self._heard(pair, [])))
                continue
            first, last = sentence["char_start"], sentence["char_end"]
            label = self.text[last_end:first]
            last_end = last
            while word < len(self.words) and self.words[word]["char_end"] <= first:
                word += 1
            mine = word
            while mine < len(self.words) and self.words[mine]["char_start"] < last:
                mine += 1
            while diff < len(self.differences) and self._past(self.differences[diff], first):
                diff += 1
            written = self._written(sentence, label, self.words[word:mine], self._within(diff, first, last))
            rows.append(self._row(number, written, self._heard(pair, before.get(first, [])), sentence))
            word = mine
        if part == self.parts and (tail := self.text[last_end:].strip()):
            rows.append(self._row(len(rows), f'<p class="pair__label">{escape(tail)}</p>', ""))
        return mark_safe("\n".join(rows))  # noqa: S308 - every text in it is escaped

    def _past(self, one: Discrepancy, first: int) -> bool:
        """Whether a difference, and so every one before it that is not a whole stretch, ends before a sentence."""
        return one.kind not in WHOLE and one.char_end < first

    def _within(self, at: int, first: int, last: int) -> list[Discrepancy]:
        """The differences of a sentence; what is left out between two stands at the end of the one before."""
        found = [one for one in self.differences[:at] if one.kind in WHOLE and one.char_end > first] if at else []
        following = self._next_start(last)
        while at < len(self.differences) and self.differences[at].char_start < following:
            one = self.differences[at]
            gap = one.char_start == one.char_end
            if one.char_end > first or (gap and one.char_start >= first):
                found.append(one)
            at += 1
        return found

    def _next_start(self, last: int) -> int:
        at = bisect_right(self._starts, last - 1)
        return self._starts[at] if at < len(self._starts) else len(self.text) + 1

    def _unheard_by_sentence(self) -> dict[int, list[Discrepancy]]:
        """What stands in the record and was not said, by the first character of its sentence."""
        found: dict[int, list[Discrepancy]] = {}
        for one in self.differences:
            if not one.spoken:
                at = bisect_right(self._starts, one.char_start) - 1
                if at >= 0:
                    found.setdefault(self._starts[at], []).append(one)
        return found

    def _row(self, number: int, written: str, heard: str, sentence: dict[str, Any] | None = None) -> str:
        times = (
            f' data-start="{sentence["start"]:.2f}" data-end="{sentence["end"]:.2f}"'
            if _timed(sentence) and sentence
            else ""
        )
        return (
            f'<li class="pair" id="s{number}" data-pair{times}>'
            f'<div class="pair__lane"><span class="pair__name">{self.told["record"]}: </span>{written}</div>'
            f'<div class="pair__lane pair__lane--heard"><span class="pair__name">{self.told["heard"]}: </span>'
            f"{heard}</div></li>"
        )

    def _empty(self) -> str:
        return f'<p class="pair__state pair__state--unaligned">{self.told["nothing_written"]}</p>'

    def _written(
        self, sentence: dict[str, Any], label: str, words: Sequence[dict[str, Any]], found: Sequence[Discrepancy]
    ) -> str:
        first, last = sentence["char_start"], sentence["char_end"]
        state = sentence["status"]
        share = f" · {round(sentence['similarity'] * 100)} %" if state != "unaligned" else ""
        head = f'<p class="pair__state pair__state--{state}">{self.states[state]}{share}</p>'
        if label.strip():
            head += f'<p class="pair__label">{escape(label.strip())}</p>'
        whole = [one for one in found if one.kind in WHOLE]
        head += "".join(f'<p class="pair__whole">{self._link(one, "", "")}</p>' for one in whole)
        return (
            f'{head}<p class="pair__text" lang="{self.language}" data-text data-words="{self._packed(words, first)}">'
            f"{self._marked(first, last, found)}</p>"
        )

    def _marked(self, first: int, last: int, found: Sequence[Discrepancy]) -> str:
        """A sentence's text with its differences marked; a stretch inside another takes the inner one's link."""
        cuts = sorted(
            {first, last, *(min(max(place, first), last) for one in found for place in (one.char_start, one.char_end))}
        )
        gaps: dict[int, list[Discrepancy]] = {}
        inner: list[Discrepancy] = []
        for one in found:
            if one.char_start == one.char_end:
                gaps.setdefault(min(max(one.char_start, first), last), []).append(one)
            elif one.kind not in WHOLE:
                inner.append(one)
        parts: list[str] = []
        labelled: set[int] = set()
        for at, upto in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
            parts += [self._link(one, "", self.told["missing"]) for one in gaps.get(at, ())]
            if at == upto:
                continue
            text = escape(self.text[at:upto])
            mark = next((one for one in inner if one.char_start <= at and one.char_end >= upto), None)
            outer = next(
                (one for one in found if one.kind in WHOLE and one.char_start <= at and one.char_end >= upto), None
            )
            if mark is not None:
                ends = mark.char_end <= upto or upto == last
                parts.append(self._link(mark, text, "", label=ends and mark.pk not in labelled))
                labelled.add(mark.pk)
            elif outer is not None:
                parts.append(f'<span class="stretch stretch--{outer.kind}">{text}</span>')
            else:
                parts.append(text)
        return "".join(parts)

    def _link(self, one: Discrepancy, text: str, instead: str, *, label: bool = True) -> str:
        """A mark that leads to the difference in the list; its number and kind stand beside it in words."""
        number = one.position + 1
        words = f"{number} {self.kinds[one.kind]}" + (f" ({instead})" if instead else "")
        told = f' data-label="{escape(words)}"' if label else ""
        told += "" if text else f' aria-label="{escape(words)}"'
        empty = "" if text else " diff--empty"
        decided = " diff--decided" if one.decision != "open" else ""
        return (
            f'<a class="diff diff--{one.kind}{empty}{decided}" href="#d{number}" data-mark="{number}"{told}>{text}</a>'
        )

    def _packed(self, words: Sequence[dict[str, Any]], first: int) -> str:
        """Words for the page's script: [first character, past the last, start, end, state], flat; times in 1/100 s."""
        flat: list[str] = []
        for word in words:
            begin, end = word["char_start"], word["char_end"]
            if not self.text[first:end].isascii():
                low = len(self.text[first:begin].encode("utf-16-le")) // 2
                high = low + len(self.text[begin:end].encode("utf-16-le")) // 2
            else:
                low, high = begin - first, end - first
            since, until = (
                (-1, -1) if word["start"] is None else (round(word["start"] * 100), round(word["end"] * 100))
            )
            flat.append(f"{low},{high},{since},{until},{STATES[word['status']]}")
        return f"[{','.join(flat)}]"

    def _heard(self, pair: Pair, unheard: Sequence[Discrepancy]) -> str:
        parts: list[str] = []
        if pair.heard:
            at = pair.heard[0].middle
            parts.append(
                f'<a class="pair__time" href="{self.open}?t={max(0.0, at - 0.5):.2f}">'
                f'<span class="visually-hidden">{self.told["open"]} </span>{clock(at, hours=self.hours)}</a>'
            )
        elif not unheard:
            parts.append(f'<p class="pair__state">{self.told["nothing_heard"]}</p>')
        begin = 0
        for at in range(1, len(pair.heard) + 1):
            if at == len(pair.heard) or pair.heard[at].speaker != pair.heard[begin].speaker:
                parts.append(self._turn(pair.heard[begin:at]))
                begin = at
        parts += [f'<p class="pair__turn">{self._link(one, "", self.told["unheard"])}</p>' for one in unheard]
        return "".join(parts)

    def _turn(self, words: Sequence[Said]) -> str:
        colour = self.colours.get(words[0].speaker, 1)
        done = [f'<span class="speaker speaker--{colour}">{escape(words[0].speaker)}</span> ']
        at = 0
        while at < len(words):
            mark = words[at].marks[-1] if words[at].marks else None
            upto = at + 1
            while upto < len(words) and (words[upto].marks[-1] if words[upto].marks else None) is mark:
                upto += 1
            text = "".join(word.text + word.after for word in words[at : upto - 1]) + words[upto - 1].text
            if mark is None:
                done.append(escape(text))
            elif mark.kind in WHOLE:
                done.append(f'<span class="stretch stretch--{mark.kind}">{escape(text)}</span>')
            else:
                done.append(self._link(mark, escape(text), ""))
            done.append(escape(words[upto - 1].after))
            at = upto
        language = f' lang="{escape(tongue(words[0].language))}"' if words[0].language else ""
        return f'<p class="pair__turn"{language}>{"".join(done)}</p>'


def unfound(written: WrittenRecord) -> str:
    """How many words of the record were not found, in words; empty if all were."""
    words = (written.alignment or {"words": []})["words"]
    missing = sum(word["status"] == "unaligned" for word in words)
    if not missing:
        return ""
    return ngettext(
        "%(number)s of %(all)s words of the record was not found in the sound. It has no time.",
        "%(number)s of %(all)s words of the record were not found in the sound. They have no time.",
        missing,
    ) % {"number": missing, "all": len(words)}
