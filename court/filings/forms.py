"""The forms of the claim and the answer, one a step. What can be used is saved even while something else is wrong."""

from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Claim, Fact, FactReply, Stance, Verdict
from .money import read_amount, typed_amount
from .queries import same_name

FACTS_AT_MOST = 100
KEEP_AT_MOST = 200_000  # characters of one step that are kept although they cannot be used yet
DAY_FORMATS = [
    "%Y-%m-%d",
    "%d %B %Y",
    "%d %b %Y",
    "%Y.%m.%d",
    "%Y. %m. %d.",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%Y년 %m월 %d일",
]


class DraftForm(forms.Form):
    """One step of a draft."""

    use_required_attribute = False  # whether a field is needed can depend on another

    def usable(self) -> dict[str, Any]:
        """The values that can be saved now: all that are valid, and what was left or made empty."""
        self.is_valid()
        values = dict(self.cleaned_data)
        for name, field in self.fields.items():
            if name not in values and not self._typed(name):
                words = isinstance(field, forms.CharField) and not isinstance(field, MoneyField)
                values[name] = "" if words else None
        return values

    def unusable(self) -> bool:
        """Tell whether something was typed that cannot be saved as it is."""
        return any(name not in self.cleaned_data and self._typed(name) for name in self.fields)

    def as_typed(self) -> dict[str, str]:
        """The fields as they were typed, to be shown again."""
        return {self.add_prefix(name): self._typed(name) for name in self.fields if self._typed(name)}

    def not_needed(self, name: str) -> None:
        """Leave a field out after all, because of what another field says."""
        self.errors.pop(name, None)
        self.cleaned_data[name] = None

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or "").strip()


class MoneyField(forms.CharField):
    """An amount of money, typed in major units, given in minor ones (None for nothing)."""

    def __init__(self, **details: Any) -> None:
        super().__init__(max_length=40, **details)
        self.currency = settings.COURT_CURRENCY

    def clean(self, value: Any) -> Any:
        """The amount in minor units. Raises ValidationError."""
        typed = super().clean(value)
        return read_amount(typed, self.currency) if typed else None


def _lines(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class YouForm(DraftForm):
    """Who claims and how the court reaches them."""

    name = forms.CharField(
        label=gettext_lazy("Your full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The court writes to you at this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address"), max_length=500, widget=_lines(3, autocomplete="street-address")
    )


class OtherSideForm(DraftForm):
    """Who is sued, and where the court's letter goes."""

    name = forms.CharField(
        label=gettext_lazy("Full name of the person or company"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("Check it well: the court sends the claim there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Their postal address"),
        max_length=500,
        required=False,
        widget=_lines(3, autocomplete="off"),
    )

    def __init__(self, *args: Any, claimants: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claimants = claimants

    def clean_email(self) -> str:
        """Nobody can sue themselves: the claimant's own addresses are refused."""
        email: str = self.cleaned_data["email"]
        if email.lower() in self.claimants:
            raise ValidationError(_("This is your own e-mail address. Give the other side’s."))
        return email


class SummaryForm(DraftForm):
    """The claim in one sentence."""

    summary = forms.CharField(
        error_messages={"required": gettext_lazy("Say in one sentence what this is about.")},
        label=gettext_lazy("In one sentence, what is this about?"),
        help_text=gettext_lazy("For example: a deposit that was not paid back."),
        max_length=200,
    )


class FactForm(DraftForm):
    """One thing that happened."""

    day = forms.DateField(
        label=gettext_lazy("When it happened"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(),
        error_messages={"required": gettext_lazy("Give the date, or say that you do not know it.")},
    )
    date_unknown = forms.BooleanField(label=gettext_lazy("I do not know the date"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=4000,
        widget=_lines(4),
        error_messages={"required": gettext_lazy("Say what happened.")},
    )

    def clean_day(self) -> date | None:
        """A day that has been."""
        day = cast("date | None", self.cleaned_data["day"])
        if day and day > timezone.localdate():
            raise ValidationError(_("This date is in the future."))
        if day and day.year < 1900:
            raise ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Either a date or the word that it is not known; a date makes the word needless."""
        if self.cleaned_data.get("day"):
            self.cleaned_data["date_unknown"] = False
        elif self.cleaned_data.get("date_unknown") and not self._typed("day"):
            self.not_needed("day")
        return self.cleaned_data

    def is_blank(self) -> bool:
        """Tell whether nothing was put into this row."""
        return not self.as_typed()


FactForms = formset_factory(
    FactForm, extra=0, min_num=0, max_num=FACTS_AT_MOST, validate_max=True, absolute_max=FACTS_AT_MOST + 1
)


class RemedyForm(DraftForm):
    """What the court should order, and how much money."""

    remedy = forms.CharField(
        label=gettext_lazy("What do you ask the court to order?"),
        help_text=gettext_lazy("For example: pay back the deposit; repair the roof."),
        max_length=4000,
        widget=_lines(5),
    )
    asks_money = forms.TypedChoiceField(
        label=gettext_lazy("Do you ask for money?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        coerce=lambda said: said == "yes",
        empty_value=None,
    )
    amount = MoneyField(
        label=gettext_lazy("How much?"),
        help_text=gettext_lazy("The whole sum you ask for, such as 1,250.50."),
        error_messages={"required": gettext_lazy("Say how much money you ask for.")},
    )

    def clean(self) -> dict[str, Any]:
        """Money that is asked for has an amount; an amount that is not asked for is dropped."""
        asked = self.cleaned_data.get("asks_money")
        if asked is False or (asked is None and not self._typed("amount")):
            self.not_needed("amount")
        return self.cleaned_data


class TruthForm(forms.Form):
    """The statement of truth."""

    name = forms.CharField(
        label=gettext_lazy("Your full name, as your signature"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agree = forms.BooleanField(label=gettext_lazy("This is true as far as I know."))

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def clean_name(self) -> str:
        """The signature is the name of the one who signs."""
        name: str = self.cleaned_data["name"]
        if not any(same_name(name, known) for known in self.names):
            raise ValidationError(_("Type your name as it stands in the case: %(name)s.") % {"name": self.names[0]})
        return name


class ReasonsForm(forms.Form):
    """What a clerk decides about a claim."""

    verdict = forms.ChoiceField(label=gettext_lazy("Decision"), choices=[], widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("What must be corrected, or why the claim is refused"),
        help_text=gettext_lazy(
            "The claimant reads this word for word. A list of corrections must be complete: there is only one."
        ),
        max_length=4000,
        widget=_lines(6),
        error_messages={"required": gettext_lazy("Write what must be corrected, or why you refuse the claim.")},
    )
    use_required_attribute = False  # who accepts gives no reasons

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["verdict"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """A claim is neither returned nor refused without a word why."""
        if self.cleaned_data.get("verdict") == Verdict.ACCEPT:
            self.errors.pop("reasons", None)
        return self.cleaned_data


class CodeForm(forms.Form):
    """The code of the court's letter."""

    code = forms.CharField(
        label=gettext_lazy("The code from the court’s letter"),
        help_text=gettext_lazy("Sixteen letters and digits, such as 7K3M-9QXA-2CDE-FGHJ. Capitals do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "mono"}
        ),
    )


class PositionForm(DraftForm):
    """What the respondent says to the claim as a whole."""

    stance = forms.ChoiceField(
        label=gettext_lazy("What do you say to the claim?"), choices=Stance.choices, widget=forms.RadioSelect
    )
    admitted_amount = MoneyField(
        label=gettext_lazy("How much do you admit?"),
        help_text=gettext_lazy("Only if you admit part of the claim."),
        error_messages={"required": gettext_lazy("Say how much you admit.")},
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim = claim
        if claim.amount is None:
            del self.fields["admitted_amount"]
        else:
            cast(MoneyField, self.fields["admitted_amount"]).currency = claim.currency

    def clean(self) -> dict[str, Any]:
        """An admitted part has an amount below what is claimed; with any other stance it is dropped."""
        stance, amount = self.cleaned_data.get("stance"), self.cleaned_data.get("admitted_amount")
        if "admitted_amount" not in self.fields:
            return self.cleaned_data
        if stance == Stance.PART:
            if amount is not None and self.claim.amount is not None and amount >= self.claim.amount:
                self.add_error("admitted_amount", _("A part is less than the whole claim."))
        elif stance or not self._typed("admitted_amount"):
            self.not_needed("admitted_amount")
        return self.cleaned_data


class ReplyForm(DraftForm):
    """The respondent's reply to one fact."""

    reply = forms.ChoiceField(label=gettext_lazy("Your reply"), choices=FactReply.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Why, or what happened instead"),
        help_text=gettext_lazy("Needed if you dispute the fact."),
        max_length=4000,
        required=False,
        widget=_lines(3),
    )

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": f"fact-{fact.pk}", **kwargs})
        self.fact = fact
        self.fields["reply"].error_messages["required"] = _("Reply to fact %(n)d.") % {"n": fact.position}

    def clean(self) -> dict[str, Any]:
        """Who disputes says why."""
        if self.cleaned_data.get("reply") == FactReply.DISPUTED and self.cleaned_data.get("text") == "":
            self.add_error("text", _("Say why you dispute fact %(n)d.") % {"n": self.fact.position})
        return self.cleaned_data


class StoryForm(DraftForm):
    """The respondent's side."""

    text = forms.CharField(
        label=gettext_lazy("Your side of what happened"),
        help_text=gettext_lazy("Say it in your own words, one event at a time."),
        max_length=20000,
        widget=_lines(10),
    )


def remedy_initial(claim: Claim) -> dict[str, Any]:
    """The remedy step as it was saved."""
    said = {True: "yes", False: "no", None: None}[claim.asks_money]
    return {
        "remedy": claim.remedy,
        "asks_money": said,
        "amount": typed_amount(claim.amount, claim.currency or settings.COURT_CURRENCY),
    }
