"""What happens around every page for the person who asks for it."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _

from . import kept
from .access import wants_page
from .models import User

Next = Callable[[HttpRequest], HttpResponse]

# Where staff without a second factor may go: to set one up, to read the house's own pages, and out.
OPEN_TO_ALL: Final = ("/account/", "/i18n/", "/help/", "/accessibility/", "/privacy/", settings.STATIC_URL)


class LanguageOfThePerson:
    """Speaks the language a signed-in person chose, unless this browser was switched to another one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for this request."""
        user = getattr(request, "user", None)
        if isinstance(user, User) and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)


def lacks_second_factor(user: object) -> bool:
    """Tell whether this person must set up a second factor before doing anything else; sockets ask this too."""
    return (
        settings.COURT_STAFF_NEED_SECOND_FACTOR
        and isinstance(user, User)
        and user.is_staff_of_court
        and not is_mfa_enabled(user)
    )


class StaffNeedASecondFactor:
    """Where it is demanded, sends staff without a second factor to set one up before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on whoever is a litigant, has a second factor, or is on the way to set one up."""
        if request.path.startswith(OPEN_TO_ALL) or not lacks_second_factor(request.user):
            return self.get_response(request)
        reason = _("Members of the court's staff sign in with a second step. Set one up first.")
        if not wants_page(request):
            return JsonResponse({"error": "second_factor", "message": reason}, status=403)
        messages.warning(request, reason)
        return redirect("mfa_index")


class KeepWhatWasTyped:
    """Keeps a form that was sent after the sign-in ran out, and gives it back after signing in.

    It recognises any answer that sends the person to sign in. How a view gives the words back, see ``accounts.kept``.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; keep what an unknown person sent to a page that wants one known."""
        answer = self.get_response(request)
        if not kept.is_form(request):
            kept.remember_person(request, answer)
        elif isinstance(request.user, User):
            if not hasattr(request, "form_was_kept"):
                kept.sent_again(request)
        elif not request.path.startswith(OPEN_TO_ALL):
            sign_in = resolve_url(settings.LOGIN_URL)
            if urlsplit(answer.get("Location", "")).path == sign_in:
                return keep_and_go_on(request)
        return answer


def keep_and_go_on(request: HttpRequest) -> HttpResponse:
    """Keep what was typed and go to the page it was typed on, by way of signing in where that is needed."""
    request.form_was_kept = True  # type: ignore[attr-defined]
    try:
        page = kept.keep(request)
    except kept.TooLong:
        return render(request, "accounts/too_long_to_keep.html", status=413)
    if isinstance(request.user, User):
        return redirect(page)
    return redirect_to_login(page, resolve_url(settings.LOGIN_URL))


class NoNulInAddresses:
    """No address holds a NUL character, which PostgreSQL takes for a fault: such a page does not exist."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 before any view looks something up."""
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)
