"""Which words a redaction takes: between two words of the text, or all that was said in some seconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..extracts import NoSuchPassage
from ..models import Redaction, Transcript
from ..queries import sound_tracks
from ..text import Heard, Hidden, number_of

OVERLAP = 0.06  # seconds two words in a row may overlap by mistake of the speech recognition


@dataclass(slots=True)
class Stretch:
    """Words of one track, by number, and the seconds they take."""

    track: int
    start: float
    end: float
    numbers: list[int] = field(default_factory=list)


def hidden_by(redactions: Iterable[Redaction | Stretch]) -> Hidden:
    """What redactions, or stretches that are to be redacted, hide by themselves."""
    spans: dict[int, list[tuple[float, float]]] = {}
    numbers: set[int] = set()
    for one in redactions:
        numbers.update(one.words if isinstance(one, Redaction) else one.numbers)
        track = one.track_id if isinstance(one, Redaction) else one.track
        if one.start is not None and one.end is not None:
            spans.setdefault(track, []).append((one.start, one.end))
    return Hidden(frozenset(numbers), spans)


def between_words(transcript: Transcript, first: int, last: int) -> list[Stretch]:
    """The words from the one numbered ``first`` to the one numbered ``last``, one stretch a track.

    The numbers may be given in either order. Raises NoSuchPassage if one of them is not in the text.
    """
    wanted = {first, last}
    found: dict[int, Stretch] = {}
    inside = False
    said = transcript.utterances.order_by("position").values_list("track", "start", "end", "words")
    for track, begins, ends, words in said.iterator():
        chosen: list[int] = []
        for at, word in enumerate(words):
            edge = number_of(word) in wanted
            if inside or edge:
                chosen.append(at)
            if edge:
                inside = not inside if first != last else False
                wanted.discard(number_of(word))
        if chosen:
            start, end = seconds_of(words, chosen[0], chosen[-1], begins, ends)
            one = found.setdefault(track, Stretch(track, start, end))
            one.start, one.end = min(one.start, start), max(one.end, end)
            one.numbers += [number_of(words[at]) for at in chosen]
        if not wanted:
            return list(found.values())
    raise NoSuchPassage


def between_seconds(transcript: Transcript, start: float, end: float) -> list[Stretch]:
    """All that was said from one second to another, by anybody: a stretch for every track, words in it or none.

    A word that lies partly inside is taken whole. Raises NoSuchPassage if the recording has no such seconds.
    """
    length = max((transcript.sound_seconds or 0.0, *transcript.utterances.values_list("end", flat=True)))
    found = {track: Stretch(track, start, end) for track in sound_tracks(transcript).values_list("pk", flat=True)}
    if not 0 <= start < end or start >= length or not found:
        raise NoSuchPassage
    near = transcript.utterances.filter(start__lt=end, end__gt=start).order_by("position")
    for track, words in near.values_list("track", "words"):
        one = found[track]
        for word in words:
            if word[1] is not None and word[1] < end and word[2] > start:
                one.numbers.append(number_of(word))
                one.start, one.end = min(one.start, word[1]), max(one.end, word[2])
    return list(found.values())


def seconds_of(words: Sequence[Heard], first: int, last: int, begins: float, ends: float) -> tuple[float, float]:
    """When words of an utterance were said. Where an edge has no time, it lasts to the next word that has."""
    start = words[first][1]
    if start is None:
        start = max((word[2] for word in words[:first] if word[2] is not None), default=begins)
    end = words[last][2]
    if end is None:
        end = min((word[1] for word in words[last + 1 :] if word[1] is not None), default=ends)
    # A neighbour that overlaps by a hair would be hidden with them, by its time.
    if first and words[first - 1][2] is not None and 0 < words[first - 1][2] - start <= OVERLAP:
        start = min(words[first - 1][2], end)
    if last + 1 < len(words) and words[last + 1][1] is not None and 0 < end - words[last + 1][1] <= OVERLAP:
        end = max(words[last + 1][1], start)
    return start, max(start, end)
