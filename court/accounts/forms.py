"""What a person tells the court when signing up."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User


class SignUpDetails(forms.Form):
    """Asked beside e-mail address and password."""

    name = forms.CharField(label=_("Your full name"), max_length=150)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the name and the language the page was read in."""
        user.name = self.cleaned_data["name"].strip()
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        user.save(update_fields=["name", "language"])
