"""What the style guide shows: one sample of everything a component can be given."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SampleForm(forms.Form):
    """One field of every look."""

    name = forms.CharField(
        label=gettext_lazy("Full name"), help_text=gettext_lazy("As it stands in your passport or company register.")
    )
    amount = forms.DecimalField(label=gettext_lazy("Amount you ask for"), min_value=1, decimal_places=2)
    happened_on = forms.DateField(label=gettext_lazy("When it happened"))
    facts = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=forms.Textarea,
        required=False,
        help_text=gettext_lazy("Say it in your own words, one event at a time."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What the dispute is about"), choices=[])
    answer = forms.ChoiceField(
        label=gettext_lazy("Do you agree with the claim?"),
        choices=[],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("You can change this until you send your answer."),
    )
    exhibit = forms.FileField(
        label=gettext_lazy("A document or recording"), required=False, help_text=gettext_lazy("PDF, picture or sound.")
    )
    true = forms.BooleanField(label=gettext_lazy("I believe that the facts stated here are true."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("goods", _("Goods")), ("services", _("Services")), ("rent", _("Rent or deposit"))]
        answers = [("all", _("Yes, all of it")), ("part", _("Part of it")), ("none", _("No"))]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]


def sample(request: HttpRequest) -> dict[str, Any]:
    """The context of the style guide's page; a POST validates the sample form and keeps nothing."""
    form = SampleForm(request.POST, request.FILES) if request.method == "POST" else SampleForm()
    served = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
    page = request.GET.get("page")
    return {
        "form": form,
        "moment": datetime(2026, 12, 24, 16, 0, tzinfo=UTC),
        "tasks": [
            {
                "label": _("Answer the claim"),
                "url": "#tasks",
                "hint": _("28 days from service, rule R-12"),
                "status": _("To do"),
                "tone": "wait",
                "icon": "clock",
            },
            {"label": _("Confirm your address for service"), "url": "#tasks", "status": _("Done"), "tone": "good"},
            {
                "label": _("Upload exhibits"),
                "hint": _("Opens when you have answered."),
                "status": _("Cannot start yet"),
            },
        ],
        "rows": [
            {"label": _("Claimant"), "value": "Kim Jiwoo", "change": "#summary"},
            {"label": _("Respondent"), "value": "Li Wei", "change": "#summary"},
            (_("Case number"), "C-2026-0012"),
        ],
        "steps": [_("Filed"), _("Served"), _("Answer"), _("Hearing"), _("Order")],
        "entries": [
            {
                "title": _("Claim filed"),
                "when": datetime(2026, 11, 20, 9, 2, tzinfo=UTC),
                "by": "Kim Jiwoo",
                "icon": "file-text",
            },
            {
                "title": _("Claim accepted"),
                "when": datetime(2026, 11, 23, 14, 40, tzinfo=UTC),
                "by": "Tom Reed",
                "icon": "check",
                "tone": "good",
            },
            {
                "title": _("Claim served"),
                "when": served,
                "by": "Tom Reed",
                "icon": "mail",
                "tone": "wait",
                "text": _("The respondent has until 24 December, 4 pm, to answer."),
            },
        ],
        "page_obj": Paginator(range(1, 231), 10).get_page(page or 4),
        "tones": ["good", "bad", "wait", "info", "neutral"],
        "amounts": [(123450, "GBP"), (1234500, "KRW"), (98700, "CNY"), (12345, "CHF"), (1234567, "KWD")],
    }
