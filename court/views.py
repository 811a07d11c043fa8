"""Pages that belong to no room: help, the statements in the footer, and the style guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from court.styleguide import sample


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How the court works, in plain words."""
    return render(request, "pages/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, what does not, and what to do then."""
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the court keeps about a person, why, and who sees it."""
    kept = [
        (_("Your account"), _("Name, e-mail address, language, and your password in a form nobody can read.")),
        (_("Your cases"), _("What was filed, exhibits, messages, decisions, and a docket of who did what and when.")),
        (_("Consents"), _("What you agreed to, when, and what you withdrew.")),
        (
            _("Hearings"),
            _(
                "Sound and picture of each person as a recording, and the text made from it. "
                "Private talks with a mediator are never recorded."
            ),
        ),
        (_("Technical log"), _("Errors and security events, without names and without the content of cases.")),
    ]
    return render(request, "pages/privacy.html", {"kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page. A POST shows the form with what is wrong in it; nothing is kept."""
    return render(request, "styleguide.html", sample(request))
