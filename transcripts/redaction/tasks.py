"""Background work of redaction: sound and pictures without what is hidden, and the alarm."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from court.cases.models import Case
from court.work.models import Job, State
from court.work.services import Cancelled, GiveUp, Lease, again, enqueue, sweep, work

from .. import engines, leaks, renditions
from ..models import LIVE, Redaction, RedactionState, Transcript
from . import following
from .listening import listen

NIGHTLY = timedelta(hours=24)


@work("render_hidden", attempts=4)
def render_hidden(lease: Lease, *, transcript: int) -> None:
    """Make the sound and pictures for those who may not have all, and put away those of other days."""
    found = Transcript.objects.get(pk=transcript)
    if renditions.make(found, goes_on=lease.renew):
        again(enqueue("listen_to_hidden", key=str(transcript), transcript=transcript))


@work("listen_to_hidden", attempts=3)
def listen_to_hidden(lease: Lease, *, transcript: int) -> None:
    """Listen whether hidden words can be heard in what was made without them."""
    try:
        listen(Transcript.objects.get(pk=transcript), goes_on=lease.renew)
    except engines.ModelMissing as fault:
        raise GiveUp(str(fault)) from fault
    except engines.Cancelled as stopped:
        raise Cancelled from stopped


@work("look_for_leaks", attempts=3)
def look_for_leaks(lease: Lease, *, case: int) -> None:
    """Look for hidden words that still stand somewhere in a case."""
    found = Case.objects.get(pk=case)
    for transcript in Transcript.objects.filter(case=found, redactions__state__in=LIVE).distinct():
        with transaction.atomic():
            following.catch_up(transcript)
    leaks.look(found, goes_on=lease.renew)


@sweep
def render_what_is_missing() -> None:
    """Find renditions nobody queued: the recording's sound was mixed anew, or a worker died."""
    for transcript in renditions.to_be_looked_at():
        if renditions.overlooked(transcript):
            renditions.queue(transcript)


@sweep
def look_every_night() -> None:
    """Look through every case with something hidden that was not looked through for a day."""
    live = Redaction.objects.filter(transcript__case=OuterRef("pk"), state=RedactionState.APPLIED)
    looked = dict(
        Job.objects.filter(
            name="look_for_leaks", state=State.DONE, finished_at__gt=timezone.now() - NIGHTLY
        ).values_list("key", "pk")
    )
    for case in Case.objects.filter(Exists(live)).values_list("pk", flat=True).iterator():
        if f"look_for_leaks:{case}" not in looked:
            leaks.queue(case)
