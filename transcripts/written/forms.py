"""What a clerk fills in, and what is said of a text that cannot be taken."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.templatetags.components import file_size
from transcripts.models import Decision, WrittenRecord

from .opening import LONGEST

LARGEST = 20 * 1024 * 1024  # bytes of a document
LANGUAGES = [
    ("", gettext_lazy("As most of the hearing")),
    ("en", "English"),
    ("ko", "한국어"),
    ("zh", "中文"),
]
PROBLEMS = {
    "empty": gettext_lazy("This file is empty. Choose another file."),
    "no_text": gettext_lazy(
        "There is no text in it. A scan is only a picture of text: paste the text or choose the document it was"
        " printed from."
    ),
    "unknown": gettext_lazy("Choose a plain text (.txt), a Word document (.docx) or a PDF. Other kinds are not read."),
    "encoding": gettext_lazy("The characters of this text file cannot be told for sure. Save it as UTF-8."),
    "broken": gettext_lazy("This file is damaged or not complete. Save it anew and choose it again."),
    "encrypted": gettext_lazy("This document is locked with a password. Save it without one and choose it again."),
    "active": gettext_lazy("This document contains a program and was not opened. Save it as plain text."),
    "huge": gettext_lazy("This text is too long. Divide it and add the parts one by one."),
    "slow": gettext_lazy("Reading this file took too long and was stopped. Save it as plain text."),
}


class Text(forms.CharField):
    """A long text kept as it was typed."""

    def to_python(self, value: Any) -> str:
        """The text without null characters, which no database keeps."""
        return str(super().to_python(value) or "").replace("\x00", "")


class WrittenForm(forms.ModelForm[WrittenRecord]):
    """A title, and the text: pasted or in a file."""

    title = Text(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For example: Minutes of the hearing, by the clerk"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, required=False)
    text = Text(
        label=gettext_lazy("Paste the text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a file"),
        required=False,
        allow_empty_file=True,  # said by the court itself, with all other problems of a file
        max_length=255,
        help_text=gettext_lazy("A plain text (.txt, UTF-8), a Word document (.docx) or a PDF with text in it."),
    )

    class Meta:
        model = WrittenRecord
        fields = ("title", "language")

    field_order = ("title", "language", "text", "file")

    def clean(self) -> dict[str, Any]:
        """Ask for one text, and refuse two."""
        told = super().clean() or {}
        text, file = told.get("text", ""), told.get("file")
        if len(text) > LONGEST:
            self.add_error("text", str(PROBLEMS["huge"]))
        if isinstance(file, UploadedFile):
            if text.strip():
                self.add_error("file", _("Paste a text or choose a file, not both."))
            elif (file.size or 0) > LARGEST:
                self.add_error("file", _("This file is larger than %(limit)s.") % {"limit": file_size(LARGEST)})
        elif not text.strip() and "text" not in self.errors and "file" not in self.errors:
            self.add_error("text", _("Paste the text or choose a file."))
        return told


class DecisionForm(forms.Form):
    """The decision on one difference, the one that stood on the page, and a note."""

    decision = forms.ChoiceField(choices=Decision.choices)
    seen = forms.ChoiceField(choices=Decision.choices)
    note = Text(label=gettext_lazy("Note"), required=False, max_length=500)
