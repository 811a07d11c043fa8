"""Forms of this room."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .checking import LARGEST
from .models import Order, OrderKind


class NewOrderForm(forms.Form):
    """Which order, in which language."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want to write?"), choices=OrderKind.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the order"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class OrderForm(forms.ModelForm[Order]):
    """The texts of a draft, with the version they were read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Order
        fields = ("title", "background", "findings", "ordered")
        help_texts = {
            "background": gettext_lazy("Leave an empty line between paragraphs. They are numbered for you."),
            "ordered": gettext_lazy(
                "One order a paragraph, with an empty line between them. They are numbered for you."
            ),
        }
        widgets = {
            "background": forms.Textarea(attrs={"rows": 8}),
            "findings": forms.Textarea(attrs={"rows": 12}),
            "ordered": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class SignForm(forms.Form):
    """The judge's name, typed as a signature, under the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Type your full name to sign"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, signer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer

    def clean_name(self) -> str:
        """The name must be the judge's own, whatever its capitals and spaces."""
        typed: str = self.cleaned_data["name"]
        if " ".join(typed.split()).casefold() != " ".join(self.signer.split()).casefold():
            raise forms.ValidationError(_("This is not your name. Type: %(name)s"), params={"name": self.signer})
        return typed


class VerifyForm(forms.Form):
    """A PDF somebody wants to have checked."""

    file = forms.FileField(
        label=gettext_lazy("The PDF file"),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another file.")},
        help_text=gettext_lazy("At most 20 MB. The file is checked and not kept."),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large or no PDF by its first bytes."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is larger than 20 MB. Choose a smaller file."))
        beginning = upload.read(1024)
        upload.seek(0)
        if b"%PDF-" not in beginning:
            raise forms.ValidationError(_("This is not a PDF file. Choose the PDF you received from the court."))
        return upload
