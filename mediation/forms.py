"""What is asked when mediation is arranged and offers are made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from court.accounts.models import Office, User
from court.cases.models import Case, Role
from court.filings.forms import MoneyField
from court.hearings.forms import CancelForm, TimeForm

from .models import Answer, Outcome

__all__ = ["AnswerForm", "ArrangeForm", "CancelForm", "OfferForm", "OutcomeForm", "TimeForm"]


class ArrangeForm(TimeForm):
    """A new session."""

    mediator = forms.ModelChoiceField(
        label=_("Mediator"), queryset=User.objects.none(), empty_label=_("Choose a mediator")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = 90
        self.fields["mediator"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(office=Office.MEDIATOR, is_active=True)
            .exclude(parties__case=case)
            .exclude(pk__in=case.appointments.filter(role=Role.JUDGE).values("user"))
            .order_by("name")
        )


class AnswerForm(forms.Form):
    """A party's answer, given by the button that was pressed."""

    answer = forms.ChoiceField(choices=Answer.choices)


class OutcomeForm(forms.Form):
    """What the mediation came to."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            (Outcome.SETTLED.value, Outcome.SETTLED.label),
            (Outcome.NOT_SETTLED.value, Outcome.NOT_SETTLED.label),
        ],
        widget=forms.RadioSelect,
        help_text=_("Only this word is kept. Write nothing of what was said."),
    )


class OfferForm(forms.Form):
    """An offer. Its cleaned amount is in minor units."""

    amount = MoneyField(
        label=_("Amount to be paid to the claimant"),
        required=False,
        help_text=_("Leave it empty if your offer is not about money."),
    )
    terms = forms.CharField(
        label=_("What you offer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say what each side would do, and by when."),
    )
    days = forms.TypedChoiceField(label=_("The offer stands for"), coerce=int, initial=7)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in (3, 7, 14, 28)
        ]
