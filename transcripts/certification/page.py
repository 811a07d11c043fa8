"""How errata, certificates and signatures read in the docket, and what they ask of people on their home page."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from court.accounts.models import User
from court.cases.access import cases_for
from court.cases.docket import sentences
from court.cases.models import Case, DocketEntry
from court.cases.page import Duty, duties

from ..models import CorrectionState, RecordSignature, Transcript, TranscriptState
from ..queries import newest_certificate
from .limits import errata_limit, explained, ready_since, signing_limit

AT_MOST = 50  # transcripts one person is reminded of at a time

sentences(
    correction_asked=gettext_lazy("A correction of the transcript was asked for."),
    correction_withdrawn=gettext_lazy("A request to correct the transcript was withdrawn."),
    correction_allowed=gettext_lazy("A correction of the transcript was allowed."),
    correction_refused=gettext_lazy("A correction of the transcript was refused."),
    errata_waived=gettext_lazy("The transcript was checked, and no further correction is asked for."),
    record_certified=gettext_lazy("The record was certified (version %(version)s)."),
    record_signed=gettext_lazy("The certified record was signed."),
    record_signed_objecting=gettext_lazy("The certified record was signed with an objection."),
    record_not_signed=gettext_lazy("The certified record was not signed in time by %(names)s."),
)


@duties
def decide_corrections(user: User, case: Case | None) -> Iterable[Duty]:
    """Who keeps the record decides on the corrections that were asked for."""
    kept = cases_for(user, can=("manage_case", "decide_case")).order_by()
    found = Transcript.objects.filter(corrections__state=CorrectionState.ASKED)
    found = found.filter(case=case) if case else found
    waiting = found.filter(case__in=kept.values("pk")).annotate(
        number=Count("corrections", filter=Q(corrections__state=CorrectionState.ASKED))
    )
    for transcript in waiting.select_related("case").order_by("ready_at")[:AT_MOST]:
        words = ngettext(
            "%(number)d correction of the record waits", "%(number)d corrections of the record wait", transcript.number
        )
        yield Duty(
            words % {"number": transcript.number},
            reverse("errata", args=[transcript.pk]),
            case=transcript.case,
            action=_("Decide"),
        )


@duties
def check_the_record(user: User, case: Case | None) -> Iterable[Duty]:
    """A party checks the transcript in time, and signs what was certified."""
    mine = cases_for(user, can="file_in_case").order_by()
    mine = mine.filter(pk=case.pk) if case else mine
    ready = Transcript.objects.filter(case__in=mine.values("pk"), state=TranscriptState.READY).select_related("case")
    for transcript in ready.order_by("-ready_at")[:AT_MOST]:
        yield from _of_one(user, transcript)


def _of_one(user: User, transcript: Transcript) -> Iterable[Duty]:
    now = timezone.now()
    newest = newest_certificate(transcript)
    if newest is None:
        since = ready_since(transcript)
        limit = errata_limit(transcript, since=since)
        if limit is None or limit.due_at < now:
            return
        waived = DocketEntry.objects.filter(
            case=transcript.case_id,
            kind="errata_waived",
            actor=user,
            at__gte=since,
            details__transcript=transcript.pk,
        )
        if not waived.exists():
            yield Duty(
                _("Check the record of the hearing"),
                reverse("errata", args=[transcript.pk]),
                case=transcript.case,
                action=_("Check"),
                due_at=limit.due_at,
                rule=explained(limit),
            )
        return
    limit = signing_limit(newest)
    if (limit and limit.due_at < now) or RecordSignature.objects.filter(certificate=newest, user=user).exists():
        return
    yield Duty(
        _("Sign the certified record"),
        reverse("certificate_page", args=[transcript.pk]),
        case=transcript.case,
        action=_("Read and sign"),
        due_at=limit.due_at if limit else None,
        rule=explained(limit),
    )
