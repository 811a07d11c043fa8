"""One step's page: what was typed comes back, what can be used is saved, the button says where to go next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from court.accounts.access import PersonRequest
from court.accounts.kept import kept
from court.cases.models import Case
from court.filings.forms import KEEP_AT_MOST
from court.filings.steps import Walk

WRONG = 422  # a form that cannot be used as it is


def typed_before(request: HttpRequest, unfinished: dict[str, Any], step: str) -> Any:
    """What to show in a step's form again: what was sent when the sign-in had run out, or what could not be used."""
    return kept(request) or unfinished.get(step)


def remember(unfinished: dict[str, Any], step: str, typed: Any, *, unusable: bool) -> None:
    """Keep what was typed for the step while it cannot be used, else drop what was kept before."""
    if unusable:
        unfinished[step] = _storable(typed)
    else:
        unfinished.pop(step, None)


def _storable(typed: Any) -> Any:
    """The same without NUL characters, which nobody types and PostgreSQL does not store."""
    if isinstance(typed, dict):
        return {name: _storable(value) for name, value in typed.items()}
    if isinstance(typed, list):
        return [_storable(value) for value in typed]
    return typed.replace("\x00", "") if isinstance(typed, str) else typed


def too_long(typed: Any) -> bool:
    """Tell whether more was typed than a draft keeps; the page then shows it again instead of leaving it."""
    return len(str(typed)) > KEEP_AT_MOST


def wants_to_leave(request: HttpRequest) -> bool:
    """Tell whether the button was "Save and come back later"."""
    return request.POST.get("do") == "later"


def leave(request: HttpRequest, walk: Walk) -> HttpResponse:
    """Go to the list of steps with the word that all is saved."""
    messages.success(request, _("Saved. You can come back at any time."))
    return redirect(walk.start)


def show(request: PersonRequest, walk: Walk, step: str, template: str, **context: Any) -> HttpResponse:
    """Draw a step's page; 422 when a form was sent that cannot be used."""
    context |= {
        "case": walk.case,
        "walk": walk,
        "step": step,
        "steps": walk.stepper(step),
        "place": walk.order.index(step) + 1,
        "label": walk.labels[step],
        "back": walk.before(step, request),
    }
    return render(request, template, context, status=WRONG if request.method == "POST" else 200)


def already_sent(request: HttpRequest, case: Case, text: str) -> HttpResponse:
    """A form that comes too late, or twice, leads calmly to the case."""
    messages.info(request, text)
    return redirect("case", number=case.label)
