"""What the record shows on the case page, and how its docket entries read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.accounts.models import User
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Section, section

from .access import may_read
from .models import Transcript

sentences(
    transcript_ready=gettext_lazy("The machine transcript of the hearing is ready."),
    transcript_again=gettext_lazy("The recording of the hearing was sent to be transcribed again."),
    transcript_checked=gettext_lazy("A checked version of the transcript was kept (version %(version)s)."),
    transcript_adopted=gettext_lazy("Version %(version)s was taken as the text of the transcript."),
    transcript_stopped=gettext_lazy("The transcription of the hearing was stopped."),
    recording_imported=gettext_lazy("A recording of a hearing was added to the case."),
)


@section(60)
def transcripts(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The transcripts of the case, newest first; nothing where no hearing was recorded."""
    if "view_case" not in may or not may_read(user, case):
        return None
    found = list(Transcript.objects.filter(case=case).select_related("hearing", "recording").order_by("-created_at"))
    if not found:
        return None
    return Section("transcripts", _("Transcripts"), "transcripts/section.html", {"transcripts": found})
