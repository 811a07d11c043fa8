"""Pages that belong to no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the design system."""
    return render(request, "styleguide.html")


def help_page(request: HttpRequest) -> HttpResponse:
    """How to use this court."""
    return render(request, "pages/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What the court keeps about people."""
    return render(request, "pages/privacy.html")
