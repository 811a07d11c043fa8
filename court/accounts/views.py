"""A person's own pages."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import kept
from .access import PersonRequest, signed_in
from .forms import ProfileForm
from .middleware import OPEN_TO_ALL, keep_and_go_on


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token is too old: what was typed is kept and the page is shown again with it.

    A form that did not stand on a page of this court is refused and nothing of it is kept.
    """
    if not (kept.is_form(request) and kept.came_from_here(request)):
        return render(request, "accounts/form_refused.html", status=403)
    if request.path.startswith(OPEN_TO_ALL):
        messages.warning(request, _("This page was open for too long. Please try again."))
        return redirect(kept.page_of(request))
    return keep_and_go_on(request)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: PersonRequest) -> HttpResponse:
    """A person's name and language, and the ways to their sign-in."""
    form = ProfileForm(request.POST if request.method == "POST" else kept.kept(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        translation.activate(person.language)
        messages.success(request, _("Your details were saved."))
        answer = redirect("profile")
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
        return answer
    request.user.refresh_from_db()  # what was typed wrongly must not stand in the header as the person's name
    return render(request, "accounts/profile.html", {"form": form}, status=422 if request.method == "POST" else 200)
