"""What is asked when mediation is arranged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from court.accounts.models import Office, User
from court.cases.models import Case, Role
from court.hearings.forms import CancelForm, TimeForm

from .models import Answer, Outcome

__all__ = ["AnswerForm", "ArrangeForm", "CancelForm", "OutcomeForm", "TimeForm"]


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
