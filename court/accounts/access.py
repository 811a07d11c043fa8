"""Who may ask for a page at all. What they may do in a case is asked of ``court.cases.access``.

A view that needs a person::

    @signed_in
    def profile(request: PersonRequest) -> HttpResponse: ...       # request.user is a User here

    @office(Office.CLERK)
    def review_queue(request: PersonRequest) -> HttpResponse: ...  # anybody else gets 404
"""

import functools
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from .models import Office, User

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase | Awaitable[HttpResponseBase])

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def wants_page(request: HttpRequest) -> bool:
    """Tell whether the answer will be read by a person: not so for JSON, and for anything sent that is no form."""
    if request.content_type and request.method not in ("GET", "HEAD") and request.content_type not in FORMS:
        return False
    return request.accepts("text/html")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send somebody unknown to sign in and back here; a script gets 401 and the reason as JSON.

    What was typed is kept by the middleware ``KeepWhatWasTyped``, which recognises this answer.
    """
    if not wants_page(request):
        return JsonResponse({"error": "signed_out", "message": _("You are signed out. Sign in again.")}, status=401)
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


def _guard(
    view: Callable[Concatenate[Any, P], Answer], refuse: Callable[[HttpRequest, object], HttpResponse | None]
) -> Callable[Concatenate[HttpRequest, P], Answer]:
    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def later(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = await request.auser()
            request.user = person
            answer = refuse(request, person)
            return answer if answer is not None else await view(request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], Answer]", later)

    @functools.wraps(view)
    def now(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Any:
        answer = refuse(request, request.user)
        return answer if answer is not None else view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], Answer]", now)


def signed_in(view: Callable[Concatenate[Any, P], Answer]) -> Callable[Concatenate[HttpRequest, P], Answer]:
    """Let a view be asked only by somebody who is signed in; others sign in first and come back."""

    def refuse(request: HttpRequest, person: object) -> HttpResponse | None:
        return None if isinstance(person, User) else sign_in_first(request)

    return _guard(view, refuse)


def office(
    *offices: Office,
) -> Callable[[Callable[Concatenate[Any, P], Answer]], Callable[Concatenate[HttpRequest, P], Answer]]:
    """Let a view be asked only by holders of one of these offices. Anybody else who is signed in gets 404."""

    def guard(view: Callable[Concatenate[Any, P], Answer]) -> Callable[Concatenate[HttpRequest, P], Answer]:
        def refuse(request: HttpRequest, person: object) -> HttpResponse | None:
            if not isinstance(person, User):
                return sign_in_first(request)
            if person.office not in offices:
                raise Http404
            return None

        return _guard(view, refuse)

    return guard
