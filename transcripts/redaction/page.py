"""How redactions read in the docket, and what they ask of the court on its home page."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from court.accounts.models import User
from court.cases.access import cases_for
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Duty, duties
from court.wording import write_when

from ..models import Leak, Redaction, RedactionState, Transcript
from .releasing import explained, limit_of

AT_MOST = 50  # transcripts that one person is reminded of at a time


def _released(details: dict[str, object]) -> str:
    moment = write_when(datetime.fromisoformat(str(details["at"])))
    return _("The transcript is public from %(when)s on, without what is hidden.") % {"when": moment}


sentences(
    redaction_asked=gettext_lazy("A redaction of the transcript was asked for."),
    redaction_applied=gettext_lazy("Words of the transcript were hidden from the public."),
    redaction_sealed=gettext_lazy("A part of the transcript was sealed."),
    redaction_refused=gettext_lazy("A redaction of the transcript was refused."),
    redaction_withdrawn=gettext_lazy("A request for a redaction of the transcript was withdrawn."),
    redaction_lifted=gettext_lazy("Hidden words of the transcript are shown again."),
    leak_settled=gettext_lazy("A place where hidden words stood was settled."),
    transcript_release=_released,
    transcript_release_withdrawn=gettext_lazy("The public release of the transcript was withdrawn."),
)


@duties
def decide_redactions(user: User, case: Case | None) -> Iterable[Duty]:
    """Who keeps the record decides what was asked for, and sees to hidden words that still stand somewhere."""
    kept = cases_for(user, can=("manage_case", "decide_case")).order_by()
    found = Transcript.objects.filter(case__in=kept.values("pk"))
    if case is not None:
        found = found.filter(case=case)
    asked = Redaction.objects.filter(transcript=OuterRef("pk"), state=RedactionState.ASKED)
    for transcript in found.filter(Exists(asked)).select_related("case").order_by("ready_at")[:AT_MOST]:
        limit = limit_of(transcript, "redaction-decision")
        yield Duty(
            _("Decide on a redaction of the transcript"),
            reverse("redactions", args=[transcript.pk]),
            case=transcript.case,
            action=_("Decide"),
            due_at=limit.due_at if limit else None,
            rule=explained(limit),
        )
    leaks = Leak.objects.filter(redaction__transcript=OuterRef("pk"), settled_at=None)
    for transcript in found.filter(Exists(leaks)).select_related("case").order_by("ready_at")[:AT_MOST]:
        number = Leak.objects.filter(redaction__transcript=transcript, settled_at=None).count()
        yield Duty(
            ngettext(
                "Hidden words still stand in %(number)d place", "Hidden words still stand in %(number)d places", number
            )
            % {"number": number},
            reverse("redactions", args=[transcript.pk]) + "#leaks",
            case=transcript.case,
            action=_("See to it"),
        )
