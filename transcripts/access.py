"""Who may read the record of a hearing, hear it and find it by search.

Whoever may view the case may, with one exception: somebody whose only part in the case is to mediate it. A mediator
works from what the parties tell them, and is kept from the record as the judge is kept from the mediation.
"""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from court.accounts.access import sign_in_first
from court.accounts.models import Office, User
from court.cases.access import cases_for, may
from court.cases.models import Appointment, Case, Party, Role

from .models import Clearance, Transcript, TranscriptState

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def readable_cases(user: User | AnonymousUser) -> QuerySet[Case]:
    """The cases whose record this person may read."""
    cases = cases_for(user, can="view_case")
    if not isinstance(user, User) or user.office == Office.CLERK:
        return cases
    parts = Appointment.objects.filter(user=user)
    mediated = parts.filter(role=Role.MEDIATOR)
    if not mediated.exists():
        return cases
    otherwise = Q(pk__in=parts.exclude(role=Role.MEDIATOR).values("case"))
    otherwise |= Q(pk__in=Party.objects.filter(user=user).values("case"))
    return cases.exclude(Q(pk__in=mediated.values("case")) & ~otherwise)


def may_read(user: User | AnonymousUser, case: Case) -> bool:
    """Tell whether this person may read the record of a case that was fetched for them already."""
    return readable_cases(user).filter(pk=case.pk).exists()


def released() -> QuerySet[Transcript]:
    """The transcripts that anybody may read by now, without what is redacted. Never one of a sealed case."""
    return Transcript.objects.filter(release_at__lte=timezone.now(), case__sealed=False, state=TranscriptState.READY)


def transcripts_for(user: User | AnonymousUser) -> QuerySet[Transcript]:
    """The transcripts this person may read: of their cases, and those released to everybody."""
    return Transcript.objects.filter(Q(case__in=readable_cases(user)) | Q(pk__in=released()))


def clearance_of(user: User | AnonymousUser, transcript: Transcript) -> Clearance:
    """How much of a transcript that was fetched for this person they may have.

    The court is whoever decides or manages the case; whoever else may read the case's record is one of its people;
    everybody else is the public.
    """
    if may_edit(user, transcript):
        return Clearance.COURT
    return Clearance.PARTY if may_read(user, transcript.case) else Clearance.PUBLIC


def may_edit(user: User | AnonymousUser, transcript: Transcript) -> bool:
    """Tell whether this person may correct, redact and certify the record: the clerks and the judge of the case."""
    return isinstance(user, User) and (
        may(user, transcript.case, "manage_case") or may(user, transcript.case, "decide_case")
    )


def readers(view: Callable[Concatenate[Any, int, P], Answer]) -> Callable[Concatenate[HttpRequest, int, P], Answer]:
    """Let a view of the transcript ``number`` be asked by whoever is signed in; once it is released, by anybody."""

    @functools.wraps(view)
    def asked(request: HttpRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> Any:
        if not isinstance(request.user, User) and not released().filter(pk=number).exists():
            return sign_in_first(request)
        return view(request, number, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, int, P], Answer]", asked)


def may_ask_redaction(user: User | AnonymousUser, transcript: Transcript) -> bool:
    """Tell whether this person may ask for words to be hidden: the parties and those who act for them."""
    return may(user, transcript.case, "file_in_case") and may_read(user, transcript.case)


def transcript_for(user: User | AnonymousUser, number: int) -> Transcript:
    """The transcript with this number. Raises Http404 unless the person may read it."""
    transcript = (
        transcripts_for(user)
        .select_related("recording", "hearing__judge", "hearing__room", "case")
        .filter(pk=number)
        .first()
    )
    if transcript is None:
        raise Http404
    return transcript
