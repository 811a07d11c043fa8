"""Who may read the record of a hearing, hear it and find it by search.

Whoever may view the case may, with one exception: somebody whose only part in the case is to mediate it. A mediator
works from what the parties tell them, and is kept from the record as the judge is kept from the mediation.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from court.accounts.access import sign_in_first
from court.accounts.models import Office, User
from court.cases.access import allowed, may
from court.cases.models import Appointment, Case, Party, Role

from .models import Clearance, Transcript, TranscriptState

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def _readable(user: User, *, case: str = "") -> Q:
    """What is true of the cases whose record an active person may read; ``case`` as in ``cases.access.allowed``."""
    there = allowed(user, "view_case", case=case)
    if user.office == Office.CLERK:
        return there
    parts = Appointment.objects.filter(user=user)
    otherwise = Q((f"{case}pk__in", parts.exclude(role=Role.MEDIATOR).values("case")))
    otherwise |= Q((f"{case}pk__in", Party.objects.filter(user=user).values("case")))
    return there & (~Q((f"{case}pk__in", parts.filter(role=Role.MEDIATOR).values("case"))) | otherwise)


def readable_cases(user: User | AnonymousUser) -> QuerySet[Case]:
    """The cases whose record this person may read."""
    if not isinstance(user, User) or not user.is_active:
        return Case.objects.none()
    return Case.objects.filter(_readable(user))


def may_read(user: User | AnonymousUser, case: Case) -> bool:
    """Tell whether this person may read the record of a case that was fetched for them already."""
    return readable_cases(user).filter(pk=case.pk).exists()


def _released(at: datetime | None = None) -> Q:
    # Not by a join: the cases are then looked up for what was released alone.
    unsealed = Exists(Case.objects.filter(pk=OuterRef("case_id"), sealed=False))
    return Q(release_at__lte=at or timezone.now(), state=TranscriptState.READY) & Q(unsealed)


def released() -> QuerySet[Transcript]:
    """The transcripts that anybody may read by now, without what is redacted. Never one of a sealed case."""
    return Transcript.objects.filter(_released())


def transcripts_for(user: User | AnonymousUser, *, at: datetime | None = None) -> QuerySet[Transcript]:
    """The transcripts this person may read: of their cases, and those released to everybody (``at`` a moment; now)."""
    if not isinstance(user, User) or not user.is_active:
        return Transcript.objects.filter(_released(at))
    return Transcript.objects.filter(_readable(user, case="case__") | _released(at))


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
    return may(user, transcript.case, "manage_case", "decide_case")


def readers(view: Callable[Concatenate[Any, int, P], Answer]) -> Callable[Concatenate[HttpRequest, int, P], Answer]:
    """Let a view of the transcript ``number`` be asked by whoever is signed in; once it is released, by anybody."""

    @functools.wraps(view)
    def asked(request: HttpRequest, number: int, *args: P.args, **kwargs: P.kwargs) -> Any:
        if not isinstance(request.user, User) and not released().filter(pk=number).exists():
            return sign_in_first(request)
        return view(request, number, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, int, P], Answer]", asked)


def may_ask(user: User | AnonymousUser, transcript: Transcript) -> bool:
    """Tell whether this person may ask for words to be hidden or corrected: the parties and those who act for them."""
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
