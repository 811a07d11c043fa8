"""Redaction, sealing and public release of a transcript."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.accounts.models import User
from court.work.models import Job, State

from .. import leaks, renditions
from ..access import clearance_of, may_ask, may_edit, released, transcript_for
from ..extracts import NoSuchPassage, paged
from ..forms import Typed
from ..leak_places import named
from ..models import Clearance, Leak, Level, Transcript
from ..redaction import releasing, services
from ..redaction.forms import DecideForm, HideForm, ReleaseForm, SettleForm
from ..redaction.phrases import hunt_of
from ..redaction.shown import Entry, batches, entries, words_of
from ..redaction.stretches import between_words, hidden_by

PER_PAGE = 20
LISTS = ("page", "leaks", "settled")  # in the address, the page of each list: redactions, leaks, settled leaks


def _transcript(user: User, number: int) -> tuple[Transcript, bool]:
    """The transcript, and whether this person decides; Http404 unless they may at least ask."""
    found = transcript_for(user, number)
    decides = may_edit(user, found)
    if not decides and not may_ask(user, found):
        raise Http404
    return found, decides


def _kept(user: User, number: int) -> Transcript:
    found = transcript_for(user, number)
    if not may_edit(user, found):
        raise Http404
    return found


@require_safe
@signed_in
def redactions(request: PersonRequest, number: int) -> HttpResponse:
    """What is hidden in a transcript, what is asked for, and where hidden words still stand."""
    found, decides = _transcript(request.user, number)
    return render(request, "transcripts/redactions.html", _page(request, found, decides))


def _pages(request: PersonRequest) -> str:
    """Which page of each list the person came from, as the end of an address."""
    asked = {name: request.GET[name] for name in LISTS if request.GET.get(name, "").isdecimal()}
    return f"?{urlencode(asked)}" if asked else ""


def _listed_at(request: PersonRequest, number: int) -> str:
    """The address of the lists, each at that page."""
    return reverse("redactions", args=[number]) + _pages(request)


def _page(
    request: PersonRequest,
    found: Transcript,
    decides: bool,
    *,
    wrong: tuple[Leak, SettleForm] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What the page shows. With a leak that was ``wrong`` settled, the page of the leaks on which it stands."""
    clearance = clearance_of(request.user, found)
    asking, release = releasing.limit_of(found, "redaction"), releasing.limit_of(found, "release")
    day = timezone.localtime(release.due_at, timezone.get_default_timezone()) if release else None
    page = Paginator(batches(found), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "transcript": found,
        "case": found.case,
        "decides": decides,
        "pages": _pages(request),
        "page": page,
        "entries": entries(found, page, request.user, clearance),
        "asking": asking,
        "asking_rule": releasing.explained(asking),
        "release": release,
        "release_rule": releasing.explained(release),
        "release_form": ReleaseForm(initial={"date": day.date(), "time": day.time()} if day else None),
        "obstacles": releasing.obstacles(found) if decides else [],
        "is_public": releasing.is_public(found),
        "looking": releasing.being_looked_at(found),
        "rendering": bool(renditions.missing(found)),
        "listening": Job.objects.filter(key=f"listen_to_hidden:{found.pk}").first() if decides else None,
        "failed_state": State.FAILED,
        **(_leaks(request, found, wrong) if decides else {}),
        **more,
    }


def _leaks(request: PersonRequest, found: Transcript, wrong: tuple[Leak, SettleForm] | None) -> dict[str, Any]:
    every = Leak.objects.filter(redaction__transcript=found).select_related("settled_by", "redaction")
    left = every.filter(settled_at=None).order_by("pk")
    settled = every.exclude(settled_by=None).order_by("-settled_at", "-pk")
    asked = left.filter(pk__lt=wrong[0].pk).count() // PER_PAGE + 1 if wrong else request.GET.get("leaks")
    leaks_page = Paginator(left, PER_PAGE).get_page(asked)
    settled_page = Paginator(settled, PER_PAGE).get_page(request.GET.get("settled"))
    shown = [_leak(leak) for leak in leaks_page]
    for one in shown:
        if wrong and one["leak"] == wrong[0]:
            one["form"] = wrong[1]
    return {
        "leaks_page": leaks_page,
        "leaks": shown,
        "settled_page": settled_page,
        "settled": [_leak(leak) for leak in settled_page],
    }


def _leak(leak: Leak) -> dict[str, Any]:
    return {
        "leak": leak,
        "place": named(leak.place),
        "form": SettleForm(auto_id=f"leak-{leak.pk}-%s"),
        "in_record": leak.place.startswith("transcript|"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def redact(request: PersonRequest, number: int) -> HttpResponse:
    """Ask for words to be hidden; the court hides them at once."""
    found, decides = _transcript(request.user, number)
    more: dict[str, Any] = {"transcript": found, "paged": paged(found) is not None}
    if request.method == "POST":
        form = HideForm(request.POST, **more)
        if form.is_valid():
            try:
                batch = services.hide(
                    found,
                    form.stretches,
                    level=Level(form.cleaned_data["level"]),
                    reason=form.cleaned_data["reason"],
                    page_line=form.page_line,
                    by=request.user,
                    decided=decides,
                )
            except services.HiddenAlready:
                form.add_error(None, _("These words are hidden already."))
            else:
                if decides:
                    messages.success(request, _("Hidden. The sound without these words is being made."))
                else:
                    messages.success(
                        request,
                        _("The court has your request. The words are hidden from the public until it decides."),
                    )
                return redirect("redaction", number, batch)
    else:
        given = {name: request.GET[name] for name in ("first", "last") if request.GET.get(name, "").isdigit()}
        form = HideForm(initial={"level": Level.REDACTED.value, **given}, **more)
    asking = releasing.limit_of(found, "redaction")
    context = {
        "transcript": found,
        "case": found.case,
        "form": form,
        "decides": decides,
        "chosen": _chosen(found, form, clearance_of(request.user, found)),
        "asking": asking,
        "asking_rule": releasing.explained(asking),
        "late": asking is not None and timezone.now() > asking.due_at,
    }
    return render(request, "transcripts/redaction_ask.html", context, status=400 if form.errors else 200)


def _chosen(found: Transcript, form: HideForm, clearance: Clearance) -> list[Any]:
    """The words named in the form by their numbers, to be looked at before they are hidden."""
    try:
        first = int(form["first"].value() or 0)
        last = int(form["last"].value() or first)
        stretches = between_words(found, first, last)
    except (NoSuchPassage, TypeError, ValueError):
        return []
    return words_of(hidden_by(stretches), found, clearance)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def redaction(request: PersonRequest, number: int, batch: uuid.UUID) -> HttpResponse:
    """One redaction: its words, its reasons, the decision."""
    found, decides = _transcript(request.user, number)
    clearance = clearance_of(request.user, found)
    entry = next(iter(entries(found, [batch], request.user, clearance)), None)
    if entry is None:
        raise Http404
    listed_at = _listed_at(request, number)
    form = DecideForm(initial={"level": entry.first.level})
    own = entry.first.asked_by_id == request.user.pk
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb == "withdraw" and own:
            _withdraw(request, entry)
            return redirect(listed_at)
        if not decides:
            raise Http404
        form = DecideForm(request.POST, verb=verb)
        if verb not in ("apply", "refuse", "lift"):
            form.add_error(None, _("Choose what is to be done."))
        elif form.is_valid():
            _decide(request, entry, verb, form)
            return redirect(listed_at)
    context = {
        "transcript": found,
        "case": found.case,
        "entry": entry,
        "pages": _pages(request),
        "decides": decides,
        "own": own,
        "form": form,
        "words": words_of(hidden_by(entry.redactions), found, clearance),
        "common": decides and entry.hides and all(hunt_of(one, found).common for one in entry.redactions if one.words),
    }
    return render(request, "transcripts/redaction.html", context, status=400 if form.errors else 200)


def _withdraw(request: PersonRequest, entry: Entry) -> None:
    try:
        services.withdraw(entry.batch, by=request.user)
    except services.TooLate:
        messages.error(request, _("The court has decided meanwhile. Your request can no longer be withdrawn."))
    else:
        messages.success(request, _("Withdrawn. The words are shown again."))


def _decide(request: PersonRequest, entry: Entry, verb: str, form: DecideForm) -> None:
    answer = form.cleaned_data["answer"]
    try:
        if verb == "apply":
            level = Level(form.cleaned_data["level"] or entry.first.level)
            services.apply(entry.batch, level=level, answer=answer, by=request.user)
            messages.success(request, _("Hidden. The sound without these words is being made."))
        elif verb == "refuse":
            services.refuse(entry.batch, answer=answer, by=request.user)
            messages.success(request, _("Refused. The words are shown again."))
        else:
            services.lift(entry.batch, answer=answer, by=request.user)
            messages.success(request, _("The words are shown again."))
    except services.TooLate:
        messages.error(request, _("Somebody else has decided meanwhile."))


@require_POST
@signed_in
def leak(request: PersonRequest, number: int, pk: int) -> HttpResponse:
    """Settle a place where hidden words stand: hide them there too, or say why they may stay."""
    found = _kept(request.user, number)
    one = Leak.objects.filter(pk=pk, redaction__transcript=found).select_related("redaction__transcript__case").first()
    if one is None:
        raise Http404
    if request.POST.get("verb") == "redact":
        try:
            services.hide_there_too(one, by=request.user)
        except (services.HiddenAlready, NoSuchPassage):
            messages.info(request, _("The words do not stand there any more."))
        else:
            messages.success(request, _("Hidden there too."))
        return redirect(_listed_at(request, number) + "#leaks")
    form = SettleForm(request.POST, auto_id=f"leak-{one.pk}-%s")
    if not form.is_valid():
        context = _page(request, found, True, wrong=(one, form), wrong_form=form)
        return render(request, "transcripts/redactions.html", context, status=400)
    leaks.settle(one, note=form.cleaned_data["note"], by=request.user)
    messages.success(request, _("Settled."))
    return redirect(_listed_at(request, number) + "#leaks")


@require_POST
@signed_in
def release(request: PersonRequest, number: int) -> HttpResponse:
    """Set the day from which anybody may read the transcript, or take it back."""
    found = _kept(request.user, number)
    verb = request.POST.get("verb", "")
    if verb == "withdraw":
        if releasing.withdraw_release(found, by=request.user):
            messages.success(request, _("The release is withdrawn. Only the people of the case read the transcript."))
        return redirect(_listed_at(request, number))
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            releasing.set_release(found, form.moment, by=request.user)
        except releasing.NotReleasable as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("The day of the release is set."))
            return redirect(_listed_at(request, number))
    context = _page(request, found, True, release_form=form, wrong_form=form)
    return render(request, "transcripts/redactions.html", context, status=400)


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """The transcripts that anybody may read, the newest first."""
    typed = str(Typed(required=False, max_length=200).to_python(request.GET.get("q", "")))[:200]
    found = released().select_related("case", "recording").order_by("-recording__started_at", "-pk")
    for word in typed.split()[:10]:
        found = found.filter(Q(case__number__icontains=word) | Q(case__title__icontains=word))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "transcripts/records.html", {"page": page, "typed": typed})
