"""Pages of written records: adding one, following its comparison, going through the differences."""

import logging
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in
from court.evidence.ranges import ranged
from court.evidence.receiving import incoming
from court.wording import write_when

from ..models import Clearance, Decision, Discrepancy, Transcript, WrittenRecord, WrittenState
from ..reading import Length
from ..text import lines_of
from ..written import page, services
from ..written.access import transcript_to_compare, written_record_for, written_records
from ..written.forms import PROBLEMS, DecisionForm, WrittenForm
from ..written.lanes import Lanes, unfound
from .reading import SPEEDS

log = logging.getLogger(__name__)

MEDIA_TYPES = {
    "txt": "text/plain",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def records(request: PersonRequest, number: int) -> HttpResponse:
    """The written records of a transcript, and a form to add one."""
    transcript = transcript_to_compare(request.user, number)
    if request.method != "POST":
        return _records(request, transcript, WrittenForm())
    form = WrittenForm(request.POST, request.FILES)
    if not form.is_valid():
        return _records(request, transcript, form, status=400)
    file = form.cleaned_data["file"]
    try:
        document = _opened(file) if file else services.typed(form.cleaned_data["text"])
    except services.Refused as fault:
        log.info("A written record was refused: %s", fault.problem)
        form.add_error("file" if file else "text", str(PROBLEMS[fault.problem]))
        return _records(request, transcript, form, status=400)
    written = services.add_record(
        transcript,
        document,
        title=form.cleaned_data["title"],
        language=form.cleaned_data["language"],
        by=request.user,
        file=file or None,
    )
    messages.success(request, _("The written record was added and is being compared with the sound."))
    return redirect("written_record", number, written.pk)


def _opened(file: UploadedFile) -> services.Document:
    """The text of an uploaded file, which is laid on disk for the cage to read and removed again."""
    with tempfile.NamedTemporaryFile(dir=incoming()) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return services.opened(Path(kept.name))


def _records(request: PersonRequest, transcript: Transcript, form: WrittenForm, status: int = 200) -> HttpResponse:
    found = [(one, page.summary(one)) for one in written_records(transcript).defer("text", "alignment")]
    context = {"transcript": transcript, "case": transcript.case, "records": found, "form": form}
    return render(request, "transcripts/written_records.html", context, status=status)


@require_safe
@signed_in
def record(request: PersonRequest, number: int, record: int) -> HttpResponse:
    """The record beside what was heard, and the differences one after the other."""
    return _record(request, written_record_for(request.user, number, record))


def _record(
    request: PersonRequest, written: WrittenRecord, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    transcript = written.transcript
    found = list(Discrepancy.objects.filter(written=written).select_related("decided_by"))
    for one in found:
        one.written = written
    asked = page.Filter.read(request.GET.dict())
    listed = [page.shown(one) for one in found if asked.takes(one)]
    lines = lines_of(transcript, clearance=Clearance.COURT) if written.alignment else []
    lanes = Lanes(written, found, lines)
    part = min(_whole(request.GET.get("part")), lanes.parts)
    wanted = request.GET.get("d", "")
    chosen = next((one for one in listed if str(one.number) == wanted), None)
    if chosen is None and part:
        chosen = next((one for one in listed if lanes.part_of(one.one.char_start) == part), None)
    elif chosen is None:
        chosen = next((one for one in listed if not one.decided), listed[0] if listed else None)
    part = part or (lanes.part_of(chosen.one.char_start) if chosen else 1)
    at = listed.index(chosen) if chosen else 0
    screen = at // page.PER_PAGE * page.PER_PAGE
    seconds = max(transcript.sound_seconds or 0.0, max((line.end for line in lines), default=0.0))
    context: dict[str, Any] = {
        "transcript": transcript,
        "case": transcript.case,
        "written": written,
        "making": written.state in (WrittenState.WAITING, WrittenState.RUNNING),
        "share": services.progress_of(written),
        "lanes": lanes.html(part) if written.alignment else "",
        "part": part,
        "parts": lanes.parts,
        "unfound": unfound(written),
        "listed": listed[screen : screen + page.PER_PAGE],
        "earlier": listed[screen - 1] if screen else None,
        "later": listed[screen + page.PER_PAGE] if screen + page.PER_PAGE < len(listed) else None,
        "all_listed": len(listed),
        "chosen": chosen,
        "before": listed[at - 1] if chosen and at else None,
        "after": listed[at + 1] if chosen and at + 1 < len(listed) else None,
        "kinds": page.kinds_of(found),
        "asked": asked,
        "summary": page.summary(written),
        "aside": sum(one.set_aside for one in found),
        "decisions": [(value, label) for value, label in Decision.choices if value != Decision.OPEN],
        "form": form,
        "reading": Length(seconds),
        "speeds": SPEEDS,
    }
    return render(request, "transcripts/written_record.html", context, status=status)


@require_safe
@signed_in
def file(request: PersonRequest, number: int, record: int) -> HttpResponseBase:
    """The document a record was read from, as it was given; never shown by the browser itself."""
    written = written_record_for(request.user, number, record)
    if not written.file or not written.file.storage.exists(str(written.file.name)):
        raise Http404
    # What it is, not what it was called: a page renamed to .txt stays a text.
    name = f"{written.transcript.case.label}-written-{written.pk}.{written.file_kind}"
    media_type = MEDIA_TYPES.get(written.file_kind, "application/octet-stream")
    return ranged(request, written.file, media_type=media_type, filename=name)


def _whole(typed: str | None) -> int:
    """A number from an address; 0 for none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


@require_GET
@never_cache
@signed_in
def progress(request: PersonRequest, number: int, record: int) -> JsonResponse:
    """How far a comparison is, for the page that waits for it."""
    written = written_record_for(request.user, number, record)
    return JsonResponse({"state": written.state, "share": round(services.progress_of(written), 3)})


@require_POST
@signed_in
def again(request: PersonRequest, number: int, record: int) -> HttpResponse:
    """Compare once more, with the transcript as it stands now."""
    written = written_record_for(request.user, number, record)
    if services.compare_again(written, by=request.user):
        messages.success(request, _("The record is being compared again."))
    else:
        messages.info(request, _("The record is being compared already."))
    return redirect("written_record", number, record)


@require_POST
@signed_in
def stop(request: PersonRequest, number: int, record: int) -> HttpResponse:
    """Stop a comparison."""
    written = written_record_for(request.user, number, record)
    if services.stop_comparing(written, by=request.user):
        messages.success(request, _("The comparison was stopped."))
    else:
        messages.info(request, _("There is no comparison to stop."))
    return redirect("written_record", number, record)


@require_POST
@signed_in
def decide(request: PersonRequest, number: int, record: int, difference: int) -> HttpResponse:
    """Decide one difference; ``difference`` is its number on the page."""
    written = written_record_for(request.user, number, record)
    found = Discrepancy.objects.filter(written=written, position=difference - 1).first()
    if found is None:
        raise Http404
    found.written = written
    quick = request.headers.get("accept", "").startswith("application/json")
    form = DecisionForm(request.POST)
    if not form.is_valid():
        if quick:
            return JsonResponse({"error": _("Choose what is right.")}, status=400)
        messages.error(request, _("Choose what is right."))
        return _record(request, written, form, status=400)
    told = form.cleaned_data
    try:
        found = services.decide(
            found, Decision(told["decision"]), note=told["note"], seen=told["seen"], by=request.user
        )
    except services.TooLate:
        words = _("Somebody else has decided this meanwhile. Look at it again.")
        if quick:
            return JsonResponse({"error": words}, status=409)
        messages.error(request, words)
        return redirect(f"{reverse('written_record', args=[number, record])}?d={difference}#d{difference}")
    asked = page.Filter.read(request.GET.dict())
    if quick:
        return JsonResponse(_answer(found, written))
    later = [
        one.position + 1
        for one in Discrepancy.objects.filter(written=written, position__gt=found.position, decision=Decision.OPEN)
        if asked.takes(one)
    ]
    onward = later[0] if later else difference
    return redirect(f"{reverse('written_record', args=[number, record])}?d={onward}{asked.query}#d{onward}")


def _answer(found: Discrepancy, written: WrittenRecord) -> dict[str, Any]:
    """What the page shows of a decision."""
    by = ""
    if found.decided_by and found.decided_at:
        by = _("%(name)s, %(when)s") % {"name": found.decided_by.name, "when": write_when(found.decided_at)}
    return {
        "decision": found.decision,
        "words": str(Decision(found.decision).label),
        "by": by,
        "note": found.note,
        "open": page.summary(written)["open"],
    }
