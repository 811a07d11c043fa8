"""What is known of recordings and their text."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from court.rooms.models import Recording, Track, TrackKind
from court.work.models import Job, State

from .models import Certificate, HeardAnew, Rehearing, TrackText, Transcript, TranscriptState

ASSEMBLED_WITHIN = timedelta(hours=6)  # a track that is not whole by then never will be


def recordings_without_transcript() -> QuerySet[Recording]:
    """Complete recordings of hearings that have no transcript yet. What a mediation recorded is never among them."""
    return Recording.objects.filter(
        ready_at__isnull=False, room__hearing__isnull=False, transcript__isnull=True
    ).order_by("ready_at")


def newest_certificate(transcript: Transcript | int) -> Certificate | None:
    """The newest certificate, if any version was certified."""
    found = Certificate.objects.select_related("version", "certified_by", "transcript__case")
    return found.filter(transcript=transcript).order_by("-certified_at").first()


def sound_tracks(transcript: Transcript) -> QuerySet[Track]:
    """The tracks whose words the transcript is made of."""
    return Track.objects.filter(recording=transcript.recording_id, kind=TrackKind.SOUND).order_by("pk")


def rehearing_of(transcript: Transcript) -> Rehearing | None:
    """What the staff chose for hearing the tracks anew, while that lasts."""
    return Rehearing.objects.filter(transcript=transcript).first()


def _texts(transcript: Transcript) -> QuerySet[HeardAnew] | QuerySet[TrackText]:
    """What was heard on the tracks so far: anew, while they are heard anew."""
    anew = rehearing_of(transcript)
    return HeardAnew.objects.filter(rehearing=anew) if anew else TrackText.objects.filter(transcript=transcript)


def heard_in_time(transcript: Transcript, track: Track) -> bool:
    """Whether the track's text was made of the track as it is now: a late piece may have changed the sound since."""
    made = _texts(transcript).filter(track=track).values_list("made_at", flat=True).first()
    return made is not None and (track.assembled_at is None or made >= track.assembled_at)


def all_heard(transcript: Transcript) -> bool:
    """Whether every track has its text, or the reason why it has none."""
    texts = _texts(transcript).filter(
        Q(track__assembled_at=None) | Q(made_at__gte=F("track__assembled_at")) | ~Q(fault="")
    )
    return not sound_tracks(transcript).exclude(pk__in=texts.values_list("track", flat=True)).exists()


def never_to_come(track: Track) -> bool:
    """Whether a track that is not whole yet will never be: putting it together was given up, or took too long."""
    if track.assembled_at is not None:
        return False
    given_up = Job.objects.filter(key=f"assemble_track:{track.pk}", state=State.FAILED).exists()
    ready = track.recording.ready_at
    return given_up or (ready is not None and ready < timezone.now() - ASSEMBLED_WITHIN)


def unfinished_transcripts() -> QuerySet[Transcript]:
    """Transcripts still in the making, and those made of a track that has changed since."""
    changed = TrackText.objects.filter(transcript=OuterRef("pk"), fault="", track__assembled_at__gt=F("made_at"))
    making = Q(state__in=[TranscriptState.WAITING, TranscriptState.RUNNING])
    return Transcript.objects.filter(making | Exists(changed)).order_by("pk")


@dataclass(frozen=True, slots=True)
class TrackProgress:
    """How far one person's track is: the share of it heard, 0 to 1."""

    track: int
    name: str
    role: str
    share: float
    done: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a transcript is: the share of sound heard, and how far each track is."""

    share: float
    tracks: tuple[TrackProgress, ...]

    @property
    def done(self) -> int:
        """Of how many tracks all is heard."""
        return sum(track.done for track in self.tracks)


def progress_of(transcript: Transcript) -> Progress:
    """How far the tracks were heard, by their seconds."""
    tracks = list(sound_tracks(transcript))
    heard = set(_texts(transcript).values_list("track", flat=True))
    keys = {f"transcribe_track:{track.pk}": track for track in tracks if track.pk not in heard}
    running = dict(Job.objects.filter(key__in=keys, state=State.RUNNING).values_list("key", "progress"))
    found = []
    whole = done = 0.0
    for track in tracks:
        seconds = track.seconds or 1.0
        key = f"transcribe_track:{track.pk}"
        share = 1.0 if track.pk in heard else running.get(key, 0.0)
        whole += seconds
        done += seconds * share
        found.append(TrackProgress(track.pk, track.name, track.role, share, track.pk in heard, key in running))
    return Progress(done / whole if whole else 0.0, tuple(found))
