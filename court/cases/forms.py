"""The forms of this room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from court.accounts.models import User

from .models import Role, Stage
from .people import GIVEN

UNFIT = {
    "office": _("This person does not hold the office that the part needs."),
    "party": _("This person is a party of the case and cannot have another part in it."),
    "apart": _("The judge of a case cannot also be its mediator."),
    "already": _("This person has that part already."),
    "last": _("A sealed case needs at least one clerk. Appoint another one first."),
}


class CaseFilter(forms.Form):
    """Narrows the list of cases; anything senseless is left out rather than complained of."""

    q = forms.CharField(label=_("Title, number or a party’s name"), max_length=100, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[("", _("All stages")), *Stage.choices], required=False)


class AppointForm(forms.Form):
    """Who gets which part in the case."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("The address they sign in with. They need an account of this court."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Part in the case"), choices=[(role.value, role.label) for role in GIVEN])

    person: User

    def clean_email(self) -> str:
        """Find the person; only clerks see this form, so that saying "no account" tells no stranger anything."""
        email: str = self.cleaned_data["email"]
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address. Check it, or ask the person to sign up.")
            )
        self.person = person
        return email

    def clean_role(self) -> Role:
        """The part as a Role."""
        return Role(self.cleaned_data["role"])


class SealForm(forms.Form):
    """Why the case is sealed or opened again; the reason stands in the docket."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody who may see the case reads it in the docket."),
        max_length=300,
    )
