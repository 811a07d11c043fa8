"""From the machine's text to the record: corrections asked for and decided, certification, signatures."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from court.cases.models import DocketEntry
from court.work.models import Job
from court.work.services import perform
from tests.transcripts.hearings import a_case, heard
from transcripts import editing
from transcripts.changes import Change
from transcripts.models import (
    Certificate,
    Correction,
    Discrepancy,
    Edit,
    Level,
    RecordSignature,
    Redaction,
    RedactionState,
    Transcript,
    WrittenRecord,
)

LINES = [
    ("Kim Jiwoo", "claimant", 2.0, "The parcel arrived on the third of March, opened."),
    ("Li Wei", "respondent", 10.0, "We dispute that."),
]


@pytest.fixture
def transcript(cast, work):
    made = heard(a_case(cast), LINES, judge=cast.judge)
    work()  # the merging that hearing the tracks queued: it would make the text anew
    made.refresh_from_db()
    return made


def numbers(transcript):
    return [
        word[4]
        for words in transcript.utterances.order_by("position").values_list("words", flat=True)
        for word in words
    ]


def ask(client, transcript, *, at=5, to=None, proposed="ninth", reason="I hear ninth."):
    found = numbers(transcript)
    told = {"first": found[at], "last": found[to or at], "proposed": proposed, "reason": reason}
    return client.post(f"/transcripts/{transcript.pk}/errata/ask", told)


def decide(client, correction, verdict, answer=""):
    return client.post(
        f"/transcripts/{correction.transcript_id}/errata/{correction.pk}/", {"verdict": verdict, "answer": answer}
    )


def kinds(transcript):
    return list(DocketEntry.objects.filter(case=transcript.case).order_by("pk").values_list("kind", flat=True))


def text_of(transcript):
    return [one.text for one in transcript.utterances.order_by("position")]


def certify(door, transcript, work, *, waive=True):
    if waive:
        for client in (door.claimant, door.respondent):
            client.post(f"/transcripts/{transcript.pk}/errata/checked")
    door.clerk.post(f"/transcripts/{transcript.pk}/certificate/make")
    work()
    return Certificate.objects.filter(transcript=transcript).first()


def test_a_party_asks_for_a_correction_with_the_words_before_them(transcript, door, mailoutbox, work):
    found = numbers(transcript)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/errata/ask", {"first": found[5], "last": found[5]})
    assert ">\nthird</textarea>" in page.content.decode()
    assert ask(door.claimant, transcript).status_code == 302
    one = Correction.objects.get()
    assert (one.stands, one.proposed, one.start) == ("third", "ninth", 4.0)
    assert "correction_asked" in kinds(transcript)
    listed = door.respondent.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "I hear ninth." in listed and "Waiting for a decision" in listed
    assert text_of(transcript)[0].startswith("The parcel arrived on the third")
    work()
    assert {letter.to[0] for letter in mailoutbox} >= {"judge@example.org", "respondent@example.org"}


def test_an_allowed_correction_changes_the_text_and_keeps_the_times(transcript, door):
    ask(door.claimant, transcript)
    before = transcript.utterances.order_by("position").first().words
    assert decide(door.clerk, Correction.objects.get(), "allow").status_code == 302
    said = transcript.utterances.order_by("position").first()
    assert said.text == "The parcel arrived on the ninth of March, opened."
    assert [word[1:3] for word in said.words] == [word[1:3] for word in before]
    entry = DocketEntry.objects.get(kind="correction_allowed")
    assert entry.details["edit"] == str(Edit.objects.get().pk)
    page = door.claimant.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "Allowed" in page and "third" in page


def test_a_refusal_needs_reasons_and_stays_with_the_record(transcript, door):
    ask(door.claimant, transcript)
    one = Correction.objects.get()
    assert decide(door.judge, one, "refuse").status_code == 400
    assert decide(door.judge, one, "refuse", "The sound says third.").status_code == 302
    assert "third" in text_of(transcript)[0]
    assert "The sound says third." in door.respondent.get(f"/transcripts/{transcript.pk}/errata/").content.decode()


def test_only_the_first_of_two_decisions_counts(transcript, door):
    ask(door.claimant, transcript)
    one = Correction.objects.get()
    decide(door.judge, one, "refuse", "No.")
    again = decide(door.clerk, one, "allow")
    assert again.status_code == 302
    one.refresh_from_db()
    assert one.state == "refused"
    assert "third" in text_of(transcript)[0]


def test_who_asked_may_withdraw_and_nobody_else(transcript, door):
    ask(door.claimant, transcript)
    address = f"/transcripts/{transcript.pk}/errata/{Correction.objects.get().pk}/withdraw"
    assert door.respondent.post(address).status_code == 404
    assert door.claimant.post(address).status_code == 302
    assert Correction.objects.get().state == "withdrawn"
    assert decide(door.clerk, Correction.objects.get(), "allow").status_code == 302
    assert not Edit.objects.exists()


def test_observers_and_clerks_ask_for_nothing(transcript, door):
    for client in (door.observer, door.stranger, door.clerk):
        assert ask(client, transcript).status_code == 404
    assert not Correction.objects.exists()


def ask_for_both(client, transcript, *lines, reason="I hear it so."):
    """Ask for a correction from "March," in the first passage to "dispute" in the second."""
    found = numbers(transcript)
    told = {"first": found[7], "last": found[10], "reason": reason}
    told |= {f"proposed_{number}": line for number, line in enumerate(lines, start=1)}
    return client.post(f"/transcripts/{transcript.pk}/errata/ask", told)


def test_a_correction_without_change_or_without_words_is_refused_with_what_was_typed(transcript, door):
    page = ask(door.claimant, transcript, proposed="third", reason="Keep these words")
    assert page.status_code == 400
    assert "The record says this already" in page.content.decode() and "Keep these words" in page.content.decode()
    page = ask_for_both(door.claimant, transcript, "", " ", reason="Keep these too").content.decode()
    assert "Say for each passage what it should say" in page and "Keep these too" in page
    assert not Correction.objects.exists()


def test_a_correction_of_several_passages_changes_each_and_invents_no_time(transcript, door):
    found = numbers(transcript)
    asking = {"first": found[7], "last": found[10]}
    page = door.claimant.get(f"/transcripts/{transcript.pk}/errata/ask", asking).content.decode()
    assert "What should Kim Jiwoo say at 0:04?" in page and ">\nWe dispute</textarea>" in page
    assert ask_for_both(door.claimant, transcript, "May, opened. We", "deny").status_code == 302
    before = {word[4]: word[1:3] for one in transcript.utterances.all() for word in one.words}
    one = Correction.objects.get()
    assert (one.stands, one.proposed) == ("March, opened.\nWe dispute", "May, opened. We\ndeny")
    assert decide(door.clerk, one, "allow").status_code == 302
    assert text_of(transcript) == ["The parcel arrived on the third of May, opened. We", "deny that."]
    words = [word for one in transcript.utterances.order_by("position") for word in one.words]
    assert all(word[1:3] == before[word[4]] for word in words if word[4] in before and word[5] == "h")
    (added,) = [word for word in words if word[0] == "We"]
    assert added[1:3] == [None, None]  # nobody heard Kim say it
    assert Edit.objects.values("batch").distinct().count() == 1
    page = door.respondent.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "March, opened.<br>We dispute" in page


def test_what_is_not_one_passage_after_the_other_any_more_is_left_to_the_editor(transcript, door, cast):
    ask_for_both(door.claimant, transcript, "May, opened.", "We deny")
    first, second = transcript.utterances.order_by("position")
    merge = Change(uuid.uuid4(), "merge", second.pk, second.revision, into=first.pk, into_revision=first.revision)
    editing.make(transcript, [merge], by=cast.clerk)
    page = decide(door.clerk, Correction.objects.get(), "allow")
    assert page.status_code == 400 and "no longer stand together" in page.content.decode()
    assert Correction.objects.get().state == "asked"
    assert "March, opened." in text_of(transcript)[0]


def test_a_sealed_word_in_one_of_several_passages_keeps_the_request_from_the_others(transcript, door):
    ask_for_both(door.claimant, transcript, "May, opened.", "We deny")
    opened = numbers(transcript)[8]
    form = {"first": opened, "last": opened, "level": "sealed", "reason": "A detail."}
    assert door.clerk.post(f"/transcripts/{transcript.pk}/redact", form).status_code == 302
    page = door.respondent.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "dispute" not in page and "deny" not in page and "█████" in page


def test_merging_again_what_was_heard_does_not_begin_the_time_anew(transcript, door, work):
    from transcripts.services import merge_transcript

    ask(door.claimant, transcript)
    decide(door.clerk, Correction.objects.get(), "allow")
    for client in (door.claimant, door.respondent):
        client.post(f"/transcripts/{transcript.pk}/errata/checked")
    merge_transcript(transcript)
    assert certify(door, transcript, work, waive=False) is not None


def test_nobody_asks_when_the_time_is_over(transcript, door):
    Transcript.objects.update(ready_at=timezone.now() - timedelta(days=60))
    assert ask(door.claimant, transcript).status_code == 302
    assert not Correction.objects.exists()
    page = door.claimant.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "The time to ask for corrections is over." in page


def test_the_limit_is_shown_with_its_rule_and_stands_on_the_home_page(transcript, door):
    page = door.claimant.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "30 days from" in page and "rule R-30" in page
    assert "Check the record of the hearing" in door.claimant.get("/").content.decode()
    ask(door.claimant, transcript)
    assert "1 correction of the record waits" in door.clerk.get("/").content.decode()
    door.claimant.post(f"/transcripts/{transcript.pk}/errata/checked")
    assert "Check the record of the hearing" not in door.claimant.get("/").content.decode()


def test_sealed_words_are_kept_from_who_reads_the_corrections(transcript, door, cast):
    ask(door.claimant, transcript)
    said = transcript.utterances.order_by("position").first()
    Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=[numbers(transcript)[5]],
        start=said.words[5][1],
        end=said.words[5][2],
        level=Level.SEALED,
        reason="A date",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )
    page = door.respondent.get(f"/transcripts/{transcript.pk}/errata/").content.decode()
    assert "ninth" not in page and "I hear" not in page and "█████" in page
    assert "ninth" in door.clerk.get(f"/transcripts/{transcript.pk}/errata/").content.decode()


def test_nothing_is_certified_while_a_correction_waits_or_may_be_asked_for(transcript, door, work):
    refused = door.clerk.post(f"/transcripts/{transcript.pk}/certificate/make", follow=True).content.decode()
    assert "Not done checking yet: Kim Jiwoo, Li Wei" in refused
    ask(door.claimant, transcript)
    assert certify(door, transcript, work) is None
    page = door.clerk.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "1 correction waits for a decision." in page


def test_who_certifies_is_told_what_nobody_has_looked_at(transcript, door, cast):
    written = WrittenRecord.objects.create(transcript=transcript, title="Minutes", text="Opened.", added_by=cast.clerk)
    for at, aside in enumerate((False, False, True)):
        Discrepancy.objects.create(
            written=written, position=at, kind="omission", spoken="x", char_start=0, char_end=0, set_aside=aside
        )
    for client in (door.claimant, door.respondent):
        client.post(f"/transcripts/{transcript.pk}/errata/checked")
    address = f"/transcripts/{transcript.pk}/certificate"
    page = door.clerk.get(address).content.decode()
    assert "Nobody has changed a word of what the machine wrote." in page
    assert "2 differences between “Minutes” and the sound are not decided." in page
    assert "Minutes" not in door.claimant.get(address).content.decode()
    first = transcript.utterances.order_by("position").first()
    editing.make(transcript, [Change(uuid.uuid4(), "words", first.pk, first.revision, "Yes.")], by=cast.clerk)
    Discrepancy.objects.filter(written=written).update(decision="sound", decided_by=cast.clerk)
    page = door.clerk.get(address).content.decode()
    assert "Before you certify" not in page and "Certify the record" in page


def test_a_certificate_covers_text_media_times_and_what_was_refused(transcript, door, work):
    track = transcript.recording.tracks.first()
    track.file.save("kim.webm", ContentFile(b"the sound of it"))
    ask(door.claimant, transcript)
    decide(door.judge, Correction.objects.get(), "refuse", "The sound says third.")
    made = certify(door, transcript, work)
    told = json.loads(made.manifest)
    assert told["text"] == made.version.sha256
    assert told["media"] == [[f"Sound {track.pk} Kim Jiwoo", hashlib.sha256(b"the sound of it").hexdigest()]]
    assert told["refused"][0][0] == Correction.objects.get().pk
    entry = DocketEntry.objects.get(kind="record_certified")
    assert entry.details["sha256"] == made.sha256
    page = door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "Tom Reed certifies that version" in page and "The sound says third." in page
    assert "Certified on" in door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert "can no longer be asked for" in door.claimant.get(f"/transcripts/{transcript.pk}/errata/").content.decode()


def test_from_certification_on_quotations_name_page_and_line(transcript, door, work):
    first = numbers(transcript)[0]
    asked = {"first": first, "last": first, "format": "json"}
    assert door.claimant.get(f"/transcripts/{transcript.pk}/quote", asked).json()["place"] == ""
    certify(door, transcript, work)
    place = door.claimant.get(f"/transcripts/{transcript.pk}/quote", asked).json()["place"]
    page, line = place.split(":")
    by_place = {"by": "page", "from": place, "to": place, "format": "json"}
    assert int(page) > 0 and int(line) > 0
    assert door.claimant.get(f"/transcripts/{transcript.pk}/quote", by_place).json()["text"].startswith("The parcel")


def test_comparing_finds_what_was_changed_after_certification(transcript, door, work):
    track = transcript.recording.tracks.first()
    track.file.save("kim.webm", ContentFile(b"the sound of it"))
    made = certify(door, transcript, work)
    address = f"/transcripts/{transcript.pk}/certificate"
    door.claimant.post(f"{address}/compare")
    work()
    assert "are as they were certified" in door.claimant.get(address).content.decode()
    with track.file.storage.open(track.file.name, "wb") as file:
        file.write(b"the sound of it, cut")
    with made.version.file.storage.open(made.version.file.name, "wb") as file:
        file.write(b"no longer what it was")
    door.claimant.post(f"{address}/compare")
    work()
    made.refresh_from_db()
    assert made.differs == ["text", "alignment", f"media Sound {track.pk} Kim Jiwoo"]
    assert "Something is not as it was certified" in door.claimant.get(address).content.decode()


def test_a_later_change_leaves_the_certified_version_and_says_so(transcript, door, cast, work):
    certify(door, transcript, work)
    said = transcript.utterances.order_by("position").first()
    editing.make(
        transcript, [Change(uuid.uuid4(), "words", said.pk, said.revision, "Something else entirely.")], by=cast.clerk
    )
    page = door.claimant.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "The text was changed since" in page and "The parcel arrived on the third" in page
    assert "Changed since it was certified" in door.claimant.get(f"/transcripts/{transcript.pk}/").content.decode()
    assert certify(door, transcript, work, waive=False).version.number > 2
    assert Certificate.objects.count() == 2


def test_a_text_changed_while_it_is_being_certified_is_not_certified(transcript, door, cast, work):
    for client in (door.claimant, door.respondent):
        client.post(f"/transcripts/{transcript.pk}/errata/checked")
    door.clerk.post(f"/transcripts/{transcript.pk}/certificate/make")
    said = transcript.utterances.order_by("position").first()
    editing.make(transcript, [Change(uuid.uuid4(), "words", said.pk, said.revision, "Other words.")], by=cast.clerk)
    work()
    assert not Certificate.objects.exists()
    assert "was not certified" in door.clerk.get(f"/transcripts/{transcript.pk}/certificate").content.decode()


def sign(client, transcript, name, **more):
    made = Certificate.objects.filter(transcript=transcript).first()
    told = {"certificate": made.pk, "name": name, "read": "on", **more}
    return client.post(f"/transcripts/{transcript.pk}/certificate", told)


def test_parties_sign_the_certified_record_by_their_own_name_and_once(transcript, door, work):
    certify(door, transcript, work)
    assert "Sign the certified record" in door.claimant.get("/").content.decode()
    assert sign(door.claimant, transcript, "Li Wei").status_code == 400
    assert sign(door.claimant, transcript, "kim  jiwoo").status_code == 302
    assert sign(door.claimant, transcript, "Kim Jiwoo").status_code == 404
    assert sign(door.respondent, transcript, "Li Wei", objection="Page 3 is wrong.").status_code == 302
    assert [(one.role, one.objection) for one in RecordSignature.objects.order_by("pk")] == [
        ("claimant", ""),
        ("respondent", "Page 3 is wrong."),
    ]
    assert kinds(transcript)[-2:] == ["record_signed", "record_signed_objecting"]
    page = door.judge.get(f"/transcripts/{transcript.pk}/certificate").content.decode()
    assert "Page 3 is wrong." in page and "Not signed by" not in page
    assert sign(door.clerk, transcript, "Tom Reed").status_code == 404
    assert sign(door.observer, transcript, "Sam Blake").status_code == 404


def test_who_does_not_sign_in_time_is_noted_once(transcript, door, work):
    certify(door, transcript, work)
    sign(door.claimant, transcript, "Kim Jiwoo")
    job = Job.objects.get(name="note_unsigned")
    assert job.due_at > timezone.now() + timedelta(days=6)
    for _time in range(2):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now(), state="waiting")
        perform(job.pk)
    entries = DocketEntry.objects.filter(kind="record_not_signed")
    assert [entry.details["names"] for entry in entries] == ["Li Wei"]
