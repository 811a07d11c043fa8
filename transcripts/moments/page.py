"""From an exhibit back to the moments in which it was shown."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from court.accounts.models import User
from court.evidence.models import Exhibit
from court.evidence.page import Mention, mentions
from court.hearings.models import Presentation
from court.wording import write_when
from transcripts import renditions
from transcripts.access import clearance_of, transcripts_for
from transcripts.models import Clearance, TranscriptState
from transcripts.reading import clock

from .timeline import second_of


@mentions
def shown_in_hearings(exhibit: Exhibit, user: User) -> Iterable[Mention]:
    """When it was shown, with a way to the words that were said then, for those who may read the record."""
    found = transcripts_for(user).filter(case=exhibit.case_id, state=TranscriptState.READY)
    for transcript in found.select_related("recording", "case").order_by("recording__started_at"):
        clearance = clearance_of(user, transcript)
        if clearance < Clearance.PARTY:
            continue
        hidden = renditions.cuts(transcript, clearance)
        for shown in Presentation.objects.filter(hearing=transcript.hearing_id, exhibit=exhibit).order_by("at"):
            second = second_of(transcript, shown.at)
            if second is None or any(start <= second <= end for start, end in hidden):
                continue
            told = {"time": clock(second), "day": write_when(transcript.recording.started_at, style="day")}
            words = _("Shown in the hearing of %(day)s at %(time)s") % told
            if shown.page:
                words = _("Page %(page)s shown in the hearing of %(day)s at %(time)s") % {**told, "page": shown.page}
            yield Mention(words, f"{reverse('transcript', args=[transcript.pk])}?t={second:.2f}")
