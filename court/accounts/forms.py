"""What a person tells the court about themselves."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User


class SignUpDetails(forms.Form):
    """Asked beside e-mail address and password."""

    name = forms.CharField(
        label=_("Your full name"),
        help_text=_("As it stands on official papers. The other side and the court see it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the name and the language the page was read in."""
        user.name = self.cleaned_data["name"].strip()
        user.language = getattr(request, "LANGUAGE_CODE", "en")
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm):
    """A person's name and the language the court writes to them in."""

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your full name"), "language": _("Language")}
        help_texts = {
            "name": _("As it stands on official papers. The other side and the court see it."),
            "language": _("Of these pages and of the letters the court sends you."),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
