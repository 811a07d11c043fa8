"""Who may read an order. A draft is its writer's alone; fetching is the permission check."""

from django.db.models import Q, QuerySet
from django.http import Http404

from court.accounts.models import User
from court.cases.access import cases_for

from .models import Order, OrderState


def orders_for(user: User) -> QuerySet[Order]:
    """The orders this person may read.

    Issued ones: everybody who may view the case. Signed ones whose PDF is still being made: the judge and the clerks
    of the case. Drafts: who wrote them, while they decide the case.
    """
    decides = cases_for(user, can="decide_case")
    return Order.objects.filter(
        Q(state=OrderState.ISSUED, case__in=cases_for(user, can="view_case"))
        | Q(state=OrderState.SIGNED, case__in=cases_for(user, can=("decide_case", "manage_case")))
        | Q(state=OrderState.DRAFT, written_by=user, case__in=decides)
    ).select_related("case", "written_by")


def order_for(user: User, pk: int) -> Order:
    """The order, or Http404 unless this person may read it."""
    order = orders_for(user).filter(pk=pk).first()
    if order is None:
        raise Http404
    return order


def own_order_for(user: User, pk: int) -> Order:
    """An order this person wrote, in a case they still decide, whatever its state. Raises Http404."""
    order = (
        Order.objects.filter(pk=pk, written_by=user, case__in=cases_for(user, can="decide_case"))
        .select_related("case", "written_by")
        .first()
    )
    if order is None:
        raise Http404
    return order
