"""What a reader may have of a record: words with numbers of their own, and nothing that is hidden from them."""

import pytest

from tests.transcripts.hearings import a_case, heard
from transcripts import versions
from transcripts.models import Clearance, Level, Redaction, RedactionState, Timing, Utterance, VersionKind
from transcripts.search import search
from transcripts.services import merge_transcript
from transcripts.text import BLOCK, Damaged, kept_rows, lines_of

LINES = [
    ("Kim Jiwoo", "claimant", 1.0, "My account number is 1234 5678, at the bank."),
    ("Li Wei", "respondent", 8.0, "I never saw it."),
]


@pytest.fixture
def transcript(cast):
    return heard(a_case(cast), LINES, judge=cast.judge)


def hide(transcript, cast, first, last, *, level=Level.REDACTED, state=RedactionState.APPLIED):
    line = next(line for line in lines_of(transcript, clearance=Clearance.COURT) if line.words[0].number <= first)
    words = [word for word in line.words if first <= word.number <= last]
    return Redaction.objects.create(
        transcript=transcript, track_id=line.track, words=[word.number for word in words], start=words[0].start,
        end=words[-1].end, level=level, state=state, reason="a bank account", asked_by=cast.clerk,
    )  # fmt: skip


def read(transcript, clearance, **more):
    return [line.text for line in lines_of(transcript, clearance=clearance, **more)]


def test_every_word_has_a_number_of_its_own_in_the_order_of_the_text(transcript):
    words = [word for line in lines_of(transcript, clearance=Clearance.COURT) for word in line.words]
    assert [word.number for word in words] == list(range(1, 14))
    assert {word.timing for word in words} == {Timing.HEARD}


def test_a_word_lies_where_its_characters_say(transcript):
    for line in lines_of(transcript, clearance=Clearance.COURT):
        assert [line.text[word.first : word.last] for word in line.words] == [word.text for word in line.words]


def test_what_is_redacted_is_kept_from_the_public_alone(transcript, cast):
    hide(transcript, cast, 5, 6)
    assert read(transcript, Clearance.PUBLIC)[0] == f"My account number is {BLOCK} at the bank."
    assert "1234 5678," in read(transcript, Clearance.PARTY)[0]
    assert "1234 5678," in read(transcript, Clearance.COURT)[0]


def test_what_is_sealed_is_kept_from_everybody_but_the_court(transcript, cast):
    hide(transcript, cast, 5, 6, level=Level.SEALED)
    assert "1234" not in read(transcript, Clearance.PARTY)[0]
    assert "1234 5678," in read(transcript, Clearance.COURT)[0]


def test_asking_to_seal_takes_nothing_from_the_other_party_before_it_is_decided(transcript, cast):
    hide(transcript, cast, 5, 6, level=Level.SEALED, state=RedactionState.ASKED)
    assert "1234" in read(transcript, Clearance.PARTY)[0]
    assert "1234" not in read(transcript, Clearance.PUBLIC)[0]


def test_hearing_the_sound_again_does_not_bring_hidden_words_back(transcript, cast):
    hide(transcript, cast, 5, 6)
    merge_transcript(transcript)
    numbers = [word.number for line in lines_of(transcript, clearance=Clearance.COURT) for word in line.words]
    assert min(numbers) > 13  # all of them new
    assert read(transcript, Clearance.PUBLIC)[0] == f"My account number is {BLOCK} at the bank."


def test_a_word_typed_between_hidden_words_is_hidden(transcript, cast):
    hide(transcript, cast, 5, 6)
    utterance = Utterance.objects.get(transcript=transcript, speaker="Kim Jiwoo")
    utterance.words.insert(5, ["90", None, None, 1.0, 99, Timing.UNALIGNED])
    utterance.text = utterance.text.replace("5678,", "90 5678,")
    utterance.save()
    assert read(transcript, Clearance.PUBLIC)[0] == f"My account number is {BLOCK} at the bank."


def test_hidden_words_are_found_by_nobody(transcript, cast):
    assert search("1234", user=cast.clerk).total == 1
    hide(transcript, cast, 5, 6)
    merge_transcript(transcript)
    assert search("1234", user=cast.clerk).total == 0
    assert search("bank", user=cast.clerk).hits[0].pieces[0][0].startswith(f"My account number is {BLOCK}")


def test_a_version_stays_what_it_was(transcript, cast):
    kept = versions.keep(transcript, VersionKind.EDITED, by=cast.clerk)
    Utterance.objects.filter(transcript=transcript).update(text="Changed.", words=[])
    assert read(transcript, Clearance.COURT, version=kept) == [text for *_who, text in LINES]
    versions.adopt(kept, by=cast.clerk)
    assert read(transcript, Clearance.COURT) == [text for *_who, text in LINES]
    assert transcript.versions.first().kind == VersionKind.REPLACED  # what stood before can be taken back too


def test_a_version_whose_file_was_touched_is_refused(transcript, cast):
    kept = versions.keep(transcript, VersionKind.EDITED, by=cast.clerk)
    import gzip

    with kept.file.storage.open(kept.file.name, "wb") as file:
        file.write(gzip.compress(b'{"utterances":[]}'))
    with pytest.raises(Damaged):
        kept_rows(kept)


def test_hearing_the_sound_again_does_not_overwrite_a_persons_work(transcript, cast):
    versions.adopt(transcript.versions.first(), by=cast.clerk)
    Utterance.objects.filter(transcript=transcript, speaker="Li Wei").update(text="I saw it once.")
    merge_transcript(transcript)
    assert "I saw it once." in read(transcript, Clearance.COURT)
    assert transcript.versions.first().kind == VersionKind.MACHINE  # the new text waits there to be taken
