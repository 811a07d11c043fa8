"""The search form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .search import Filters


class Typed(forms.CharField):
    """A line of text in which a null character, which no keyboard types, parts words."""

    def to_python(self, value: Any) -> str:
        """The text without null characters."""
        return str(super().to_python(value) or "").replace("\x00", " ").strip()


class SearchForm(forms.Form):
    """What to look for, and where. Everything but the words is optional; a wrong filter is said at its field."""

    q = Typed(label=_("Words or a “phrase”"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    speaker = Typed(label=_("Speaker"), required=False, max_length=150)
    case = Typed(label=_("Case number"), required=False, max_length=20)
    since = forms.DateField(label=pgettext_lazy("start date", "From"), required=False, widget=forms.DateInput())
    until = forms.DateField(label=pgettext_lazy("end date", "To"), required=False, widget=forms.DateInput())

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not be before the first day."))
        return told

    def filters(self) -> Filters:
        """The filters of a valid form."""
        told = self.cleaned_data
        return Filters(told["speaker"], told["case"], told["since"], told["until"])
