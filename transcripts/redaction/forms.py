"""What is asked when words of the record are to be hidden, decided on, or released."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from court.hearings.forms import FURTHEST, read_moment

from ..earlier import earlier
from ..extracts import NoSuchPassage, between_places, read_clock, read_place
from ..forms import Typed
from ..models import Level, Transcript
from .stretches import Stretch, between_seconds, between_words

LEVELS = [
    (Level.REDACTED.value, _("From the public: the people of the case still read and hear it")),
    (Level.SEALED.value, _("From everybody but the court: it is sealed")),
]


class HideForm(forms.Form):
    """Which words, from whom, and why. The words are named by their numbers, by page and line, or by time."""

    first = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    last = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    page_from = Typed(label=pgettext_lazy("page and line", "From page:line"), required=False, max_length=12)
    page_to = Typed(label=pgettext_lazy("page and line", "To page:line"), required=False, max_length=12)
    time_from = Typed(label=pgettext_lazy("time in a recording", "From"), required=False, max_length=14)
    time_to = Typed(label=pgettext_lazy("time in a recording", "To"), required=False, max_length=14)
    level = forms.ChoiceField(label=_("From whom?"), choices=LEVELS, widget=forms.RadioSelect)
    reason = Typed(
        label=_("Why?"),
        max_length=300,
        help_text=_("Such as: a home address, an account number, the name of a child. Do not repeat the words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    stretches: list[Stretch]
    page_line = ""

    def __init__(self, *args: Any, transcript: Transcript, paged: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transcript = transcript
        if not paged:
            del self.fields["page_from"], self.fields["page_to"]

    def clean(self) -> dict[str, Any]:
        """Find the words that are meant; they are in ``stretches``."""
        told = super().clean() or {}
        if any(name in self.errors for name in ("first", "last", "page_from", "page_to", "time_from", "time_to")):
            return told
        if told.get("first") and not (told.get("page_from") or told.get("time_from")):
            self._find(None, lambda: between_words(self.transcript, told["first"], told.get("last") or told["first"]))
        elif told.get("page_from"):
            self._by_place(told)
        elif told.get("time_from") or told.get("time_to"):
            self._by_time(told)
        else:
            name = "page_from" if "page_from" in self.fields else "time_from"
            self.add_error(name, _("Say which part is to be hidden."))
        return told

    def _by_place(self, told: dict[str, Any]) -> None:
        first, last = self._read("page_from", read_place), self._read("page_to", read_place, or_else="page_from")
        if first and last:
            self.page_line = f"{told['page_from']}–{told.get('page_to') or told['page_from']}"
            self._find("page_from", lambda: self._on_pages(first, last))

    def _on_pages(self, first: tuple[int, int], last: tuple[int, int]) -> list[Stretch]:
        """The words on these lines. Where the text was heard anew since it was certified: the seconds they took."""
        words = between_places(self.transcript, first, last)
        try:
            return between_words(self.transcript, *words)
        except NoSuchPassage:
            was = earlier(self.transcript, *words)
            if was is None:
                raise
            return between_seconds(self.transcript, was.start, was.end)

    def _by_time(self, told: dict[str, Any]) -> None:
        start, end = self._read("time_from", read_clock), self._read("time_to", read_clock)
        if start is None or end is None:
            return
        if end <= start:
            self.add_error("time_to", _("The end must come after the beginning."))
            return
        self._find("time_from", lambda: between_seconds(self.transcript, start, end))

    def _read(self, name: str, read: Any, *, or_else: str = "") -> Any:
        typed = self.cleaned_data.get(name) or (self.cleaned_data.get(or_else) if or_else else "")
        try:
            return read(typed or "")
        except ValueError:
            words = (
                _("Write a page and a line, such as 3:14.")
                if name.startswith("page")
                else _("Write a time of the recording, such as 4:12 or 1:04:12.")
            )
            self.add_error(name, words)
            return None

    def _find(self, name: str | None, find: Any) -> None:
        try:
            self.stretches = find()
        except NoSuchPassage:
            self.add_error(name, _("The record has no such words. Look at the transcript and try again."))


class DecideForm(forms.Form):
    """The court's decision on what was asked for, or to show hidden words again."""

    answer = Typed(label=_("Reasons"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    level = forms.ChoiceField(label=_("From whom?"), choices=LEVELS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, verb: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb = verb
        if verb:
            self.fields["level"].required = verb == "apply"

    def clean(self) -> dict[str, Any]:
        """A refusal and a lifting need reasons."""
        told = super().clean() or {}
        if self.verb in ("refuse", "lift") and not told.get("answer"):
            self.add_error("answer", _("Give the reasons. They are kept with the redaction."))
        return told


class ReleaseForm(forms.Form):
    """From when anybody may read the transcript, in the court's zone."""

    date = forms.DateField(label=_("Date"))
    time = forms.TimeField(label=_("Time"))
    moment: datetime

    def clean(self) -> dict[str, Any]:
        """Put date and time together."""
        told = super().clean() or {}
        if told.get("date") and told.get("time") is not None:
            try:
                self.moment = read_moment(told["date"], told["time"])
            except ValidationError as fault:
                self.add_error("time", fault)
                return told
            if self.moment > timezone.now() + FURTHEST:
                self.add_error("date", _("Choose a day within the next two years."))
        return told


class SettleForm(forms.Form):
    """Why a place where hidden words stand may stay as it is."""

    note = Typed(label=_("Why may it stay?"), max_length=300)
