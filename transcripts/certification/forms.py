"""Forms of errata and signing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..correcting import tidied
from ..extracts import Part
from ..models import Correction
from ..reading import clock


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

    def __init__(self, *args: Any, parts: Sequence[Part] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts if len(parts) > 1 else ()
        if not self.parts:
            return
        reason = self.fields.pop("reason")
        longest = Correction._meta.get_field("proposed").max_length
        del self.fields["proposed"]
        for number, part in enumerate(self.parts, start=1):
            self.fields[f"proposed_{number}"] = forms.CharField(
                label=_("What should %(speaker)s say at %(time)s?")
                % {"speaker": part.speaker, "time": clock(part.start or 0.0)},
                initial=part.text,
                required=False,
                max_length=longest,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Leave it empty if nothing of it was said.") if number == 1 else "",
            )
        self.fields["reason"] = reason

    @property
    def asked(self) -> list[BoundField]:
        """The fields that say what the record should say, one for each passage."""
        if not self.parts:
            return [self["proposed"]]
        return [self[f"proposed_{number}"] for number in range(1, len(self.parts) + 1)]

    def clean(self) -> dict[str, Any]:
        """Put what is asked for the passages together, a line for each."""
        told = super().clean() or {}
        if self.parts:
            lines = [tidied(told.get(f"proposed_{number}", "")) for number in range(1, len(self.parts) + 1)]
            told["proposed"] = "\n".join(lines)
        return told


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
