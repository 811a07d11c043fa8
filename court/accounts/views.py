"""A person's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token is too old."""
    return render(request, "403.html", status=403)
