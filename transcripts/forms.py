"""Forms of the record: search, and a passage by its words, by time, or by page and line."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .extracts import between_places, between_seconds, read_clock, read_place
from .finding.saved import FIELDS
from .models import Transcript
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
    role = Typed(required=False, max_length=20, widget=forms.HiddenInput)
    language = Typed(required=False, max_length=10, widget=forms.HiddenInput)
    kind = Typed(required=False, max_length=10, widget=forms.HiddenInput)

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
        return Filters(**{name: told[name] for name in FIELDS})


class SaveSearchForm(forms.Form):
    """A name for the present search, and whether to write when it finds something new."""

    name = Typed(label=_("Name of this search"), max_length=100)
    letters = forms.BooleanField(label=_("Write to me when something new is found"), required=False, initial=True)


class PassageForm(forms.Form):
    """A passage: by the numbers of its words, as the page's script sends them, or by time, or by page and line."""

    first = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    last = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    by = forms.ChoiceField(
        label=_("Where does it stand?"),
        required=False,
        choices=[("time", _("By time")), ("page", _("By page and line"))],
        widget=forms.RadioSelect,
        initial="time",
    )

    def __init__(self, *args: Any, transcript: Transcript, paged: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transcript = transcript
        self.fields["from"] = Typed(label=_("From"), required=False, max_length=20)
        self.fields["to"] = Typed(label=_("To"), required=False, max_length=20)
        self.fields["from"].help_text = _("Such as 4:12 for the time, or 3:14 for page 3, line 14.")
        if not paged:
            del self.fields["by"]
            self.fields["from"].help_text = _("The time on the recording, such as 4:12 or 1:04:12.")

    def clean(self) -> dict[str, Any]:
        """Words by number, or a beginning and an end that can be read."""
        told = super().clean() or {}
        if self.errors or told.get("first") is not None:
            return told
        if told.get("last") is not None:
            told["first"] = told["last"]
            return told
        read = read_place if told.get("by") == "page" else read_clock
        for name in ("from", "to"):
            typed = told.get(name, "")
            if not typed and name == "to":
                told["until"] = told.get("since")
                continue
            try:
                told["since" if name == "from" else "until"] = read(typed)
            except ValueError:
                self.add_error(name, gettext("Write it as in the example."))
        if not self.errors and told["until"] < told["since"]:
            self.add_error("to", gettext("The end must not come before the beginning."))
        return told

    def words(self) -> tuple[int, int]:
        """The numbers of the first and the last word of a valid form. Raises NoSuchPassage."""
        told = self.cleaned_data
        if told.get("first") is not None:
            return told["first"], told["last"] if told.get("last") is not None else told["first"]
        if told.get("by") == "page":
            return between_places(self.transcript, told["since"], told["until"])
        return between_seconds(self.transcript, told["since"], told["until"])
