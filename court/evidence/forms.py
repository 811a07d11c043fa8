"""Forms of this room, and what is said of a file that cannot be an exhibit."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.templatetags.components import file_size

from .models import Exhibit

PROBLEMS = {
    "empty": gettext_lazy("This file is empty. Choose another file."),
    "unknown": gettext_lazy(
        "The court cannot use this kind of file. Choose a PDF, a picture (JPEG, PNG, WebP, GIF), a sound recording"
        " or a video."
    ),
    "heic": gettext_lazy("Browsers cannot show HEIC pictures. Save the picture as JPEG and choose that file."),
    "broken": gettext_lazy(
        "This file is damaged or not complete and cannot be opened. Save it anew and choose it again."
    ),
    "encrypted": gettext_lazy("This PDF is locked with a password. Save it without a password and choose it again."),
    "active": gettext_lazy(
        "This PDF contains a program. Print it to a new PDF file and choose that one; it will look the same."
    ),
    "huge": gettext_lazy("This picture has too many pixels. Save it smaller (at most 80 million pixels)."),
    "slow": gettext_lazy("Opening this file took too long and was stopped. Save it anew in a simpler form."),
    "disguised": gettext_lazy("The content of this file is not what its name says. Check that it is the right file."),
}


def too_large() -> str:
    """What is said of a file over the limit."""
    return _("This file is larger than %(limit)s. Choose a smaller file or split it.") % {
        "limit": file_size(settings.COURT_EXHIBIT_MAX_BYTES)
    }


class ExhibitForm(forms.ModelForm[Exhibit]):
    """One file, what it is and what it shows."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        allow_empty_file=True,  # said by the court itself, with all other problems of a file
        max_length=255,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    class Meta:
        model = Exhibit
        fields = ("title", "shows")
        help_texts = {
            "title": gettext_lazy("For example: Letter of 3 March from the landlord"),
            "shows": gettext_lazy("Say which fact it proves."),
        }
        widgets = {"shows": forms.Textarea(attrs={"rows": 3})}

    field_order = ("title", "shows", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("PDF, picture, sound or video. At most %(limit)s.") % {
            "limit": file_size(settings.COURT_EXHIBIT_MAX_BYTES)
        }
