"""Pages only a demo court has."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .mail import letters


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The letters this demo has sent, so that a visitor can read codes and invitations."""
    page = Paginator(letters(), 20).get_page(request.GET.get("page"))
    return render(request, "demo/mail.html", {"page": page})


@require_safe
def attachment(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A file that came with a letter."""
    for letter in letters():
        if letter.key == key and number < len(letter.attachments):
            name, content = letter.attachments[number]
            kind = "text/calendar" if name.endswith(".ics") else "application/octet-stream"
            return HttpResponse(
                content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
            )
    raise Http404
