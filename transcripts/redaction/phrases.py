"""What is hunted for when words are hidden: the phrase, and the names and numbers in it, in their plain form.

Two texts are compared by the forms the aligner compares by: without case, spacing and punctuation, numbers the same in
digits and in words, Chinese and Korean by the character. Common words by themselves are not hunted: they stand
everywhere and would tell nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..alignment.normal import FILLER, NUMBER, tokens, units
from ..models import Redaction, Transcript
from ..text import Heard, Hidden, number_of
from ..wordplaces import word_places

WHOLE = 8  # forms; a longer passage is hunted in pieces
PIECE = 5  # forms in a row
DIGITS = 3  # a number of so many digits or more is hunted by itself

# The words said most in any hearing, in their plain form; none of them gives anything away by itself.
_COMMON = """
a about above after again against all also always am an and another any anything are around as ask asked at away
back be because been before began being best better between big both but by call called came can case claimant
clear clerk come could court day days did different do does done down each early else end even ever every evidence
exhibit fact far few find first follow for found from gave get give given go goes going good got had happen
happened has have he hear heard hearing held help her here him his honour hour house how i if in into is it its
judge just keep kept kind knew know last late later least left less let like little long look lot made make man
many may me mean means might minute minutes moment month months more most mr mrs ms much must my name need never
new next no none not nothing now number of off often okay old on once one only open or order other our out over own
part party pay paid people perhaps person place please point put question quite read ready really reason record
remember respondent right said same saw say saying second see seen send sent set she should show side sir small so
some somebody something soon speak still such sure take taken talk tell than thank thanks that the their them then
there these they thing things think this those thought through time times to today together told tomorrow too took
true try turn two under understand until up us use used very view wait want wanted was way we week weeks well went
were what when where which while who whole why will with without witness woman word words work would year years yes
yesterday yet you your
"""
COMMON = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Forms in a row that must stand nowhere else. ``language`` says how a text is taken apart to look for them."""

    forms: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Hunt:
    """What is hunted for a redaction. ``common``: it hides common words only, which are not hunted."""

    redaction: Redaction
    phrases: frozenset[Phrase]
    common: bool


def forms_of(text: str, language: str) -> list[tuple[str, int, int, str]]:
    """The plain forms of a text with the characters they stand for, and what they are. Hesitations are left out."""
    found = tokens(text)
    return [
        (unit.form, found[unit.first].start, found[unit.last].end, unit.kind)
        for unit in units(found, language)
        if unit.kind != FILLER
    ]


def hunt_of(redaction: Redaction, transcript: Transcript) -> Hunt:
    """What is to be hunted for a redaction, by its words as they stand in the text now."""
    phrases: set[Phrase] = set()
    anything = False
    for text, language, opens in hidden_texts(redaction, transcript):
        forms = forms_of(text, language)
        anything = anything or bool(forms)
        phrases.update(Phrase(one, language) for one in _worth(text, forms, opens=opens, language=language))
    return Hunt(redaction, frozenset(phrases), common=anything and not phrases)


def hidden_texts(redaction: Redaction, transcript: Transcript) -> Iterator[tuple[str, str, bool]]:
    """Each run of words a redaction hides: its text, its language, and whether it opens its utterance."""
    spans = {}
    if redaction.start is not None and redaction.end is not None:
        spans[redaction.track_id] = [(redaction.start, redaction.end)]
    hidden = Hidden(frozenset(redaction.words), spans)
    said = transcript.utterances.filter(track=redaction.track_id).order_by("position")
    for text, words, language in said.values_list("text", "words", "language").iterator():
        places = word_places(text, words)
        for first, last in _runs(words, redaction.track_id, hidden):
            yield text[places[first][0] : places[last][1]], language or "en", first == 0


def _runs(words: Sequence[Heard], track: int, hidden: Hidden) -> Iterator[tuple[int, int]]:
    begun: int | None = None
    for at, word in enumerate(words):
        if hidden.hides(word, track) or number_of(word) in hidden.numbers:
            begun = at if begun is None else begun
        elif begun is not None:
            yield begun, at - 1
            begun = None
    if begun is not None:
        yield begun, len(words) - 1


def _worth(
    text: str, forms: list[tuple[str, int, int, str]], *, opens: bool, language: str
) -> Iterator[tuple[str, ...]]:
    plain = tuple(form for form, *_place in forms)
    by_character = language in ("zh", "ja", "yue", "ko")
    if len(plain) > WHOLE:
        for at in range(len(plain) - PIECE + 1):
            piece = plain[at : at + PIECE]
            if by_character or not all(map(common, piece)):
                yield piece
    elif by_character:
        if len(plain) > 1 or (forms and forms[0][3] == NUMBER):
            yield plain
    elif len(plain) > 3 or any(not common(form) for form in plain):
        yield plain
    if len(plain) < 2:
        return
    for number, (form, start, _end, kind) in enumerate(forms):
        name = text[start].isupper() and not common(form) and not (number == 0 and opens and len(plain) > WHOLE)
        if (kind == NUMBER and sum(sign.isdigit() for sign in form) >= DIGITS) or (name and len(form) > 1):
            yield (form,)


def common(form: str) -> bool:
    """Whether a form by itself gives nothing away: one of the most common words, a single letter or digit."""
    return form in COMMON or len(form) < 2 or (form.isdigit() and len(form) < DIGITS)


class Net:
    """Many phrases looked for in a text at once."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_language: dict[str, dict[str, list[Phrase]]] = {}
        for phrase in phrases:
            self._by_language.setdefault(phrase.language, {}).setdefault(phrase.forms[0], []).append(phrase)

    def catch(self, text: str) -> Iterator[tuple[Phrase, int, int]]:
        """Every phrase that stands in the text, with the characters it takes."""
        for language, firsts in self._by_language.items():
            forms = forms_of(text, language)
            plain = [form for form, *_more in forms]
            for at, form in enumerate(plain):
                for phrase in firsts.get(form, ()):
                    until = at + len(phrase.forms)
                    if tuple(plain[at:until]) == phrase.forms:
                        yield phrase, forms[at][1], forms[until - 1][2]
