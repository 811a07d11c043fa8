"""Pages that belong to no room: help, the statements in the footer, and the style guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from court.styleguide import sample


def help_page(request: HttpRequest) -> HttpResponse:
    """How the court works, in plain words."""
    return render(request, "pages/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, what does not, and what to do then."""
    return render(request, "pages/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What the court keeps about a person, why, and who sees it."""
    return render(request, "pages/privacy.html")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page. A POST shows the form with what is wrong in it; nothing is kept."""
    return render(request, "styleguide.html", sample(request))
