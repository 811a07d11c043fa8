"""No address of the court gives a hidden word away: every one is asked, and every byte of the answer looked through.

In a public record one word is redacted, one sealed, and one asked for by a party; none of them is a word of any
language. Every address of the record, of its case and of its hearing is fetched as the public, as a party and as
others with a part in the case; what is packed (archives, PDFs, compressed streams) is opened.
"""

import gzip
import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.test_every_address import table, values
from tests.transcripts.hearings import heard
from transcripts.certification.errata import ask
from transcripts.exports import FORMATS
from transcripts.leak_places import text_of_pdf
from transcripts.models import Clearance, Level, PageFormat, Transcript, TranscriptState
from transcripts.pages.index import version_to_cite
from transcripts.pages.services import files_of, make_files
from transcripts.redaction.services import hide
from transcripts.redaction.stretches import between_words

pytestmark = pytest.mark.django_db

SEALED, REDACTED, ASKED = "Quuxleythorpe", "Zorblattova", "Wimblefrost"
LINES = [
    ("Ada Park", "judge", 1.0, "Who was there that day please tell the court"),
    ("Kim Jiwoo", "claimant", 6.0, f"My daughter {SEALED} was there and {ASKED} came with her"),
    ("Li Wei", "respondent", 14.0, f"I live at {REDACTED} and saw {SEALED} fall"),
]
PUBLIC = (SEALED, REDACTED, ASKED)
HIDDEN_FROM = {"nobody": PUBLIC, "stranger": PUBLIC, "mediator": PUBLIC, "claimant": (SEALED,), "observer": (SEALED,)}
# What an address may be asked besides: the places of the words, and the kinds of file a record is given as.
BY_WORDS = ("?w={first}-{last}", "?first={first}&last={last}", "?first={first}&last={last}&format=json")
ASKED_TOO = {
    "transcript": (*BY_WORDS, "?was={first}-{last}"),
    "transcript_quote": (*BY_WORDS, "?from=0:01&to=0:30&format=json", "?by=page&from=3:1&to=3:9&format=json"),
    "transcript_pages": ("?page=2", "?page=3", "?page=4", *(f"?page=3&format={name}" for name in PageFormat.values)),
    "redact": BY_WORDS,
}
OTHERS = ("case", "docket", "hearing", "search", "records", "exhibit", "exhibits", "order", "order_pdf", "home")


def rows():
    """The rows of the table that are asked: the record's, and those of what lies around it."""
    return [
        row
        for row in table()
        if row.how == "get" and (row.of.startswith(("transcript", "public")) or row.name in OTHERS)
    ]


def paths(row, court, first, last):
    """The addresses asked for a row: as the table has it, every kind of file, and with what may be asked besides."""
    if row.name == "transcript_export":
        return [reverse(row.name, args=[court.transcript.pk, name]) for name in FORMATS]
    path = reverse(row.name, args=values(row.of, court))
    return [path + more.format(first=first, last=last) for more in ("", *ASKED_TOO.get(row.name, ()))]


@pytest.fixture(scope="module")
def hidden(open_world, django_db_blocker):
    """The world, with a public record in the place of its transcript in which the three words are hidden."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=open_world.folder / "files"):
        return public_record(open_world.world, open_world.cast)


def public_record(world, cast):
    made = heard(world.answered, LINES, judge=cast.judge, started_at="2026-03-09T10:00:00+00:00")
    told = made.utterances.get(speaker="Kim Jiwoo").words
    first = next(word[4] for word in told if word[0] == SEALED)
    reason = f"I said {SEALED} another way."
    ask(made, first=first, last=first, proposed=f"{SEALED}s", reason=reason, by=cast.claimant)
    said = [word for one in made.utterances.order_by("position") for word in one.words]
    redaction = None
    for word, level, by in (
        (SEALED, Level.SEALED, cast.clerk),
        (REDACTED, Level.REDACTED, cast.clerk),
        (ASKED, Level.REDACTED, cast.claimant),
    ):
        for number in [one[4] for one in said if one[0] == word]:
            words = between_words(made, number, number)
            reason = f"It concerns {word}."
            redaction = hide(made, words, level=level, reason=reason, by=by, decided=by != cast.claimant)
    Transcript.objects.filter(pk=made.pk).update(
        release_at=timezone.now() - timedelta(days=1), state=TranscriptState.READY
    )
    version = version_to_cite(made)
    files = {}
    for name, clearance in (("public", Clearance.PUBLIC), ("party", Clearance.PARTY)):
        make_files(version, "us-25", clearance, lambda share: None)
        files[name] = files_of(version, "us-25", clearance).get()
    made.refresh_from_db()
    return replace(world, transcript=made, redaction=redaction), files, (said[0][4], said[-1][4])


def opened(content: bytes, name: str = ""):
    """A file and everything packed in it, as texts."""
    yield content.decode("utf-8", "replace")
    yield content.decode("utf-16-be", "replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member
                yield from opened(archive.read(member), member)
    elif content.startswith(b"\x1f\x8b"):
        yield from opened(gzip.decompress(content))
    elif content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as document:
            for thing in document.objects:
                if isinstance(thing, pikepdf.Stream):
                    try:
                        yield from opened(thing.read_bytes())
                    except pikepdf.PdfError:  # a picture
                        continue
                elif isinstance(thing, pikepdf.String):
                    yield str(thing)


def printed(content: bytes, folder):
    """The text of a PDF as a reader's program shows it."""
    path = folder / "served.pdf"
    path.write_bytes(content)
    return text_of_pdf(str(path))


def test_a_file_that_holds_a_word_is_seen_to_hold_it(tmp_path, hidden, at_court):
    """The test's own eyes: packed twice, and on the page of a PDF."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.gz", gzip.compress(SEALED.encode()))
    assert any(SEALED in text for text in opened(archive.getvalue()))
    _court, files, _numbers = hidden
    with files["party"].file.open("rb") as file:
        content = file.read()
    text = " ".join([*opened(content), *printed(content, tmp_path)])
    assert REDACTED.upper() in text.upper()  # the parties may have it


@pytest.mark.parametrize("person", HIDDEN_FROM)
def test_no_hidden_word_is_served(person, hidden, at_court, tmp_path):
    court, files, (first, last) = hidden
    browser = Client()
    browser.cookies.load(at_court.cookies.get(person, {}))
    public = HIDDEN_FROM[person] == PUBLIC
    read = set()
    served = replace(court, pages_file=files["public" if public else "party"])
    for row in rows():
        for path in paths(row, served, first, last):
            answer = browser.get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if answer.status_code == 200:
                read.add(row.name)
            texts = [*opened(content), *(printed(content, tmp_path) if content.startswith(b"%PDF") else [])]
            for word in HIDDEN_FROM[person]:
                found = any(word.casefold() in text.casefold() for text in texts)
                assert not found, f"{path} gives {word} to {person}"
    assert {"transcript", "records"} <= read
    if person != "nobody":
        assert {"transcript_quote", "transcript_pages", "transcript_pages_file", "transcript_export", "search"} <= read
    if not public:
        assert {"errata", "certificate_page"} <= read


@pytest.mark.parametrize("word", PUBLIC)
def test_no_hidden_word_is_found(word, hidden, at_court):
    court, _files, _numbers = hidden
    for person in ("claimant", "clerk", "stranger"):
        browser = Client()
        browser.cookies.load(at_court.cookies[person])
        for typed in (word, f"{word[:6]}*", f'"{word}"', f"there NEAR/9 {word}"):
            page = browser.get("/search/", {"q": typed}).content.decode()
            assert f"/transcripts/{court.transcript.pk}/" not in page, (person, typed)
