"""Versions of the text: kept, compared, taken back; and the log of what was changed."""

import json
import re
import uuid

import pytest
from django.urls import reverse

from court.cases.models import DocketEntry
from tests.transcripts.hearings import a_case, heard
from transcripts.comparison import compared, differences, two_sided
from transcripts.models import Transcript, Utterance, VersionKind
from transcripts.versions import keep

SAID = [
    ("Kim Jiwoo", "claimant", 0.5, "The adress lable is not mine."),
    ("Kim Jiwoo", "claimant", 8.0, "It came on Monday morning."),
    ("Li Wei", "respondent", 14.0, "We dispute that."),
]


@pytest.fixture
def transcript(cast):
    return heard(a_case(cast), SAID, judge=cast.judge)


def address(name, transcript, *more):
    return reverse(name, args=[transcript.pk, *more])


def lines(transcript):
    return list(Utterance.objects.filter(transcript=transcript).order_by("position"))


def edit(browser, transcript, at, **change):
    line = lines(transcript)[at]
    told = {"id": str(uuid.uuid4()), "utterance": line.pk, "revision": line.revision, **change}
    answer = browser.post(
        address("transcript_edits", transcript), json.dumps({"edits": [told]}), content_type="application/json"
    )
    assert answer.status_code == 200


def told(answer):
    """What a page says, without its marks."""
    assert answer.status_code == 200
    page = re.sub(r"(?s)<(script|style).*?</\1>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_text_is_kept_as_a_checked_version_with_a_note_and_entered_in_the_docket(door, cast, transcript):
    edit(door.clerk, transcript, 0, kind="words", text="The address label is not mine.")
    answer = door.clerk.post(address("transcript_keep", transcript), {"note": "Names checked"}, follow=True)
    made = transcript.versions.get(kind=VersionKind.EDITED)
    assert (made.number, made.note, made.made_by, made.through_edit) == (2, "Names checked", cast.clerk, 1)
    page = told(answer)
    for words in ("Version 2", "Names checked", "Checked by the clerk", cast.clerk.name, made.sha256):
        assert words in page
    assert DocketEntry.objects.filter(case=transcript.case, kind="transcript_checked").count() == 1


def test_what_was_not_changed_is_not_kept_twice(door, transcript):
    for _ in range(2):
        door.clerk.post(address("transcript_keep", transcript))
    assert transcript.versions.filter(kind=VersionKind.EDITED).count() == 1
    assert "Nothing was changed since version 2." in told(door.clerk.get(address("transcript_versions", transcript)))


def test_edits_make_no_docket_entry(door, transcript):
    before = DocketEntry.objects.count()
    edit(door.clerk, transcript, 0, kind="words", text="Something else.")
    assert DocketEntry.objects.count() == before


def test_the_log_tells_who_changed_what_into_what(door, cast, transcript):
    edit(door.clerk, transcript, 0, kind="words", text="The address label is not mine.")
    edit(door.judge, transcript, 2, kind="speaker", speaker="Ada Park", role="judge")
    page = door.clerk.get(address("transcript_versions", transcript))
    text = told(page)
    assert "2 edits" in text
    assert "Words corrected" in text and "Speaker changed" in text
    assert cast.clerk.name in text and cast.judge.name in text
    body = page.content.decode()
    assert re.search(r"<del>(?:(?!</del>).)*adress lable", body, re.DOTALL)
    assert re.search(r"<ins>(?:(?!</ins>).)*address label", body, re.DOTALL)


def test_two_versions_are_compared_where_they_differ(door, transcript):
    edit(door.clerk, transcript, 0, kind="words", text="The address label is not mine.")
    edit(door.clerk, transcript, 2, kind="speaker", speaker="Ada Park", role="judge")
    page = door.clerk.get(address("transcript_compare", transcript), {"a": "1", "b": "now"})
    text = told(page)
    assert "2 differences" in text
    assert "Monday" not in text  # what is the same in both is not shown
    body = page.content.decode()
    assert re.search(r"<del>(?:(?!</del>).)*adress lable", body, re.DOTALL)
    assert re.search(r"<ins>(?:(?!</ins>).)*Ada Park", body, re.DOTALL)
    same = door.clerk.get(address("transcript_compare", transcript), {"a": "1", "b": "1"})
    assert "They are the same." in told(same)


@pytest.mark.parametrize("asked", [{"a": "77"}, {"a": "x", "b": "now"}, {"b": "\0"}])
def test_a_version_that_is_not_there_cannot_be_compared(door, transcript, asked):
    assert door.clerk.get(address("transcript_compare", transcript), asked).status_code == 404


def test_a_version_taken_back_is_the_text_and_what_stood_is_kept(door, transcript):
    edit(door.clerk, transcript, 0, kind="words", text="Quite another sentence.")
    page = told(door.clerk.get(address("transcript_adopt", transcript, 1)))
    assert "Take back version 1?" in page
    door.clerk.post(address("transcript_adopt", transcript, 1))
    assert [line.text for line in lines(transcript)] == [said[3] for said in SAID]
    kept = transcript.versions.get(kind=VersionKind.REPLACED)
    compared_page = told(door.clerk.get(address("transcript_compare", transcript), {"a": kept.number, "b": "now"}))
    assert "Quite another sentence." in compared_page
    text = told(door.clerk.get(address("transcript_versions", transcript)))
    assert "Version 1 became the text." in text
    assert DocketEntry.objects.filter(case=transcript.case, kind="transcript_adopted").count() == 1


def test_an_edit_saved_while_a_version_is_taken_back_is_kept_too(door, transcript, monkeypatch):
    from transcripts import versions

    edit(door.clerk, transcript, 0, kind="words", text="First change.")
    really, late = versions.index.rows, ["Second change."]

    def rows(utterances):
        if late:  # somebody saves between the keeping and the taking
            Utterance.objects.filter(pk=lines(transcript)[0].pk).update(text=late.pop())
            Transcript.objects.filter(pk=transcript.pk).update(edits=2)
        return really(utterances)

    monkeypatch.setattr(versions.index, "rows", rows)
    door.clerk.post(address("transcript_adopt", transcript, 1))
    from transcripts.text import kept_rows

    replaced = [kept_rows(version)[0]["text"] for version in transcript.versions.filter(kind=VersionKind.REPLACED)]
    assert "Second change." in replaced
    assert lines(transcript)[0].text == SAID[0][3]


def test_a_newer_machine_transcript_that_waits_is_told_and_can_be_taken(door, transcript):
    edit(door.clerk, transcript, 0, kind="words", text="The address label is not mine.")
    keep(transcript, VersionKind.MACHINE, by=None)
    url = address("transcript_versions", transcript)
    assert "A newer machine transcript is waiting." in told(door.clerk.get(url))
    assert "A newer machine transcript was made." in told(door.clerk.get(address("transcript_edit", transcript)))
    door.clerk.post(address("transcript_adopt", transcript, 2))
    assert "A newer machine transcript is waiting." not in told(door.clerk.get(url))


def test_citations_speak_of_what_the_court_made_the_text_and_not_of_what_a_machine_heard_beside_it(door, transcript):
    def cited():
        return told(door.claimant.get(address("transcript_pages", transcript)))

    assert "Version 1" in cited()
    edit(door.clerk, transcript, 0, kind="words", text="The address label is not mine.")
    door.clerk.post(address("transcript_keep", transcript))
    keep(transcript, VersionKind.MACHINE, by=None)
    assert "Version 2" in cited()
    door.clerk.post(address("transcript_adopt", transcript, 3))
    assert "Version 3" in cited()
    edit(door.clerk, transcript, 0, kind="words", text="The address label was not mine.")
    door.clerk.post(address("transcript_keep", transcript))
    assert "Version 5" in cited()


def test_only_those_who_may_edit_see_versions(door, transcript):
    addresses = [address(name, transcript) for name in ("transcript_versions", "transcript_compare")]
    for url in [*addresses, address("transcript_adopt", transcript, 1)]:
        assert [who.get(url).status_code for who in (door.claimant, door.observer, door.stranger)] == [404] * 3
        assert door.judge.get(url).status_code == 200
    assert door.claimant.post(address("transcript_keep", transcript)).status_code == 404
    assert door.claimant.post(address("transcript_adopt", transcript, 1)).status_code == 404


def side(text, start, speaker="Kim"):
    return (speaker, "claimant", "en", start, start + 1, text)


def test_passages_parted_and_joined_stand_beside_each_other():
    old = [side("one two three four", 1.0), side("five", 9.0), side("six", 12.0)]
    new = [side("one two", 1.0), side("three four", 3.0), side("five", 9.0), side("six!", 12.0)]
    first, second = differences(old, new)
    assert (len(first.old), len(first.new)) == (1, 2)
    left, right = two_sided([one[5] for one in first.old], [one[5] for one in first.new])
    assert {piece.kind for pieces in left + right for piece in pieces} == {"same"}
    assert (second.old[0][5], second.new[0][5]) == ("six", "six!")


def test_many_changed_passages_in_a_row_are_shown_one_by_one():
    old = [side(f"parcel {n}", float(n)) for n in range(300)]
    new = [side(f"package {n}", float(n)) for n in range(300)]
    assert len(differences(old, new)) == 300


def test_chinese_is_compared_by_its_characters():
    pieces = [(piece.text, piece.kind) for piece in compared("我昨天收到包裹", "我前天收到了包裹")]
    assert pieces == [
        ("我", "same"),
        ("昨", "gone"),
        ("前", "new"),
        ("天收到", "same"),
        ("了", "new"),
        ("包裹", "same"),
    ]
