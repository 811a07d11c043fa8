"""One court with everything in it: what the proofs that cover the whole house start from.

Every dispute is made by the rooms' own services. Kim Jiwoo sues Li Wei; Ada Park hears the case, Noor Haddad mediates
it, Choi Yuna interprets and is seated in the hearing, Sam Blake observes the case.
"""

import hashlib
import wave
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from court.accounts.models import Office, User
from court.cases.access import appoint
from court.cases.models import Case, Role
from court.cases.people import appoint_person, seal
from court.demo.mail import letters
from court.evidence.models import Exhibit
from court.evidence.receiving import Received, incoming
from court.evidence.services import admit_exhibit
from court.filings.models import Answer, Stance
from court.filings.services import change_answer
from court.hearings.models import Hearing
from court.hearings.services import Guest, list_hearing, note
from court.orders.models import Order, OrderKind
from court.orders.services import TEXT_FIELDS, save_draft, sign_order, start_order
from court.orders.wording import GAP
from court.rooms.models import Recording, Room, Seat, Track, TrackKind
from court.rooms.services import agree_to_recording, connect_seat, say, start_session
from court.work.models import Job
from court.work.services import perform
from mediation import caucus, services
from mediation.models import Offer, Session
from mediation.offers import make_offer
from tests.stages_of_a_case import answered, draft_claim, issued, served, submitted_claim
from transcripts.alignment import align
from transcripts.certification.errata import ask
from transcripts.clips import ask_clip
from transcripts.engines import Segment, Speech, Word
from transcripts.finding.saved import keep
from transcripts.imports import Source, import_recording
from transcripts.listening import Heard
from transcripts.models import (
    Clearance,
    Clip,
    Correction,
    Frame,
    Leak,
    Level,
    PagesFile,
    SavedSearch,
    Transcript,
    WrittenRecord,
)
from transcripts.pages.index import version_to_cite
from transcripts.pages.services import files_of, make_files
from transcripts.redaction.releasing import set_release
from transcripts.redaction.services import hide
from transcripts.redaction.stretches import between_words
from transcripts.services import merge_transcript, save_text
from transcripts.text import lines_of
from transcripts.written import comparing
from transcripts.written import services as written

SPOKEN = {
    "judge": (0.3, "Please tell the court what happened."),
    "claimant": (1.5, "The frame of the bicycle broke on the first ride."),
    "respondent": (3.2, "It was ridden down a flight of steps."),
}
SECONDS = 5.0  # that every recording lasts


@dataclass
class World:
    """What there is, by the word the tests call it."""

    draft: Case  # a claim nobody but its author knows of
    submitted: Case  # waits for a clerk
    issued: Case  # the respondent is invited
    served: Case  # the answer is begun
    answered: Case  # where everything happens
    sealed: Case  # by another clerk, before another judge
    draft_exhibit: Exhibit  # a picture in the draft
    document: Exhibit  # the claimant's, with pictures of its pages
    sound: Exhibit  # the respondent's
    sealed_exhibit: Exhibit
    listed: Hearing
    sealed_hearing: Hearing
    ended: Hearing
    transcript: Transcript
    sealed_transcript: Transcript
    correction: Correction  # the claimant asks for one in the transcript
    clip: Clip  # the claimant's, of the last word of their own passage
    frame: Frame  # a still of that picture
    written: WrittenRecord  # minutes compared with the transcript
    draft_order: Order
    issued_order: Order
    sealed_order: Order
    picture: Track  # of the ended hearing
    arranged: Session
    live: Session
    offer: Offer  # of the claimant's, still open
    caucus: Room  # the mediator and the claimant alone
    redaction: UUID  # asked for by the claimant
    leak: Leak  # a log note that still holds what is hidden
    public: Transcript  # released to everybody
    pages_file: PagesFile  # the numbered pages of the transcript, as the people of the case may have them
    observers: int  # the number of the observer's appointment
    take: str  # of a recorder nobody has started
    saved_search: SavedSearch  # the claimant's
    letter: str  # a letter with a calendar file, as the demo's post calls it


def build_world(cast, folder: Path) -> World:
    """Make the court's disputes for these people; sounds are made in ``folder`` first."""
    other_judge = _staff("second.judge@example.org", "Ben Okafor", Office.JUDGE)
    other_clerk = _staff("second.clerk@example.org", "Ida Lund", Office.CLERK)
    case = answered(cast)
    document = _exhibit(case, cast.claimant, _document(folder), "The receipt")
    do_job("draw_exhibit", document.pk)
    sound = _exhibit(case, cast.respondent, _tone(folder / "call.wav"), "A call about the frame")
    observing = appoint_person(case, cast.observer, Role.OBSERVER, by=cast.clerk)
    ended, transcript = _heard(case, cast.judge, cast, folder, days=8)
    note(ended, "The judge asked about the first ride.", by=cast.judge)
    listed = list_hearing(
        case,
        judge=cast.judge,
        starts_at=_morning(21),
        minutes=60,
        by=cast.clerk,
        guests=[Guest(cast.interpreter, Role.INTERPRETER)],
    )
    arranged = services.arrange(case, mediator=cast.mediator, starts_at=_morning(14), minutes=60, by=cast.clerk)
    live, aside = _mediated(case, cast)
    sealed = answered(cast)
    sealed_exhibit = _exhibit(sealed, cast.claimant, _picture_file(folder), "The frame")
    _, sealed_transcript = _heard(sealed, other_judge, cast, folder, days=15)
    sealed_hearing = list_hearing(sealed, judge=other_judge, starts_at=_morning(28), minutes=60, by=other_clerk)
    sealed_order = _order(sealed, other_judge, signed=True)
    seal(sealed, reason="A child is named in it.", by=other_clerk)
    draft = draft_claim(cast)
    asked, leak = _hidden(transcript, cast)
    return World(
        draft=draft,
        draft_exhibit=_exhibit(draft, cast.claimant, _picture_file(folder), "The bicycle"),
        document=document,
        sound=sound,
        sealed_exhibit=sealed_exhibit,
        submitted=submitted_claim(cast),
        issued=issued(cast),
        served=_answer_begun(served(cast), cast),
        answered=Case.objects.get(pk=case.pk),
        sealed=Case.objects.get(pk=sealed.pk),
        listed=listed,
        sealed_hearing=sealed_hearing,
        ended=ended,
        transcript=transcript,
        sealed_transcript=sealed_transcript,
        correction=_correction(transcript, cast.claimant),
        clip=_clip(transcript, cast.claimant),
        draft_order=_order(case, cast.judge, signed=False),
        issued_order=_order(case, cast.judge, signed=True),
        sealed_order=sealed_order,
        picture=_picture(transcript, cast),
        frame=_still(transcript),
        written=_written(transcript, cast.clerk),
        arranged=arranged,
        live=live,
        offer=_offered(case, cast.claimant),
        caucus=aside,
        redaction=asked,
        leak=leak,
        public=_public(cast, folder),
        pages_file=_printed(transcript),
        observers=observing.pk,
        take="11111111-2222-4333-8444-555555555555",
        saved_search=keep(query="bicycle", filters={}, name="The bicycle", letters=True, by=cast.claimant),
        letter=_letter_sent(),
    )


def _hidden(transcript: Transcript, cast) -> tuple[UUID, Leak]:
    """Words the claimant asks to be hidden, and words the clerk has hidden that a log note still holds."""
    reason = {"level": Level.REDACTED, "reason": "It concerns somebody else."}
    said = {word[0]: word[4] for one in transcript.utterances.all() for word in one.words}
    flight = between_words(transcript, said["flight"], said["flight"])
    asked = hide(transcript, flight, by=cast.claimant, decided=False, **reason)
    ride = between_words(transcript, said["first"], said["ride."])
    hide(transcript, ride, by=cast.clerk, decided=True, **reason)
    do_job("look_for_leaks", transcript.case_id)
    return asked, Leak.objects.get(place__startswith="note|")


def _public(cast, folder: Path) -> Transcript:
    """A transcript that anybody may read."""
    case = answered(cast)
    _, transcript = _heard(case, cast.judge, cast, folder, days=120)
    set_release(transcript, timezone.now(), by=cast.judge)
    return transcript


def _staff(email: str, name: str, office: Office) -> User:
    return User.objects.create(email=email, name=name, office=office, password="!")


def _morning(days: int) -> datetime:
    """At ten o'clock on the first working day this many days from now."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(10), tzinfo=ZoneInfo(settings.TIME_ZONE))


def _exhibit(case: Case, by: User, file: Path, title: str) -> Exhibit:
    """Put a file in evidence, as it lies in the house when it has arrived."""
    content = file.read_bytes()
    arrived = incoming() / file.name
    arrived.write_bytes(content)
    received = Received(arrived, len(content), hashlib.sha256(content).hexdigest(), file.name)
    return admit_exhibit(case, received, title=title, shows="What happened to the bicycle.", by=by)


def _document(folder: Path) -> Path:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(300, 400))
        document.add_blank_page(page_size=(300, 400))
        document.save(folder / "receipt.pdf")
    return folder / "receipt.pdf"


def _picture_file(folder: Path) -> Path:
    Image.new("RGB", (64, 48), "steelblue").save(folder / "frame.png")
    return folder / "frame.png"


def _answer_begun(case: Case, cast) -> Case:
    party = case.parties.get(role=Role.RESPONDENT)
    with change_answer(Answer(case=case, party=party)) as answer:
        answer.stance = Stance.DISPUTE
        answer.save()
    return case


def _order(case: Case, judge: User, *, signed: bool) -> Order:
    """Directions: they leave the case where it stands."""
    order = start_order(case, kind=OrderKind.DIRECTIONS, language="en", by=judge)
    texts = {name: getattr(order, name).replace(GAP, "3 March 2027") for name in TEXT_FIELDS}
    texts["title"] = "Directions for the hearing of the bicycle"
    order = save_draft(order, version=order.version, by=judge, **texts)
    if signed:
        sign_order(order, by=judge)
        do_job("issue_order", order.pk)
        order.refresh_from_db()
    return order


def _heard(case: Case, judge: User, cast, folder: Path, *, days: int) -> tuple[Hearing, Transcript]:
    """A hearing that was held, recorded and turned into text. What an engine would hear is given."""
    appoint(case, judge, Role.JUDGE)
    people = {"judge": judge, "claimant": cast.claimant, "respondent": cast.respondent}
    sources = [Source(people[part].name, _tone(folder / f"{part}.wav")) for part in SPOKEN]
    transcript = import_recording(case, sources, started_at=_morning(-days))
    heard = Recording.objects.get(pk=transcript.recording_id)
    for part, (start, text) in SPOKEN.items():
        words = tuple(
            Word(word, start + 0.12 * number, start + 0.12 * number + 0.1, 0.9 if number else 0.4)
            for number, word in enumerate(text.split())
        )
        speech = Speech(
            language="en",
            duration=SECONDS,
            engine="given",
            model="given",
            segments=(Segment(words[0].start, words[-1].end, text, words),),
        )
        save_text(heard.tracks.get(name=people[part].name), Heard(speech), [-20.0] * len(words), lost=lambda: False)
    merge_transcript(transcript)
    do_job("mix_sound", transcript.pk)
    transcript.refresh_from_db()
    return transcript.hearing, transcript


def _clip(transcript: Transcript, by: User) -> Clip:
    number = transcript.utterances.filter(role=Role.CLAIMANT)[0].words[-1][4]
    clip = ask_clip(transcript, number, number, picture=None, by=by)
    do_job("cut_clip", clip.pk)
    return clip


def _correction(transcript: Transcript, by: User) -> Correction:
    """The last word of the claimant's own passage shall be another."""
    said = transcript.utterances.filter(role=Role.CLAIMANT)[0]
    number = said.words[-1][4]
    return ask(transcript, first=number, last=number, proposed="drive.", reason="I said drive.", by=by)


def _picture(transcript: Transcript, cast) -> Track:
    """The claimant's picture in the recording."""
    return Track.objects.create(
        recording=transcript.recording,
        kind=TrackKind.PICTURE,
        name=cast.claimant.name,
        role=Role.CLAIMANT,
        file=default_storage.save("recordings/picture.webm", ContentFile(b"\x1a\x45\xdf\xa3")),
        seconds=SECONDS,
        assembled_at=timezone.now(),
    )


def _still(transcript: Transcript) -> Frame:
    """The claimant's picture at the fourth second."""
    picture = transcript.recording.tracks.get(kind=TrackKind.PICTURE)
    file = default_storage.save("frames/4.jpg", ContentFile(b"\xff\xd8\xff"))
    return Frame.objects.create(transcript=transcript, track=picture, second=4.0, file=file)


def _written(transcript: Transcript, clerk: User) -> WrittenRecord:
    """Minutes that say another thing than was said, compared without listening to the tone."""
    text = "The frame of the bicycle broke on the second ride. It was ridden down a flight of steps."
    given = SimpleUploadedFile("minutes.txt", text.encode())
    document = written.Document(text, "txt", hashlib.sha256(text.encode()).hexdigest())
    added = written.add_record(transcript, document, title="Minutes", language="en", by=clerk, file=given)
    words, _between = comparing.heard_in(lines_of(transcript, clearance=Clearance.COURT))
    comparing.save(added, align(text, words, language="en"))
    added.refresh_from_db()
    return added


def _printed(transcript: Transcript) -> PagesFile:
    """The numbered pages of a transcript, for the people of the case."""
    version = version_to_cite(transcript)
    make_files(version, "us-25", Clearance.PARTY, lambda share: None)
    return files_of(version, "us-25", Clearance.PARTY).get()


def _mediated(case: Case, cast) -> tuple[Session, Room]:
    """A mediation in session: both sides agreed and came, and the claimant is aside with the mediator."""
    soon = timezone.now() + timedelta(minutes=20)
    session = services.arrange(case, mediator=cast.mediator, starts_at=soon, minutes=30, by=cast.clerk)
    for party in case.parties.exclude(user=None):
        services.answer(session, party, "agreed", by=party.user)
    room = Room.objects.get(pk=session.room_id)
    for person in (cast.mediator, cast.claimant, cast.respondent):
        place = Seat.objects.get(room=room, user=person)
        agree_to_recording(place)
        place = connect_seat(place, f"browser-of-{person.pk}")
        if person == cast.mediator:
            start_session(room, by=place)
            services.open_session(room, by=person)
    say(Seat.objects.get(room=room, user=cast.respondent), "Good morning.")
    session.refresh_from_db()
    opened = caucus.open_caucus(session, case.parties.get(role=Role.CLAIMANT))
    return session, opened.room


def _offered(case: Case, by: User) -> Offer:
    party = case.parties.get(user=by)
    terms = "Pay half of the price within 14 days."
    return make_offer(case, party=party, by=by, terms=terms, amount=62_500, currency="GBP", days=14)


def _letter_sent() -> str:
    """Send the first letter with a calendar file that waits to be sent."""
    waiting = Job.objects.filter(name="send_letter", key__contains="hearing").order_by("pk")
    do_job("send_letter", waiting[0].key.partition(":")[2])
    return letters()[0].key


def do_job(name: str, key: object) -> None:
    """Do one queued job now, as a worker would."""
    for room in ("court.accounts", "court.evidence", "court.orders", "transcripts"):
        import_module(f"{room}.tasks")
    perform(Job.objects.get(key=f"{name}:{key}").pk)


def _tone(path: Path) -> Path:
    """A quiet tone, as long as a recording."""
    if not path.exists():
        rate = 8000
        samples = 3000 * np.sin(np.arange(round(SECONDS * rate)) / 5)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples.astype("<i2").tobytes())
    return path
