"""Forms of errata and signing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Correction


class CorrectionForm(forms.ModelForm[Correction]):
    """What the record should say at these words, and why."""

    first = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    last = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    class Meta:
        model = Correction
        fields = ("proposed", "reason")
        widgets = {"proposed": forms.Textarea(attrs={"rows": 3}), "reason": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "proposed": gettext_lazy("What should the record say?"),
            "reason": gettext_lazy("Why? Say what you hear, and where."),
        }
        help_texts = {"proposed": gettext_lazy("Change only what is wrong.")}


class DecisionForm(forms.Form):
    """The court's decision on a correction."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            ("allow", gettext_lazy("Allow: the text is changed now")),
            ("done", gettext_lazy("Allow: I have changed the text in the editor")),
            ("refuse", gettext_lazy("Refuse: the text stays")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Reasons"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed to refuse. Everybody in the case reads them."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal has reasons."""
        told = super().clean() or {}
        if told.get("verdict") == "refuse" and not told.get("answer"):
            self.add_error("answer", _("Give the reasons for refusing."))
        return told


class RecordSignatureForm(forms.Form):
    """One's own name, typed as a signature, and perhaps an objection."""

    certificate = forms.IntegerField(widget=forms.HiddenInput)
    objection = forms.CharField(
        label=gettext_lazy("Do you object to anything in the record?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Leave it empty to sign without an objection. It stands beside your signature."),
    )
    name = forms.CharField(
        label=gettext_lazy("Type your full name to sign"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    read = forms.BooleanField(label=gettext_lazy("I have read this record."))

    def __init__(self, *args: Any, signer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer

    def clean_name(self) -> str:
        """The name must be the person's own, whatever its capitals and spaces."""
        typed: str = self.cleaned_data["name"]
        if " ".join(typed.split()).casefold() != " ".join(self.signer.split()).casefold():
            raise forms.ValidationError(_("This is not your name. Type: %(name)s"), params={"name": self.signer})
        return typed
