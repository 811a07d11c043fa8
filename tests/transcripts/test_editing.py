"""The clerk corrects the text, and the words keep their times."""

import json
import uuid

import pytest
from django.urls import reverse

from tests.transcripts.hearings import a_case, heard
from transcripts.correcting import replaced
from transcripts.models import Edit, Redaction, Transcript, Utterance, VersionKind
from transcripts.versions import adopt, keep

SAID = [
    ("Kim Jiwoo", "claimant", 0.5, "The adress lable is not mine."),
    ("Kim Jiwoo", "claimant", 8.0, "It came on Monday morning."),
    ("Li Wei", "respondent", 14.0, "We dispute that."),
]


def words(*texts, number=1, step=0.4):
    """Words 0.3 s long, 0.4 s apart."""
    return [
        [text, round(step * at, 3), round(step * at + 0.3, 3), 0.9, number + at, "h"] for at, text in enumerate(texts)
    ]


def corrected(old, text, language):
    return [one.word for one in replaced(old, text, language)]


def brief(told):
    return [(word[0], word[4], word[5]) for word in told]


def times(told):
    return [(word[1], word[2]) for word in told]


def test_words_that_are_not_touched_keep_number_time_and_certainty():
    old = words("The", "parcel", "was", "sealed.")
    new = corrected(old, "The parcel was sealed.", "en")
    assert new == old
    new = corrected(old, "The box was sealed.", "en")
    assert [new[0], new[2], new[3]] == [old[0], old[2], old[3]]


def test_a_word_that_replaces_one_takes_its_time_and_number():
    new = corrected(words("The", "adress", "lable", "came"), "The address label came", "en")
    assert brief(new) == [("The", 1, "h"), ("address", 2, "h"), ("label", 3, "h"), ("came", 4, "h")]
    assert times(new) == times(words("The", "adress", "lable", "came"))
    assert new[1][3] == 1.0  # a person wrote it


def test_of_two_words_for_one_the_like_one_has_its_time_and_unlike_ones_share_it():
    new = corrected(words("it", "gonna", "be"), "it going to be", "en")
    assert brief(new) == [("it", 1, "h"), ("going", 2, "h"), ("to", 0, "i"), ("be", 3, "h")]
    assert times(new)[1:3] == [(0.4, 0.7), (0.7, 0.8)]
    new = corrected(words("it", "xyz", "be"), "it going to be", "en")
    assert brief(new)[1:3] == [("going", 2, "i"), ("to", 0, "i")]
    assert times(new)[1:3] == [(0.4, 0.614), (0.614, 0.7)]


def test_fewer_words_keep_the_first_number_and_all_of_the_time():
    old = words("per", "cel", "post", "came")
    (new, came) = corrected(old, "Zustellung came", "en")
    assert (new[4], new[1], new[2], new[5]) == (1, 0.0, 1.1, "i")
    assert came == old[3]


def test_more_words_keep_the_first_and_the_last_number():
    old = words("so", "abc", "def", "then")
    new = corrected(old, "so quick brown foxes then", "en")
    assert [word[4] for word in new] == [1, 2, 0, 3, 4]
    assert new[1][1] == 0.4 and new[3][2] == 1.1


def test_an_added_word_is_timed_only_where_there_is_room():
    new = corrected(words("we", "agree"), "we really agree", "en")
    assert brief(new)[1] == ("really", 0, "i")
    assert times(new)[1] == (0.3, 0.4)
    tight = [["we", 0.0, 0.4, 0.9, 1, "h"], ["agree", 0.4, 0.9, 0.9, 2, "h"]]
    new = corrected(tight, "we really agree", "en")
    assert new[1] == ["really", None, None, 1.0, 0, "u"]
    assert corrected(tight, "well we agree", "en")[0] == ["well", None, None, 1.0, 0, "u"]
    assert corrected(tight, "we agree now", "en")[2] == ["now", None, None, 1.0, 0, "u"]


def test_chinese_without_spaces_is_corrected_character_by_character():
    old = words(*"我昨天收到包裹了。"[:-2], "了。")
    new = corrected(old, "我前天收到包裹了。", "zh")
    assert "".join(word[0] for word in new) == "我前天收到包裹了。"
    assert [word[4] for word in new] == list(range(1, 9))
    assert times(new) == times(old)
    pairs = words("包裹", "送到", "仓库")
    new = corrected(pairs, "包裹送达仓库", "zh")
    assert brief(new) == [("包裹", 1, "h"), ("送达", 2, "h"), ("仓库", 3, "h")]
    assert times(new) == times(pairs)


def test_korean_is_corrected_by_its_spaces():
    old = words("택배가", "월요일에", "왔습니다")
    new = corrected(old, "택배는 월요일에 왔습니다", "ko")
    assert brief(new) == [("택배는", 1, "h"), ("월요일에", 2, "h"), ("왔습니다", 3, "h")]


def test_of_words_said_twice_one_can_be_taken_out():
    old = words("no", "no", "no", "never")
    new = corrected(old, "no no never", "en")
    assert [word[0] for word in new] == ["no", "no", "never"]
    assert new[2] == old[3]


@pytest.fixture
def transcript(cast):
    return heard(a_case(cast), SAID, judge=cast.judge)


def lines(transcript):
    return list(Utterance.objects.filter(transcript=transcript).order_by("position"))


def change(kind, utterance=None, **more):
    told = {"id": str(uuid.uuid4()), "kind": kind}
    if utterance is not None:
        told |= {"utterance": utterance.pk, "revision": utterance.revision}
    return told | more


def send(browser, transcript, *changes):
    return browser.post(
        reverse("transcript_edits", args=[transcript.pk]),
        json.dumps({"edits": changes}),
        content_type="application/json",
    )


def found(door, words, **filters):
    """How many passages the clerk's search finds."""
    return door.clerk.get(reverse("search"), {"q": words, **filters}).context["page"].paginator.count


def test_a_correction_is_saved_numbered_found_and_kept_in_the_log(door, cast, transcript):
    first = lines(transcript)[0]
    answer = send(door.clerk, transcript, change("words", first, text="The address label really is not mine."))
    assert answer.status_code == 200
    assert [result["status"] for result in answer.json()["results"]] == ["done"]
    first.refresh_from_db()
    transcript.refresh_from_db()
    assert first.text == "The address label really is not mine."
    assert (first.revision, transcript.edits) == (1, 1)
    numbers = [word[4] for one in lines(transcript) for word in one.words]
    assert len(set(numbers)) == len(numbers) and 0 not in numbers and max(numbers) < transcript.next_word
    edit = Edit.objects.get()
    assert (edit.number, edit.by, edit.kind) == (1, cast.clerk, "words")
    assert edit.before[0]["text"] == SAID[0][3] and edit.after[0]["text"] == first.text
    assert found(door, "address label") == 1
    assert found(door, "adress") == 0


def test_what_is_sent_twice_is_done_once(door, transcript):
    asked = change("words", lines(transcript)[0], text="The address is not mine.")
    one, other = (send(door.clerk, transcript, asked).json() for _ in range(2))
    assert one == other
    assert Edit.objects.count() == 1


def test_a_change_of_an_older_state_is_refused_with_what_stands_now(door, transcript):
    first = lines(transcript)[0]
    send(door.clerk, transcript, change("words", first, text="The address is not mine."))
    answer = send(door.judge, transcript, change("words", first, text="The label is not mine."))
    assert answer.status_code == 409
    (result,) = answer.json()["results"]
    assert result["status"] == "stale"
    assert result["rows"][0][7] == "The address is not mine."
    assert Edit.objects.count() == 1


def test_a_passage_is_parted_and_joined_again_with_every_word(door, transcript):
    first = lines(transcript)[0]
    said = first.words
    answer = send(door.clerk, transcript, change("split", first, text="The adress lable", rest="is not mine."))
    assert [row[7] for row in answer.json()["results"][0]["rows"]] == ["The adress lable", "is not mine."]
    one, other, *_rest = lines(transcript)
    assert (one.pk, one.words, other.words) == (first.pk, said[:3], said[3:])
    assert (one.end, other.start) == (said[2][2], said[3][1])
    merge = change("merge", other, into=one.pk, into_revision=one.revision)
    assert send(door.clerk, transcript, merge).status_code == 200
    one, following, *_rest = lines(transcript)
    assert (one.text, one.words, one.pk) == (SAID[0][3], said, first.pk)
    assert following.text == SAID[1][3]


def test_passages_are_parted_over_and_over_at_one_place(door, transcript):
    text = " ".join(f"w{n}" for n in range(30))
    send(door.clerk, transcript, change("words", lines(transcript)[0], text=text))
    for n in range(29, 15, -1):
        first = lines(transcript)[0]
        parts = first.text.split()
        send(door.clerk, transcript, change("split", first, text=" ".join(parts[:n]), rest=" ".join(parts[n:])))
    for n in range(16):  # and from the other end, where the room between two positions runs out
        line = lines(transcript)[n]
        if len(line.text.split()) > 1:
            head, rest = line.text.split(maxsplit=1)
            send(door.clerk, transcript, change("split", line, text=head, rest=rest))
    after = lines(transcript)
    assert " ".join(line.text for line in after[:-2]) == text
    assert [line.text for line in after[-2:]] == [SAID[1][3], SAID[2][3]]


def test_only_neighbours_are_joined(door, transcript):
    first, _second, third = lines(transcript)
    answer = send(door.clerk, transcript, change("merge", third, into=first.pk, into_revision=0))
    assert answer.status_code == 409
    assert len(lines(transcript)) == 3


def test_the_speaker_is_changed_and_found_under_the_new_name(door, cast, transcript):
    third = lines(transcript)[2]
    send(door.clerk, transcript, change("speaker", third, speaker="Ada Park", role="judge"))
    third.refresh_from_db()
    assert (third.speaker, third.role) == ("Ada Park", "judge")
    assert found(door, "dispute", speaker="Park") == 1


def test_undo_brings_back_what_stood_word_for_word_and_can_be_undone(door, transcript):
    first = lines(transcript)[0]
    edit = change("words", first, text="Gone.")
    send(door.clerk, transcript, edit)
    undo = change("undo", undone=edit["id"])
    assert send(door.clerk, transcript, undo).json()["results"][0]["status"] == "done"
    back = lines(transcript)[0]
    assert (back.text, back.words, back.revision) == (first.text, first.words, 2)
    send(door.clerk, transcript, change("undo", undone=undo["id"]))
    assert lines(transcript)[0].text == "Gone."


def test_an_empty_passage_is_taken_out_and_comes_back_by_undo(door, cast, transcript):
    first = lines(transcript)[0]
    edit = change("words", first, text="  ")
    send(door.clerk, transcript, edit)
    assert [line.text for line in lines(transcript)] == [SAID[1][3], SAID[2][3]]
    assert found(door, "adress") == 0
    send(door.clerk, transcript, change("undo", undone=edit["id"]))
    assert lines(transcript)[0].pk == first.pk
    assert found(door, "adress") == 1


def test_what_somebody_else_changed_since_is_not_undone(door, transcript):
    first = lines(transcript)[0]
    edit = change("words", first, text="The address is not mine.")
    send(door.clerk, transcript, edit)
    send(door.judge, transcript, change("words", lines(transcript)[0], text="The address is mine."))
    answer = send(door.clerk, transcript, change("undo", undone=edit["id"]))
    assert answer.status_code == 409
    assert lines(transcript)[0].text == "The address is mine."


def test_words_typed_again_are_the_words_they_were(door, transcript):
    first = lines(transcript)[0]
    send(door.clerk, transcript, change("words", first, text="The adress"))
    send(door.clerk, transcript, change("words", lines(transcript)[0], text=first.text))
    assert lines(transcript)[0].words == first.words


def test_everything_found_is_replaced_in_one_batch(door, transcript):
    batch = str(uuid.uuid4())
    both = [change("words", line, text=line.text.replace("m", "M"), batch=batch) for line in lines(transcript)[:2]]
    assert send(door.clerk, transcript, *both).status_code == 200
    assert set(Edit.objects.values_list("batch", flat=True)) == {uuid.UUID(batch)}


def test_others_are_told_what_was_changed_and_where_somebody_types(door, cast, transcript):
    first, second, _third = lines(transcript)
    url = reverse("transcript_edits", args=[transcript.pk])
    assert door.judge.get(url, {"after": 0, "at": second.pk}).json()["made"] == []
    send(door.clerk, transcript, change("words", first, text="The address is not mine."))
    told = door.clerk.get(url, {"after": 0, "at": first.pk}).json()
    assert [[cast.judge.name, second.pk]] == told["others"]
    (made,) = told["made"]
    assert (made["by"], made["rows"][0][7]) == (cast.clerk.name, "The address is not mine.")
    assert door.clerk.get(url, {"after": 1}).json()["made"] == []


def test_a_version_taken_as_the_text_has_the_others_read_it_anew(door, cast, transcript):
    machine = transcript.versions.get(kind=VersionKind.MACHINE)
    send(door.clerk, transcript, change("words", lines(transcript)[0], text="Wrong."))
    adopt(machine, by=cast.clerk)
    told = door.judge.get(reverse("transcript_edits", args=[transcript.pk]), {"after": 1}).json()
    assert told["anew"] is True
    assert lines(transcript)[0].text == SAID[0][3]


def test_what_replaces_a_hidden_word_is_hidden(door, cast, transcript):
    first = lines(transcript)[0]
    secret = first.words[2]
    redaction = Redaction.objects.create(
        transcript=transcript, track=first.track, words=[secret[4]], reason="A name", asked_by=cast.clerk
    )
    send(door.clerk, transcript, change("words", first, text="The adress Zoe Quill Xavier is not mine."))
    redaction.refresh_from_db()
    first.refresh_from_db()
    named = [word[4] for word in first.words if word[0] in ("Zoe", "Quill", "Xavier")]
    assert set(named) <= set(redaction.words)
    assert found(door, "Quill") == 0


@pytest.mark.parametrize(
    "sent",
    [
        "nonsense",
        "[]",
        '{"edits": []}',
        '{"edits": [{"kind": "words"}]}',
        '{"edits": [{"id": "11111111-2222-4333-8444-555555555555", "kind": "words", "utterance": "x"}]}',
        '{"edits": [{"id": "11111111-2222-4333-8444-555555555555", "kind": "split", "utterance": 1, "text": "a"}]}',
    ],
)
def test_what_is_no_change_is_refused_in_words(door, transcript, sent):
    url = reverse("transcript_edits", args=[transcript.pk])
    answer = door.clerk.post(url, sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert Edit.objects.count() == 0


def test_the_parties_cannot_open_the_editor(door, transcript):
    for name in ("transcript_edit", "transcript_edit_text", "transcript_edits"):
        url = reverse(name, args=[transcript.pk])
        assert [who.get(url).status_code for who in (door.claimant, door.observer, door.stranger)] == [404] * 3
        assert door.clerk.get(url).status_code == 200
    assert send(door.claimant, transcript, change("words", lines(transcript)[0], text="x")).status_code == 404


def test_the_page_says_that_a_certified_version_stays(door, cast, transcript):
    from transcripts.models import Certificate

    version = keep(transcript, VersionKind.CERTIFIED, by=cast.judge)
    Certificate.objects.create(
        version=version, transcript=transcript, certified_by=cast.judge, manifest="{}", sha256="0" * 64
    )
    page = door.clerk.get(reverse("transcript_edit", args=[transcript.pk])).content.decode()
    assert "It stays as it is" in page


def test_the_text_is_sent_whole_with_the_words_places_and_times(door, transcript):
    told = door.clerk.get(reverse("transcript_edit_text", args=[transcript.pk])).json()
    assert told["edits"] == Transcript.objects.get().edits
    number, revision, speaker, role, language, start, end, text, flat = told["passages"][0]
    assert (revision, speaker, role, language, start, text) == (0, "Kim Jiwoo", "claimant", "en", 50, SAID[0][3])
    assert flat[:10] == [0, 3, 50, 30, 0, 1, 6, 10, 30, 0]
    assert end == 50 + 5 * 40 + 30 and number == lines(transcript)[0].pk
