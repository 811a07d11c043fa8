"""What this room shows on the case page and asks on the home page."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.accounts.models import Office, User
from court.cases import stages
from court.cases.access import cases_for
from court.cases.docket import sentences
from court.cases.models import Case
from court.cases.page import Duty, Section, duties, section

from .access import orders_for
from .models import Order, OrderState

sentences(
    order_signed=gettext_lazy("The judge signed order %(number)s: %(title)s."),
    order_issued=gettext_lazy("The court sent order %(number)s to the parties as a signed PDF."),
    case_decided=gettext_lazy("The court decided the case by order %(number)s."),
    case_settled_by_order=gettext_lazy("The case was settled by consent order %(number)s."),
)


@section(70)
def orders_section(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """Issued orders with their downloads; for the judge also drafts and a way to begin one."""
    found = list(orders_for(user).filter(case=case).order_by("-signed_at", "-created_at"))
    drafts = [order for order in found if order.state == OrderState.DRAFT]
    writes = "decide_case" in may and (case.stage not in stages.CLOSED or case.stage == stages.SETTLED)
    if case.number is None and not found:
        return None
    return Section(
        "orders",
        _("Orders"),
        "orders/section.html",
        {"orders": [order for order in found if order.state != OrderState.DRAFT], "drafts": drafts, "writes": writes},
    )


@duties
def orders_to_write(user: User, case: Case | None) -> Iterable[Duty]:
    """A judge finishes drafts, and decides cases that were heard."""
    if user.office != Office.JUDGE:
        return
    decides = cases_for(user, can="decide_case")
    mine = decides.filter(pk=case.pk) if case else decides
    for draft in Order.objects.filter(case__in=mine, written_by=user, state=OrderState.DRAFT).select_related("case"):
        yield Duty(
            label=_("Finish and sign the draft: %(title)s") % {"title": draft.title},
            url=reverse("order", args=[draft.pk]),
            case=draft.case,
            action=_("Open the draft"),
        )
    written = Order.objects.filter(case=OuterRef("pk"), written_by=user, state=OrderState.DRAFT)
    for heard in mine.filter(stage=stages.HEARD).exclude(Exists(written)):
        yield Duty(
            label=_("Decide the case"),
            url=reverse("order_new", args=[heard.label]),
            case=heard,
            action=_("Write an order"),
            detail=_("The case was heard. The parties wait for your decision."),
        )
