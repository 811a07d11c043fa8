"""What is asked when a hearing is listed, moved, cancelled or noted."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from court.accounts.models import Office, User
from court.cases.models import Case, Role

from .services import Guest

LENGTHS: Final = (30, 45, 60, 90, 120, 180, 240, 360)
FURTHEST: Final = timedelta(days=730)


def length_choices() -> list[tuple[int, str]]:
    """The lengths a sitting can be planned for, in minutes."""
    return [
        (minutes, ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes})
        for minutes in LENGTHS
    ]


def read_moment(day: Any, clock: Any) -> datetime:
    """A day and a clock time in the court's zone as an aware moment in UTC. Raises ValidationError for a lost hour."""
    zone = timezone.get_default_timezone()
    try:
        moment = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    except OverflowError as fault:
        raise ValidationError(_("Choose a day within the next two years.")) from fault
    if moment.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, clock):
        raise ValidationError(_("The clocks change then, and this time does not exist. Choose another."))
    return moment


class TimeForm(forms.Form):
    """When, and for how long. ``starts_at`` is in the cleaned data. The first field wrong tells what is wrong."""

    date = forms.DateField(label=_("Date"))
    time = forms.TimeField(label=_("Time"))
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, initial=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = length_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put date and time together; a moment gone by or far away is refused at the date."""
        cleaned = super().clean() or {}
        if cleaned.get("date") and cleaned.get("time") is not None:
            try:
                moment = read_moment(cleaned["date"], cleaned["time"])
            except ValidationError as fault:
                self.add_error("time", fault)
                return cleaned
            now = timezone.now()
            if moment <= now:
                self.add_error("date", ValidationError(_("This time has gone by. Choose a later one."), code="past"))
            elif moment > now + FURTHEST:
                self.add_error("date", _("Choose a day within the next two years."))
            else:
                cleaned["starts_at"] = moment
        return cleaned

    @property
    def wants_slots(self) -> bool:
        """Whether the time is what is wrong, so that free times help."""
        return self.has_error("date", "past") or self.has_error("time", "taken")


class PeopleField(forms.CharField):
    """E-mail addresses of people with an account, one a line or between commas. Cleans to a list of people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Raises ValidationError that names the first address nobody has."""
        people: list[User] = []
        for address in filter(None, re.split(r"[\s,;]+", super().clean(value) or "")):
            try:
                validate_email(address)
            except ValidationError as fault:
                raise ValidationError(
                    _("“%(address)s” is not an e-mail address."), params={"address": address}
                ) from fault
            person = User.objects.filter(email__iexact=address, is_active=True).first()
            if person is None:
                raise ValidationError(
                    _("Nobody has an account with %(address)s. Ask them to create one first."),
                    params={"address": address},
                )
            if person not in people:
                people.append(person)
        return people


def judges_for(case: Case) -> Any:
    """The judges who may hear the case: neither a party to it nor its mediator."""
    return (
        User.objects.filter(office=Office.JUDGE, is_active=True)
        .exclude(parties__case=case)
        .exclude(pk__in=case.appointments.filter(role=Role.MEDIATOR).values("user"))
        .order_by("name")
    )


class ListingForm(TimeForm):
    """A new hearing."""

    judge = forms.ModelChoiceField(label=_("Judge"), queryset=User.objects.none(), empty_label=_("Choose a judge"))
    interpreters = PeopleField(
        label=_("Interpreters"), help_text=_("E-mail addresses of their accounts, one on each line.")
    )
    witnesses = PeopleField(
        label=_("Witnesses"), help_text=_("They see this hearing only, and nothing of the case file.")
    )
    observers = PeopleField(label=_("Observers"), help_text=_("They watch and listen, and may read the case."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["judge"].queryset = judges_for(case)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody attends in two parts."""
        cleaned = super().clean()
        placed = set(self.case.parties.exclude(user=None).values_list("user", flat=True))
        if cleaned.get("judge"):
            placed.add(cleaned["judge"].pk)
        for name in ("interpreters", "witnesses", "observers"):
            for person in cleaned.get(name) or []:
                if person.pk in placed:
                    self.add_error(
                        name, _("%(person)s has another part in this hearing.") % {"person": person.get_full_name()}
                    )
                    break
                placed.add(person.pk)
        return cleaned

    @property
    def guests(self) -> list[Guest]:
        """Whom the hearing needs besides the parties and the court."""
        roles = {"interpreters": Role.INTERPRETER, "witnesses": Role.WITNESS, "observers": Role.OBSERVER}
        return [Guest(person, role) for name, role in roles.items() for person in self.cleaned_data[name]]


class CancelForm(forms.Form):
    """Why a sitting is cancelled."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who was invited reads this in a letter."),
    )


class NoteForm(forms.Form):
    """A log note."""

    text = forms.CharField(label=_("Note"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class PresentForm(forms.Form):
    """Which exhibit to show, and which page of it."""

    exhibit = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, error_messages={"required": _("Choose an exhibit.")}
    )
    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": _("Type the number of a page."),
            "min_value": _("Type the number of a page."),
            "max_value": _("Type the number of a page."),
        },
    )
