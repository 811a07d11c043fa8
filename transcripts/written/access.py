"""Who sees written records: the court alone.

A written record may hold words that are hidden in the transcript, and nothing hides them there. So it is the clerks'
and the judge's working paper; the parties read the transcript it helps to correct.
"""

from django.db.models import QuerySet
from django.http import Http404

from court.accounts.models import User
from transcripts.access import may_edit, transcript_for
from transcripts.models import Transcript, WrittenRecord


def transcript_to_compare(user: User, number: int) -> Transcript:
    """The transcript, or Http404 unless this person keeps its record."""
    transcript = transcript_for(user, number)
    if not may_edit(user, transcript):
        raise Http404
    return transcript


def written_records(transcript: Transcript) -> QuerySet[WrittenRecord]:
    """The written records of a transcript that was fetched to be compared."""
    return WrittenRecord.objects.filter(transcript=transcript).select_related("added_by")


def written_record_for(user: User, number: int, record: int) -> WrittenRecord:
    """One written record of a transcript, or Http404 unless this person keeps its record."""
    transcript = transcript_to_compare(user, number)
    found = written_records(transcript).filter(pk=record).first()
    if found is None:
        raise Http404
    found.transcript = transcript
    return found
