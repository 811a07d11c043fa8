"""Pages of mediation. To the judge of the case every one of them is not there."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in, wants_page
from court.accounts.models import Office, User
from court.cases.models import Case, Role
from court.cases.services import NotNow
from court.hearings.calendar import CANCEL, PUBLISH
from court.hearings.diary import InThePast, Taken
from court.hearings.views import refuse_time, slots_after, with_slot

from . import caucus, queries, services
from .access import case_to_mediate, session_for, session_to_answer, session_to_mediate, session_to_run
from .forms import AnswerForm, ArrangeForm, CancelForm, OutcomeForm, TimeForm
from .letters import session_calendar
from .models import Answer, Session, SessionState

PER_PAGE = 20
NOT_POSSIBLE = {
    "not_live": gettext_lazy("A private talk is possible while the session is open."),
    "nobody_here": gettext_lazy("Nobody of this side is in the room."),
    "one_at_a_time": gettext_lazy("A private talk is going on already. Close it first."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mediation_new(request: PersonRequest, number: str) -> HttpResponse:
    """Arrange a session."""
    case = case_to_mediate(request.user, number)
    if request.method == "POST":
        form = ArrangeForm(with_slot(request), case=case)
        if form.is_valid() and (session := _arrange(request, case, form)):
            messages.success(
                request, _("The mediation is arranged. The parties are asked by letter whether they agree.")
            )
            return redirect("mediation", number=session.pk)
    else:
        form = ArrangeForm(case=case, initial={"mediator": _first_mediator(request.user, case)})
    mediator = getattr(form, "cleaned_data", {}).get("mediator")
    slots = slots_after(form, services.wanted_for(case, mediator)) if mediator else []
    context = {"case": case, "form": form, "slots": slots, "possible": queries.can_arrange(case)}
    return render(request, "mediation/new.html", context, status=400 if form.errors else 200)


def _first_mediator(user: User, case: Case) -> User | None:
    if user.office == Office.MEDIATOR:
        return user
    appointment = case.appointments.filter(role=Role.MEDIATOR).select_related("user").first()
    return appointment.user if appointment else None


def _arrange(request: PersonRequest, case: Case, form: ArrangeForm) -> Session | None:
    try:
        return services.arrange(
            case,
            mediator=form.cleaned_data["mediator"],
            starts_at=form.cleaned_data["starts_at"],
            minutes=form.cleaned_data["minutes"],
            by=request.user,
        )
    except (Taken, InThePast) as fault:
        refuse_time(form, fault, leader=_("The mediator has another sitting at this time."))
    except services.NotFit:
        form.add_error("mediator", _("This person is the judge of the case, or a party to it."))
    except NotNow:
        form.add_error(None, _("Mediation cannot be arranged where the case stands now. Look at the case page."))
    return None


@require_safe
@signed_in
def mediations(request: PersonRequest) -> HttpResponse:
    """The sessions to come, or those gone by."""
    past = request.GET.get("show") == "past"
    page = Paginator(queries.listed(request.user, past=past), PER_PAGE).get_page(request.GET.get("page"))
    rows = [queries.state_shown(session) for session in page]
    return render(request, "mediation/list.html", {"page": page, "rows": rows, "past": past})


@require_safe
@signed_in
def mediation(request: PersonRequest, number: int) -> HttpResponse:
    """One session: who agreed, the way in, and for the mediator its outcome."""
    return _page(request, session_for(request.user, number))


def _page(request: PersonRequest, session: Session, form: Any = None, status: int = 200) -> HttpResponse:
    context = {**queries.shown(session, request.user), "form": form or OutcomeForm()}
    return render(request, "mediation/session.html", context, status=status)


def _too_late(request: HttpRequest, session: Session) -> HttpResponse:
    messages.error(request, _("The session has begun, has ended or was changed by somebody else. See how it stands."))
    return redirect("mediation", number=session.pk)


@require_POST
@signed_in
def mediation_answer(request: PersonRequest, number: int) -> HttpResponse:
    """A party agrees, declines, or withdraws the agreement."""
    session, party = session_to_answer(request.user, number)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether you agree or decline."))
        return redirect("mediation", number=session.pk)
    try:
        services.answer(session, party, form.cleaned_data["answer"], by=request.user)
    except services.TooLate:
        return _too_late(request, session)
    if form.cleaned_data["answer"] == Answer.AGREED:
        messages.success(request, _("You agreed to mediate. You can change your mind until the session begins."))
    else:
        messages.success(request, _("Your answer is kept. The case goes on as it would have without mediation."))
    return redirect("mediation", number=session.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mediation_move(request: PersonRequest, number: int) -> HttpResponse:
    """Move a session to another time."""
    session = session_to_run(request.user, number)
    if session.state != SessionState.LISTED:
        return _too_late(request, session)
    local = timezone.localtime(session.starts_at, timezone.get_default_timezone())
    form = TimeForm(initial={"date": local.date(), "time": local.time(), "minutes": session.minutes})
    slots: list[dict[str, str]] = []
    if request.method == "POST":
        form = TimeForm(with_slot(request))
        if form.is_valid():
            try:
                services.move_session(
                    session,
                    starts_at=form.cleaned_data["starts_at"],
                    minutes=form.cleaned_data["minutes"],
                    by=request.user,
                )
            except (Taken, InThePast) as fault:
                refuse_time(form, fault, leader=_("The mediator has another sitting at this time."))
            except services.TooLate:
                return _too_late(request, session)
            else:
                messages.success(request, _("The session was moved. Everybody gets a letter with the new time."))
                return redirect("mediation", number=session.pk)
        wanted = services.wanted_for(session.case, session.mediator)
        slots = slots_after(form, wanted, but=f"mediation:{session.pk}")
    context = {"session": session, "form": form, "slots": slots}
    return render(request, "mediation/move.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mediation_cancel(request: PersonRequest, number: int) -> HttpResponse:
    """Cancel a session, with the reason."""
    session = session_to_run(request.user, number)
    if session.state != SessionState.LISTED:
        return _too_late(request, session)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_session(session, reason=form.cleaned_data["reason"], by=request.user)
        except services.TooLate:
            return _too_late(request, session)
        messages.success(request, _("The session is cancelled. Everybody gets a letter."))
        return redirect("mediation", number=session.pk)
    context = {"session": session, "form": form}
    return render(request, "mediation/cancel.html", context, status=400 if form.errors else 200)


@require_POST
@signed_in
def mediation_outcome(request: PersonRequest, number: int) -> HttpResponse:
    """The mediator records what the mediation came to."""
    session = session_to_mediate(request.user, number)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, session, form, status=400)
    try:
        services.record_outcome(session, form.cleaned_data["outcome"], by=request.user)
    except services.TooLate:
        return _too_late(request, session)
    messages.success(request, _("The outcome is recorded. The parties see it in the docket; the judge does not."))
    return redirect("mediation", number=session.pk)


@require_POST
@signed_in
def mediation_caucus(request: PersonRequest, number: int) -> HttpResponse:
    """The mediator opens a private talk with one side (``side``), or closes the one going on (``close``)."""
    session = session_to_mediate(request.user, number)
    if "close" in request.POST:
        going_on = queries.open_caucus_of(session)
        if going_on is not None:
            caucus.close_caucus(going_on)
        return _told(request, session, _("Everybody is called back to the main room."))
    side = next((one for one in queries.sides(session) if str(one.pk) == request.POST.get("side")), None)
    if side is None:
        raise Http404
    try:
        caucus.open_caucus(session, side)
    except caucus.NotPossible as fault:
        return _told(request, session, str(NOT_POSSIBLE[fault.reason]), status=409)
    return _told(request, session, _("The private talk is open."))


def _told(request: PersonRequest, session: Session, words: str, status: int = 200) -> HttpResponse:
    """Tell the room's page as JSON, or anybody else by the page of the session."""
    if not wants_page(request):
        return JsonResponse({"message": words}, status=status)
    if status == 200:
        messages.success(request, words)
    else:
        messages.error(request, words)
    return redirect("mediation", number=session.pk)


@require_safe
@signed_in
def mediation_ics(request: PersonRequest, number: int) -> HttpResponse:
    """The session as a calendar file."""
    session = session_for(request.user, number)
    method = CANCEL if session.state == SessionState.CANCELLED else PUBLISH
    answer = HttpResponse(session_calendar(session, request.user, method=method), content_type="text/calendar")
    day = timezone.localtime(session.starts_at)
    answer["Content-Disposition"] = f'attachment; filename="mediation-{session.case.label}-{day:%Y-%m-%d}.ics"'
    return answer
