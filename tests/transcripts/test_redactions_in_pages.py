"""The lists of redactions, of leaks and of settled leaks in pages, each by itself; every deed comes back to them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.transcripts.test_redaction import decide, hide, transcript  # noqa: F401
from transcripts.models import Leak, Level, Redaction, RedactionState


def hidden(transcript, person, number, *, together=1, **more):  # noqa: F811
    """As many redactions, each of as many stretches, a minute after the other; the first is of second 0."""
    track = transcript.recording.tracks.first()
    since = timezone.now() - timedelta(days=1)
    kept = Redaction.objects.values("batch").distinct().count()
    told = {"level": Level.SEALED, "state": RedactionState.APPLIED, "decided_by": person, "decided_at": since, **more}
    made = []
    for at in range(kept, kept + number):
        batch = uuid.uuid4()
        for piece in range(together):
            start = at * 60.0 + piece
            stretch = {"track": track, "words": [], "start": start, "end": start, "batch": batch}
            asked = {"asked_by": person, "asked_at": since + timedelta(minutes=at), "reason": f"reason-{at}-"}
            made.append(Redaction(transcript=transcript, **stretch, **asked, **told))
    return Redaction.objects.bulk_create(made)


def leaking(redaction, number, *, kind="note", **more):
    """As many places where its words still stand."""
    kept = Leak.objects.count()
    return Leak.objects.bulk_create(
        Leak(redaction=redaction, place=f"{kind}|place-{at}-", **more) for at in range(kept, kept + number)
    )


def settled(redaction, number, person):
    return leaking(redaction, number, settled_by=person, settled_at=timezone.now(), note="Let it be.")


def page_of(client, transcript, **asked):  # noqa: F811
    answer = client.get(f"/transcripts/{transcript.pk}/redactions/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def seconds(page):
    """When the redactions on a page are."""
    return re.findall(r'<th scope="row"[^>]*><a [^>]*>([0-9:–]+)', page)


def left(page):
    """The leaks on a page that are not settled."""
    return re.findall(r'id="leak-(\d+)"', page)


def steps(page):
    """Where the page's links to next pages lead."""
    return [address.replace("&amp;", "&") for address in re.findall(r'rel="next" href="([^"]*)"', page)]


def test_the_twenty_first_redaction_stands_on_the_next_page(transcript, cast, door):  # noqa: F811
    hidden(transcript, cast.judge, 20)
    hidden(transcript, cast.judge, 1, together=3)
    first, second = (seconds(page_of(door.respondent, transcript, page=page)) for page in (1, 2))
    assert (len(first), first[0], second) == (20, "20:00–20:02", ["0:00"])
    assert door.stranger.get(f"/transcripts/{transcript.pk}/redactions/?page=2").status_code == 404


def test_what_waits_for_a_decision_stands_before_all_others(transcript, cast, door):  # noqa: F811
    (waits,) = hidden(transcript, cast.claimant, 1, state=RedactionState.ASKED, decided_by=None, decided_at=None)
    hidden(transcript, cast.judge, 21)
    first, second, _third = (seconds(page_of(door.judge, transcript, page=page)) for page in (1, 2, 3))
    assert (first[:2], second) == (["0:00", "21:00"], ["2:00", "1:00"])
    decide(door.judge, transcript, waits, "apply")
    assert seconds(page_of(door.judge, transcript, page=2)) == ["1:00", "0:00"]


def test_each_list_has_its_own_pages_and_leaves_the_others_where_they_are(transcript, cast, door):  # noqa: F811
    (one, *_others) = hidden(transcript, cast.judge, 41)
    leaking(one, 41)
    settled(one, 41, cast.judge)
    page = page_of(door.judge, transcript, page=2, leaks=3, settled=1)
    assert (seconds(page)[0], len(seconds(page)), len(left(page)), page.count("Let it be.")) == ("20:00", 20, 1, 20)
    here = f"/transcripts/{transcript.pk}/redactions/"
    assert steps(page) == [f"{here}?page=3&leaks=3&settled=1#hidden", f"{here}?page=2&leaks=3&settled=2#settled"]
    assert '<details class="disclosure" id="settled" open>' in page
    labels = re.findall(r'<nav class="pagination" aria-label="([^"]*)"', page)
    assert labels == ["Pages: Asked for and decided", "Pages: Where hidden words still stand", "Pages: Settled"]
    plain = page_of(door.judge, transcript)
    assert (len(left(plain)), steps(plain)[1]) == (20, f"{here}?leaks=2#leaks")
    assert '<details class="disclosure" id="settled">' in plain


def test_no_page_tells_the_parties_where_hidden_words_still_stand(transcript, cast, door):  # noqa: F811
    (one,) = hidden(transcript, cast.judge, 1)
    leaking(one, 21)
    settled(one, 21, cast.judge)
    for asked in ({}, {"leaks": 2}, {"settled": 2}):
        assert "place-" in page_of(door.judge, transcript, **asked)
        page = page_of(door.claimant, transcript, **asked)
        assert "place-" not in page and "Let it be." not in page
    assert "reason-" not in page_of(door.claimant, transcript)


def test_settling_a_leak_comes_back_to_its_page(transcript, cast, door):  # noqa: F811
    (one,) = hidden(transcript, cast.judge, 1)
    made = leaking(one, 41)
    page = page_of(door.judge, transcript, leaks=2, settled=1)
    there = f"/transcripts/{transcript.pk}/leaks/{made[20].pk}?leaks=2&settled=1"
    assert f'action="{there.replace("&", "&amp;")}"' in page
    answer = door.judge.post(there, {"verb": "settle", "note": "Another of that name."}, follow=True)
    back = f"/transcripts/{transcript.pk}/redactions/?leaks=2&settled=1#leaks"
    assert answer.redirect_chain == [(back, 302)]
    page = answer.content.decode()
    assert "Another of that name." in page and left(page)[0] == str(made[21].pk)
    assert door.judge.post(f"/transcripts/{transcript.pk}/leaks/{made[22].pk}?leaks=2", {"verb": "redact"}).url == (
        f"/transcripts/{transcript.pk}/redactions/?leaks=2#leaks"
    )


def test_a_leak_settled_without_a_reason_is_shown_with_its_fault_wherever_it_stands(transcript, cast, door):  # noqa: F811
    (one,) = hidden(transcript, cast.judge, 1)
    made = leaking(one, 41)
    for address in ("", "?leaks=1", "?leaks=3"):
        answer = door.judge.post(f"/transcripts/{transcript.pk}/leaks/{made[25].pk}{address}", {"verb": "settle"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert (len(left(page)), left(page)[0]) == (20, str(made[20].pk))
        assert page.count('<details class="disclosure" open>') == 1
        assert f'id="leak-{made[25].pk}-note_error"' in page
        assert all(step.startswith(f"/transcripts/{transcript.pk}/redactions/?") for step in steps(page))


def test_deciding_on_a_redaction_comes_back_to_its_page(transcript, cast, door):  # noqa: F811
    (oldest, *_others) = hidden(transcript, cast.judge, 21)
    page = page_of(door.judge, transcript, page=2)
    there = f"/transcripts/{transcript.pk}/redactions/{oldest.batch}/?page=2"
    assert f'<a href="{there}">' in page
    back = f"/transcripts/{transcript.pk}/redactions/?page=2"
    page = door.judge.get(there).content.decode()
    assert f'href="{back}"' in page and f'action="{there}"' in page
    assert door.judge.post(there, {"verb": "lift", "answer": "He is of age."}).url == back
    asked = hide(door.claimant, transcript, "Quuxley")
    address = f"/transcripts/{transcript.pk}/redactions/{asked.batch}/"
    assert door.claimant.post(f"{address}?page=2", {"verb": "withdraw"}).url == back
    assert door.judge.post(f"/transcripts/{transcript.pk}/release?page=2", {"verb": "withdraw"}).url == back
    elsewhere = door.judge.post(f"{there[:-1]}//evil.example", {"verb": "lift", "answer": "Again."})
    assert elsewhere.url == f"/transcripts/{transcript.pk}/redactions/"


@pytest.mark.parametrize("person", ["claimant", "judge"])
def test_a_page_of_redactions_asks_the_database_no_more_than_one_of_few(transcript, cast, door, person):  # noqa: F811
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = page_of(getattr(door, person), transcript)
        return (len(seconds(page)), len(left(page)), page.count("Let it be.")), len(queries)

    (one,) = hidden(transcript, cast.judge, 1, together=2)[:1]
    hidden(transcript, cast.claimant, 1, state=RedactionState.ASKED, decided_by=None, decided_at=None)
    for kind in ("note", "transcript"):
        leaking(one, 1, kind=kind)
    settled(one, 2, cast.judge)
    asked()  # what is asked once and kept
    few = asked()
    (other,) = hidden(transcript, cast.clerk, 9, together=3)[:1]
    hidden(transcript, cast.respondent, 9, state=RedactionState.ASKED, decided_by=None, decided_at=None)
    for kind in ("note", "transcript"):
        leaking(other, 9, kind=kind)
    settled(other, 18, cast.clerk)
    many = asked()
    court = person == "judge"
    assert few[0] == (2, 2 if court else 0, 2 if court else 0)
    assert many[0] == (20, 20 if court else 0, 20 if court else 0)
    assert many[1] == few[1]
