"""Clips: the sound, and perhaps one person's picture, of the words of a passage, to take away.

A clip is cut from the sound and picture its owner may hear and see, in which what is hidden from them is silence and
black already. It is given out only while the same is hidden as when it was cut; otherwise it must be cut anew.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.rooms.models import Track
from court.work.services import GiveUp, enqueue

from . import renditions
from .access import clearance_of, may_edit, transcripts_for
from .extracts import passage
from .models import Clearance, Clip, ClipState, Transcript
from .reading import clock
from .silencing import PICTURE_TYPE, SOUND_TYPE
from .sounds import LOCAL, run
from .text import hidden_from

LONGEST = 600.0  # seconds
BREATH = 0.15  # seconds before the first word and after the last
KEPT = timedelta(days=30)
AT_ONCE = 5  # clips of one person that wait to be cut


class NoClip(Exception):
    """The clip cannot be cut. The message is for the person."""


def ask_clip(transcript: Transcript, first: int, last: int, *, picture: Track | None, by: User) -> Clip:
    """Have a clip cut of the words from one number to another. Raises NoClip, NoSuchPassage, TooLong."""
    clearance = clearance_of(by, transcript)
    found = passage(transcript, first, last, clearance=clearance)
    if found.end - found.start > LONGEST:
        raise NoClip(_("A clip lasts at most 10 minutes. Choose fewer words."))
    if found.hidden and all(part.start is None for part in found.parts):
        raise NoClip(_("A part of this passage is kept from you, and its place in the sound is not known."))
    if renditions.sound_for(transcript, clearance) is None:
        raise NoClip(_("The sound is still being prepared. Try again in a few minutes."))
    if picture is not None and renditions.picture_for(transcript, picture, clearance) is None:
        raise NoClip(_("This picture cannot be shown to you now. Choose another, or none."))
    with transaction.atomic():
        if Clip.objects.filter(asked_by=by, state=ClipState.WAITING).count() >= AT_ONCE:
            raise NoClip(_("Some of your clips are still being cut. Wait until they are ready."))
        made = Clip.objects.create(
            transcript=transcript,
            first_word=first,
            last_word=last,
            start=max(0.0, found.start - BREATH),
            end=found.end + BREATH,
            picture=picture,
            clearance=clearance,
            digest=hidden_from(clearance, transcript).digest,
            asked_by=by,
        )
        enqueue("cut_clip", key=str(made.pk), clip=str(made.pk))
    return made


def cut(clip: Clip, *, goes_on: Callable[[], None]) -> None:
    """Cut a clip; called by the worker. Raises GiveUp if its owner may no longer have what it was asked of."""
    sound, picture = _sources(clip)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / ("clip.mp4" if picture else "clip.m4a")
        span = ["-ss", f"{clip.start:.3f}", "-to", f"{clip.end:.3f}"]
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *span, *LOCAL, "-i", sound.path]
        if picture:
            command += [*span, *LOCAL, "-i", picture.path, "-map", "1:v:0", "-c:v", "libx264", "-preset", "veryfast"]
            command += ["-crf", "26", "-pix_fmt", "yuv420p", "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2"]
        command += ["-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-map_metadata", "-1", "-map_chapters", "-1"]
        # Once more for the whole: where a picture changes its size, FFmpeg begins to count the input's length anew.
        command += ["-t", f"{clip.end - clip.start:.3f}", "-movflags", "+faststart", str(target)]
        run(command, goes_on)
        _sources(clip)  # what is hidden may have changed while it was cut
        sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
        with target.open("rb") as file:
            name = default_storage.save(f"transcripts/clips/{uuid.uuid4()}{target.suffix}", File(file))
    changed = Clip.objects.filter(pk=clip.pk, state=ClipState.WAITING).update(
        state=ClipState.READY, file=name, sha256=sha256, media_type=PICTURE_TYPE if picture else SOUND_TYPE
    )
    if not changed:
        default_storage.delete(name)


def _sources(clip: Clip) -> tuple[FieldFile, FieldFile | None]:
    """The files a clip is cut from. Raises GiveUp unless its owner may have them as they were then."""
    transcript, clearance = clip.transcript, Clearance(clip.clearance)
    if not transcripts_for(clip.asked_by).filter(pk=transcript.pk).exists():
        raise GiveUp("Who asked for the clip may no longer read the record.")
    if clearance_of(clip.asked_by, transcript) < clearance or not is_current(clip):
        raise GiveUp("What is hidden changed since the clip was asked for.")
    sound = renditions.sound_for(transcript, clearance)
    picture = renditions.picture_for(transcript, clip.picture, clearance) if clip.picture else None
    if sound is None or (clip.picture and picture is None):
        raise GiveUp("The sound or picture without what is hidden is not there.")
    return sound, picture


def is_current(clip: Clip) -> bool:
    """Whether the same is hidden as when the clip was cut."""
    return bool(current([clip], clip.transcript))


def current(clips: Collection[Clip], transcript: Transcript) -> set[uuid.UUID]:
    """Those of a transcript's clips for which the same is hidden as when they were cut.

    What is hidden is looked up once for each clearance, however many clips there are.
    """
    now = {level: hidden_from(level, transcript).digest for level in {clip.clearance for clip in clips}}
    return {clip.pk for clip in clips if clip.digest == now[clip.clearance]}


def give_up(clip: str) -> None:
    """Say that a clip could not be cut."""
    Clip.objects.filter(pk=clip, state=ClipState.WAITING).update(state=ClipState.FAILED)


def clips_of(user: User, transcript: Transcript) -> QuerySet[Clip]:
    """The clips of a transcript this person may have, newest first: their own; for the court those of all."""
    found = Clip.objects.filter(transcript=transcript).order_by("-asked_at", "pk")
    found = found.select_related("asked_by", "picture", "transcript__case")
    return found if may_edit(user, transcript) else found.filter(asked_by=user)


def clip_for(user: User, transcript: Transcript, pk: uuid.UUID) -> Clip:
    """One of them. Raises Http404."""
    found = clips_of(user, transcript).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def some_wait(user: User, transcript: Transcript) -> bool:
    """Whether one of them is still to be cut."""
    return clips_of(user, transcript).filter(state=ClipState.WAITING).exists()


def seconds_of(clip: Clip) -> str:
    """When the words of a clip were said, as the player writes it: 0:04–0:09."""
    return f"{clock(round(clip.start + BREATH, 2))}–{clock(round(clip.end - BREATH, 2))}"


def file_for(user: User, clip: Clip) -> FieldFile | None:
    """The clip's file, if this person may have it now: what is hidden from them must be hidden in it."""
    if clip.state != ClipState.READY or clearance_of(user, clip.transcript) < clip.clearance or not is_current(clip):
        return None
    return clip.file if clip.file.storage.exists(str(clip.file.name)) else None


def delete(clip: Clip) -> None:
    """Delete a clip and its file."""
    name = str(clip.file.name or "")
    clip.delete()
    if name:
        default_storage.delete(name)


def delete_old() -> None:
    """Delete the clips whose time is over."""
    for clip in Clip.objects.filter(asked_at__lt=timezone.now() - KEPT):
        delete(clip)
