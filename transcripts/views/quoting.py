"""Quotations: found by their words' numbers, by time, or by page and line; read as a page or by a program."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest
from court.cases.access import may

from ..access import clearance_of, may_ask, readers, transcript_for
from ..certification import errata
from ..citing import cited_text
from ..earlier import Earlier, now_heard
from ..extracts import NoSuchPassage, TooLong, paged
from ..forms import PassageForm
from ..models import Clearance, Transcript, Version, VersionKind
from ..quoting import Quotation, quotation


@require_safe
@readers
def quote(request: PersonRequest, number: int) -> HttpResponse:
    """A passage quoted, with all that can be done with it; or the form that asks which passage."""
    found = transcript_for(request.user, number)
    clearance = clearance_of(request.user, found)
    asked = bool(set(request.GET) & {"first", "last", "from", "to"})
    form = PassageForm(request.GET if asked else None, transcript=found, paged=paged(found) is not None)
    quoted: Quotation | None = None
    was: Earlier | None = None
    version: Version | None = None
    if asked and form.is_valid():
        try:
            version = _certified(found) if form.cleaned_data.get("by") == "page" else None
            quoted, was = _quoted(found, *form.words(), clearance=clearance, version=version)
        except NoSuchPassage:
            form.add_error(None, _("These words are not in the transcript. It may have been corrected since."))
        except TooLong:
            form.add_error(None, _("This passage is too long to quote. Choose fewer words."))
    status = 400 if asked and quoted is None else 200
    if request.GET.get("format") == "json":
        if quoted is None:
            faults = [str(one) for errors in form.errors.values() for one in errors]
            return JsonResponse({"error": " ".join(faults) or _("Say from where to where.")}, status=400)
        told = quoted.as_json() | {"heard_anew": was is not None}
        if may(request.user, found.case, "decide_case"):
            language = request.GET.get("language", "")
            language = language if language in dict(settings.LANGUAGES) else get_language() or "en"
            told["cited"] = cited_text(found, quoted.passage.first, quoted.passage.last, language=language)
        return JsonResponse(told)
    context = {
        "transcript": found,
        "case": found.case,
        "form": form,
        "quoted": quoted,
        "was": was,
        "version": version,
        "actions": actions(request, quoted) if quoted else "",
    }
    return render(request, "transcripts/quote.html", context, status=status)


def _certified(transcript: Transcript) -> Version | None:
    """The certified version that pages and lines speak of, if it is: its words answer, whatever became of the text."""
    pagination = paged(transcript)
    return pagination.version if pagination and pagination.version.kind == VersionKind.CERTIFIED else None


def _quoted(
    transcript: Transcript, first: int, last: int, *, clearance: Clearance, version: Version | None
) -> tuple[Quotation, Earlier | None]:
    """The words from one number to another; where they stand no more, what is heard in their seconds now.

    Raises NoSuchPassage or TooLong.
    """
    try:
        return quotation(transcript, first, last, clearance=clearance, version=version), None
    except NoSuchPassage:
        was, first, last = now_heard(transcript, first, last)
        return quotation(transcript, first, last, clearance=clearance), was


def offered(request: PersonRequest, transcript: Transcript) -> dict[str, Any]:
    """What templates/transcripts/selection.html asks about a person: which actions on words are shown to them."""
    clearance = clearance_of(request.user, transcript)
    staff, of_the_case = clearance >= Clearance.COURT, clearance >= Clearance.PARTY
    asks = of_the_case and may_ask(request.user, transcript)
    return {
        "may_edit": staff,
        "may_redact": staff or asks,
        "of_the_case": of_the_case,
        "may_cite": of_the_case and may(request.user, transcript.case, "decide_case"),
        "may_ask_corrections": asks and not errata.closed(transcript),
    }


def actions(request: PersonRequest, quoted: Quotation) -> SafeString:
    """What this person may do with the words of a quotation: links that lead there with its words."""
    transcript = quoted.passage.transcript
    context = {"transcript": transcript, "case": transcript.case, **offered(request, transcript)}
    written: str = render_to_string("transcripts/selection.html", context, request=request)
    written = written.replace("__FIRST__", str(quoted.passage.first)).replace("__LAST__", str(quoted.passage.last))
    return mark_safe(written)  # noqa: S308 - a rendered template, and two whole numbers
