"""Stills of the pictures of a recording: one every ten seconds, and one when an exhibit was shown."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import av
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from court.hearings.models import Presentation
from court.rooms.models import Track, TrackKind
from court.work.services import enqueue
from transcripts.models import Frame, Transcript

EVERY = 10.0  # seconds
WIDTH = 320  # pixels at most
QUALITY = 60  # of JPEG
BLACK = 20  # of 255: a picture with nothing brighter is the black between two takes
LOOK_EVERY = 200  # pictures decoded between two signs of life


class Unseen(Exception):
    """The picture cannot be read."""


def queue_frames(track: Track) -> None:
    """Have the stills of a person's picture taken, once for each state of its file."""
    if track.kind == TrackKind.PICTURE and track.file and track.assembled_at is not None:
        enqueue("take_frames", key=f"{track.pk}-{track.assembled_at.timestamp():.0f}", track=track.pk)


def wanted(transcript: Transcript, seconds: float) -> list[float]:
    """The seconds of which there are to be stills."""
    regular = [n * EVERY for n in range(int(seconds // EVERY) + 1)]
    began = transcript.recording.started_at
    shown = (
        (at - began).total_seconds()
        for at in Presentation.objects.filter(hearing=transcript.hearing_id).values_list("at", flat=True)
    )
    return sorted({*regular, *(round(at, 2) for at in shown if 0 <= at <= seconds)})


def stills(path: str, times: Sequence[float], renew: Callable[[float], object]) -> Iterator[tuple[float, bytes]]:
    """(second, JPEG) of the first picture at or after each time; none where all is black. Raises Unseen."""
    try:
        with av.open(path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield from _stills(container, stream, times, renew)
    except (av.FFmpegError, IndexError, OSError) as fault:
        raise Unseen(str(type(fault).__name__)) from fault


def _stills(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    times: Sequence[float],
    renew: Callable[[float], object],
) -> Iterator[tuple[float, bytes]]:
    at = 0
    for number, frame in enumerate(container.decode(stream)):
        if number % LOOK_EVERY == 0:
            renew(at / len(times))
        if at >= len(times):
            return
        if frame.time is None or frame.time < times[at] - 0.02:
            continue
        last = at
        while last + 1 < len(times) and times[last + 1] - 0.02 <= frame.time:
            last += 1  # a picture that stood still: what it shows is the newest moment
        at = last + 1
        image = frame.to_image()
        image.thumbnail((WIDTH, WIDTH * 2))
        _low, brightest = image.convert("L").getextrema()
        if int(str(brightest)) > BLACK:
            kept = io.BytesIO()
            image.save(kept, "JPEG", quality=QUALITY, optimize=True)
            yield times[last], kept.getvalue()


def take_frames(track: Track, renew: Callable[[float], object]) -> int:
    """Keep the stills of a track anew; how many there are. Raises Unseen; then those of before stay."""
    transcript = Transcript.objects.select_related("recording").get(recording=track.recording_id)
    made: list[Frame] = []
    try:
        for second, jpeg in stills(track.file.path, wanted(transcript, track.seconds or 0.0), renew):
            name = default_storage.save(f"frames/{transcript.pk}/{track.pk}/{second:.2f}.jpg", ContentFile(jpeg))
            made.append(Frame(transcript=transcript, track=track, second=second, file=name))
        with transaction.atomic():
            before = list(Frame.objects.select_for_update().filter(track=track).values_list("file", flat=True))
            Frame.objects.filter(track=track).delete()
            Frame.objects.bulk_create(made, batch_size=500)
    except BaseException:
        for frame in made:
            with suppress(OSError):
                default_storage.delete(str(frame.file))
        raise
    for name in before:
        with suppress(OSError):
            default_storage.delete(name)
    return len(made)
