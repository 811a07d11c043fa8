"""What was typed into a form that was sent after the sign-in ran out, and how it is given back.

The middleware ``KeepWhatWasTyped`` keeps every text field of such a form (no password, no file, at most 256 KB) in
the session, sends the person to sign in, and then to the page on which the form stood. A view gives the words back by
asking for them where it shows its form::

    form = AnswerForm(request.POST or kept(request))          # bound: also shows what is still missing
    form = AnswerForm(initial=initial_from(kept(request)))    # unbound: no errors shown
    lines = FactFormSet(kept(request))                        # formsets: the management form was kept as well

(``kept`` is None when there is nothing, so ``Form(kept(request))`` is then an unbound form as ever.)
``kept(request, sent_to=url)`` gives only what was sent to that address: for a page with several forms, or one whose
form is sent to another address than its own. Asking puts the notice on the page; never ask where no form is shown.
What was kept is dropped once the form is sent again, when somebody else signs in, and after an hour.
"""

import time
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from .access import FORMS
from .models import User

SESSION: Final = "what_was_typed"
LAST_PERSON: Final = "last_person"  # a signed cookie: to whom the words are given back, and to nobody else
LAST_PERSON_AGE: Final = 30 * 24 * 3600  # seconds
KEEP_FOR: Final = 3600  # seconds
KEEP_AT_MOST: Final = 256 * 1024  # characters, names and values together
NEVER: Final = ("password", "csrfmiddlewaretoken", "credential", "secret")


class TooLong(Exception):
    """More was typed than the court can keep."""


def page_of(request: HttpRequest) -> str:
    """The page on which the form that was sent stood: the referring page if ours, else the form's own address."""
    came_from = request.headers.get("Referer", "")
    if came_from and url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        parts = urlsplit(came_from)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def is_form(request: HttpRequest) -> bool:
    """Tell whether the request sends a form as a page does."""
    return request.method == "POST" and request.content_type in FORMS


def _last_person(request: HttpRequest) -> int | None:
    found = request.get_signed_cookie(LAST_PERSON, default=None, max_age=LAST_PERSON_AGE)
    return int(found) if found and found.isdigit() else None


def remember_person(request: HttpRequest, answer: HttpResponse) -> None:
    """Leave a signed mark of who signs in with this browser, so that their words are never given to another person."""
    if isinstance(request.user, User) and _last_person(request) != request.user.pk:
        answer.set_signed_cookie(
            LAST_PERSON,
            str(request.user.pk),
            max_age=LAST_PERSON_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def came_from_here(request: HttpRequest) -> bool:
    """Tell whether the browser says that the form stood on a page of this court; else its words are not trusted."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(said) and url_has_allowed_host_and_scheme(said, {request.get_host()}, request.is_secure())


def keep(request: HttpRequest) -> str:
    """Keep the text fields of the form that was sent. Returns the address of the page to go back to.

    Raises TooLong, and keeps nothing, when they are longer than the court keeps.
    """
    typed = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not any(word in name.lower() for word in NEVER):
            typed.setlist(name, values)
    if sum(len(name) + len(value) for name, values in typed.lists() for value in values) > KEEP_AT_MOST:
        raise TooLong
    owner = request.user.pk if isinstance(request.user, User) else _last_person(request)
    page = page_of(request)
    request.session[SESSION] = {
        "page": page,
        "sent_to": request.path,
        "typed": typed.urlencode(),
        "files": bool(request.FILES),
        "owner": owner,
        "at": int(time.time()),
    }
    return page


def forget(request: HttpRequest) -> None:
    """Drop what was kept."""
    request.session.pop(SESSION, None)


def _found(request: HttpRequest) -> dict[str, Any] | None:
    stash: dict[str, Any] | None = request.session.get(SESSION)
    if stash is None or isinstance(request.user, AnonymousUser):
        return None
    if stash["at"] + KEEP_FOR < time.time() or stash["owner"] not in (None, request.user.pk):
        forget(request)
        return None
    return stash


def kept(request: HttpRequest, *, sent_to: str | None = None) -> QueryDict | None:
    """What this person typed into this page's form before the sign-in ran out, or None. Puts up the notice."""
    if request.method != "GET":
        return None
    stash = _found(request)
    if stash is None or request.path not in (urlsplit(stash["page"]).path, stash["sent_to"]):
        return None
    if sent_to is not None and stash["sent_to"] != sent_to:
        return None
    if not getattr(request, "told_of_kept_words", False):
        request.told_of_kept_words = True  # type: ignore[attr-defined]
        messages.warning(
            request,
            _("You were signed out. Nothing you typed was lost: check it and send it again."),
            fail_silently=True,
        )
        if stash["files"]:
            messages.warning(request, _("Files could not be kept. Choose them again."), fail_silently=True)
    return QueryDict(stash["typed"])


def initial_from(typed: QueryDict | None) -> dict[str, Any]:
    """The kept words as ``initial`` of an unbound form: a list where a field was sent several times."""
    if typed is None:
        return {}
    return {name: values if len(values) > 1 else values[0] for name, values in typed.lists() if values}


def sent_again(request: HttpRequest) -> None:
    """Drop the kept words once their form is sent by somebody signed in."""
    stash = _found(request)
    if stash is not None and request.path == stash["sent_to"]:
        forget(request)
