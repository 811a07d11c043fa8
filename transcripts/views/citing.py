"""A judge puts a passage of the record into a draft of theirs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from court.accounts.access import PersonRequest, signed_in
from court.cases.access import may
from court.orders import services as orders
from court.orders.models import Order, OrderState

from ..access import transcript_for
from ..citing import cited_text
from ..extracts import NoSuchPassage, TooLong
from ..models import Clearance
from ..quoting import quotation


class CiteForm(forms.Form):
    """Into which draft, and where in it. A draft is known by its number and the version its list was made from."""

    first = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    last = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    part = forms.ChoiceField(
        label=gettext_lazy("Where in it?"),
        choices=[
            ("background", gettext_lazy("Background")),
            ("findings", gettext_lazy("Reasons")),
            ("ordered", gettext_lazy("It is ordered that")),
        ],
        initial="findings",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, drafts: list[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{draft.pk}.{draft.version}", draft.title) for draft in drafts]
        self.fields["order"] = forms.ChoiceField(
            label=_("Which draft?"),
            choices=choices,
            initial=choices[0][0] if len(choices) == 1 else None,
            widget=forms.RadioSelect,
        )


@require_http_methods(["GET", "POST"])
@signed_in
def cite(request: PersonRequest, number: int) -> HttpResponse:
    """Choose the draft; the quotation with its citation becomes a paragraph of it."""
    found = transcript_for(request.user, number)
    if not may(request.user, found.case, "decide_case"):
        raise Http404
    drafts = list(
        Order.objects.filter(case=found.case, written_by=request.user, state=OrderState.DRAFT).order_by("-created_at")
    )
    given = request.POST if request.method == "POST" else request.GET
    form = CiteForm(
        request.POST or None, drafts=drafts, initial={"first": given.get("first"), "last": given.get("last")}
    )
    try:
        first = int(given.get("first", ""))
        last = int(given.get("last", "") or first)
        quoted = quotation(found, first, last, clearance=Clearance.PARTY)
    except ValueError:
        if request.method == "POST":
            return render(
                request, "transcripts/cite.html", {"transcript": found, "case": found.case, "form": form}, status=400
            )
        messages.info(request, _("Find the words first, then choose “Insert into an order”."))
        return redirect("transcript_quote", number)
    except (NoSuchPassage, TooLong):
        messages.error(request, _("These words are not in the transcript, or they are too many to quote."))
        return redirect("transcript_quote", number)
    if request.method == "POST" and form.is_valid():
        pk, _dot, version = form.cleaned_data["order"].partition(".")
        draft = next(one for one in drafts if one.pk == int(pk))
        text = cited_text(found, first, last, language=draft.language)
        try:
            orders.insert_citation(
                draft, text=text, part=form.cleaned_data["part"], version=int(version), by=request.user
            )
        except orders.TooLong:
            form.add_error("part", _("There is no room left in this part of the order."))
        except (orders.Stale, orders.NotADraft):
            form.add_error("order", _("This draft was changed meanwhile. Choose it again."))
        else:
            messages.success(request, _("Inserted. Move it to its place and save the draft."))
            return redirect("order_edit", draft.pk)
    context = {"transcript": found, "case": found.case, "form": form, "quoted": quoted}
    return render(request, "transcripts/cite.html", context, status=400 if form.errors else 200)
