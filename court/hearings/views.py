"""Pages of hearings."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.accounts.models import Office, User
from court.cases.models import Case, Role
from court.cases.services import NotNow
from court.evidence.drawing import page_file
from court.evidence.models import Kind
from court.evidence.ranges import ranged
from court.wording import write_when

from . import presenting, queries, services
from .access import case_to_list, hearing_for
from .calendar import PUBLISH
from .diary import InThePast, Taken, Wanted, free_slots
from .forms import CancelForm, ListingForm, NoteForm, PresentForm, TimeForm
from .letters import Addressee, hearing_calendar
from .models import Hearing, HearingState

PER_PAGE = 20
TAKEN = {
    "leader": gettext_lazy("The judge sits in another hearing at this time."),
    "case": gettext_lazy("This case has another sitting at this time."),
    "people": gettext_lazy("One of the people who must attend is not free at this time."),
}


def refuse_time(form: TimeForm, fault: Taken | InThePast, *, leader: str = "") -> None:
    """Say at the field why the time cannot be had. ``leader``: words for when the one who leads it is taken."""
    if isinstance(fault, InThePast):
        form.add_error("date", ValidationError(_("This time has gone by. Choose a later one."), code="past"))
        return
    words = leader if leader and fault.whom == "leader" else str(TAKEN[fault.whom])
    form.add_error("time", ValidationError(words, code="taken"))


def slots_after(form: TimeForm, wanted: Wanted, *, but: str = "") -> list[dict[str, str]]:
    """Free times to offer beside a time that cannot be had: its value for the button, and its words."""
    if not form.wants_slots or "minutes" not in form.cleaned_data:
        return []
    after = form.cleaned_data.get("starts_at") or timezone.now()
    return [
        {"value": f"{timezone.localtime(slot):%Y-%m-%dT%H:%M}", "words": write_when(slot)}
        for slot in free_slots(wanted, form.cleaned_data["minutes"], after=after, but=but)
    ]


def with_slot(request: HttpRequest) -> Any:
    """What was posted, with the free time that was chosen instead of the one typed."""
    posted = request.POST.copy()
    day, _t, clock = posted.get("slot", "").partition("T")
    if day and clock:
        posted["date"], posted["time"] = day, clock
    return posted


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hearing_new(request: PersonRequest, number: str) -> HttpResponse:
    """List a hearing."""
    case = case_to_list(request.user, number)
    if request.method == "POST":
        form = ListingForm(with_slot(request), case=case)
        if form.is_valid() and (hearing := _list(request, case, form)):
            messages.success(request, _("The hearing is listed. Everybody gets a letter with a calendar file."))
            if words := queries.short_notice(hearing):
                messages.warning(request, words)
            return redirect("hearing", number=hearing.pk)
    else:
        form = ListingForm(case=case, initial={"judge": _first_judge(request.user, case)})
    slots: list[dict[str, str]] = []
    if judge := getattr(form, "cleaned_data", {}).get("judge"):
        slots = slots_after(form, services.wanted_for(case, judge, _guests(form)))
    return render(
        request,
        "hearings/new.html",
        {"case": case, "form": form, "slots": slots, "possible": queries.can_list(case)},
        status=400 if form.errors else 200,
    )


def _guests(form: ListingForm) -> list[services.Guest]:
    return form.guests if not {"interpreters", "witnesses", "observers"} & set(form.errors) else []


def _first_judge(user: User, case: Case) -> User | None:
    if user.office == Office.JUDGE:
        return user
    appointment = case.appointments.filter(role=Role.JUDGE).select_related("user").order_by("-since").first()
    return appointment.user if appointment else None


def _list(request: PersonRequest, case: Case, form: ListingForm) -> Hearing | None:
    try:
        return services.list_hearing(
            case,
            judge=form.cleaned_data["judge"],
            starts_at=form.cleaned_data["starts_at"],
            minutes=form.cleaned_data["minutes"],
            guests=form.guests,
            by=request.user,
        )
    except (Taken, InThePast) as fault:
        refuse_time(form, fault)
    except NotNow:
        form.add_error(None, _("A hearing cannot be listed where the case stands now. Look at the case page."))
    return None


@require_safe
@signed_in
def hearings(request: PersonRequest) -> HttpResponse:
    """The hearings to come, or those gone by, day by day."""
    past = request.GET.get("show") == "past"
    page = Paginator(queries.listed(request.user, past=past), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "hearings/list.html", {"page": page, "days": queries.by_day(page), "past": past})


@require_safe
@signed_in
def hearing(request: PersonRequest, number: int) -> HttpResponse:
    """One hearing: when, who, how to prepare, the way in."""
    return _page(request, hearing_for(request.user, number), NoteForm())


def _page(request: PersonRequest, hearing: Hearing, form: NoteForm, status: int = 200) -> HttpResponse:
    return render(
        request, "hearings/hearing.html", {**queries.shown(hearing, request.user), "form": form}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hearing_move(request: PersonRequest, number: int) -> HttpResponse:
    """Move a hearing to another time."""
    hearing = hearing_for(request.user, number, to_run=True)
    local = timezone.localtime(hearing.starts_at, timezone.get_default_timezone())
    initial = {"date": local.date(), "time": local.time(), "minutes": hearing.minutes}
    if hearing.state != HearingState.LISTED:
        return _too_late(request, hearing)
    if request.method == "POST":
        form = TimeForm(with_slot(request))
        if form.is_valid():
            try:
                services.move_hearing(
                    hearing,
                    starts_at=form.cleaned_data["starts_at"],
                    minutes=form.cleaned_data["minutes"],
                    by=request.user,
                )
            except (Taken, InThePast) as fault:
                refuse_time(form, fault)
            except services.TooLate:
                return _too_late(request, hearing)
            else:
                messages.success(request, _("The hearing was moved. Everybody gets a letter with the new time."))
                return redirect("hearing", number=hearing.pk)
    else:
        form = TimeForm(initial=initial)
    slots = slots_after(form, services.wanted_again(hearing), but=f"hearing:{hearing.pk}") if form.is_bound else []
    context = {"hearing": hearing, "form": form, "slots": slots}
    return render(request, "hearings/move.html", context, status=400 if form.errors else 200)


def _too_late(request: HttpRequest, hearing: Hearing) -> HttpResponse:
    messages.error(request, _("The hearing has begun, has ended or was changed by somebody else. See how it stands."))
    return redirect("hearing", number=hearing.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hearing_cancel(request: PersonRequest, number: int) -> HttpResponse:
    """Cancel a hearing, with the reason."""
    hearing = hearing_for(request.user, number, to_run=True)
    if hearing.state != HearingState.LISTED:
        return _too_late(request, hearing)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_hearing(hearing, reason=form.cleaned_data["reason"], by=request.user)
        except (services.TooLate, NotNow):
            return _too_late(request, hearing)
        messages.success(request, _("The hearing is cancelled. Everybody gets a letter."))
        return redirect("hearing", number=hearing.pk)
    context = {"hearing": hearing, "form": form}
    return render(request, "hearings/cancel.html", context, status=400 if form.errors else 200)


@require_POST
@signed_in
def hearing_note(request: PersonRequest, number: int) -> HttpResponse:
    """Write a log note at this moment."""
    hearing = hearing_for(request.user, number, to_run=True)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, hearing, form, status=400)
    services.note(hearing, form.cleaned_data["text"], by=request.user)
    return redirect(f"{request.path.removesuffix('notes/')}#notes")


@require_safe
@signed_in
def hearing_ics(request: PersonRequest, number: int) -> HttpResponse:
    """The hearing as a calendar file."""
    hearing = hearing_for(request.user, number)
    user = request.user
    seated = hearing.room.seats.filter(user=user, removed_at=None).exists()
    addressee = Addressee(user.get_full_name(), user.email, user.language, seated)
    method = "CANCEL" if hearing.state == HearingState.CANCELLED else PUBLISH
    answer = HttpResponse(hearing_calendar(hearing, addressee=addressee, method=method), content_type="text/calendar")
    day: datetime = timezone.localtime(hearing.starts_at)
    answer["Content-Disposition"] = f'attachment; filename="hearing-{hearing.case.label}-{day:%Y-%m-%d}.ics"'
    return answer


@require_POST
@signed_in
def hearing_present(request: PersonRequest, number: int) -> HttpResponse:
    """Show an exhibit to everybody in the hearing."""
    hearing = hearing_for(request.user, number)
    if not presenting.presentable(request.user, hearing).exists():
        raise Http404
    form = PresentForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"message": words}, status=400)
    exhibit = presenting.exhibit_to_present(request.user, hearing, form.cleaned_data["exhibit"])
    try:
        shown = presenting.present(hearing, exhibit, form.cleaned_data["page"], by=request.user)
    except presenting.NotNow:
        if hearing.state == HearingState.LIVE:
            return JsonResponse({"message": _("This exhibit has no such page.")}, status=400)
        return JsonResponse({"message": _("Exhibits can be shown while the hearing is in session.")}, status=409)
    return JsonResponse({"message": _("Everybody sees exhibit %(label)s now.") % {"label": shown.exhibit.label}})


@require_POST
@signed_in
def hearing_put_away(request: PersonRequest, number: int, presentation: int) -> HttpResponse:
    """Put away what is shown."""
    shown = presenting.presentation_for(request.user, number, presentation)
    if not presenting.may_put_away(request.user, shown):
        raise Http404
    presenting.put_away(shown, by=request.user)
    return JsonResponse({"message": _("The exhibit was put away.")})


@require_safe
@signed_in
def presented(request: PersonRequest, number: int, presentation: int) -> HttpResponseBase:
    """What is shown, for everybody in the hearing, while it is shown: the page of a document, or the file itself."""
    shown = presenting.presentation_for(request.user, number, presentation)
    exhibit = shown.exhibit
    if exhibit.kind == Kind.PDF:
        path = page_file(exhibit, shown.page or 1)
        if path is None:
            raise Http404
        return ranged(request, path, media_type="image/png", inline=True)
    if not exhibit.file.storage.exists(str(exhibit.file.name)):
        raise Http404
    return ranged(request, exhibit.file, media_type=exhibit.media_type, inline=True)
