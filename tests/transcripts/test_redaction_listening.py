"""The court's server listens to what it made: a hidden word that can still be heard raises the alarm."""

import pytest

from court.work.models import Job
from tests.transcripts.hearings import a_case, imported, talk
from transcripts.models import Leak, Level, Utterance, VersionKind
from transcripts.redaction.services import hide
from transcripts.redaction.stretches import between_words
from transcripts.versions import keep

SAID = "The parcel was sent to the hospital on Monday morning."


@pytest.fixture
def transcript(cast, tmp_path, spoken, made_once, work, settings):
    """Speech that was really heard by the speech recognition."""
    settings.COURT_WHISPER_MODEL = "tiny.en"
    settings.COURT_WHISPER_SECOND_MODEL = "none"
    a_case(cast)
    made = imported(("Kim Jiwoo", talk(tmp_path / "kim.wav", spoken, [(4.0, SAID)], seconds=10.0)))
    work()
    made.refresh_from_db()
    return made


def seal_word(transcript, cast, word):
    said = Utterance.objects.get(transcript=transcript)
    number = next(one[4] for one in said.words if one[0].strip(".,").lower() == word)
    words = between_words(transcript, number, number)
    hide(transcript, words, level=Level.SEALED, reason="A place.", by=cast.judge, decided=True)


def heard_places():
    return list(
        Leak.objects.filter(settled_at=None, place__startswith="sound|")
        .order_by("place")
        .values_list("place", flat=True)
    )


def move_word(transcript, word, by):
    """Write another time for a word, as a fault of the speech recognition would."""
    said = Utterance.objects.get(transcript=transcript)
    for one in said.words:
        if one[0].strip(".,").lower() == word:
            one[1], one[2] = one[1] + by, one[2] + by
    said.save()


def test_a_hidden_word_that_can_be_heard_is_told_until_it_is_silent(transcript, cast, work):
    move_word(transcript, "hospital", -1.4)  # another word is said then
    seal_word(transcript, cast, "hospital")
    work()
    assert [place.split()[1] for place in heard_places()] == ["(party)", "(public)"]
    move_word(transcript, "hospital", 1.4)
    keep(transcript, VersionKind.EDITED, by=cast.judge)
    work()
    assert Job.objects.get(name="listen_to_hidden").state == "done"
    assert heard_places() == []
