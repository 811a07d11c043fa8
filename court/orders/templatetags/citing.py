"""A paragraph of an order with the passages of the record it cites."""

from typing import Any

from django import template

from court.accounts.models import User

from ..citing import pieces

register = template.Library()


@register.inclusion_tag("orders/cited.html", takes_context=True)
def cited(context: dict[str, Any], paragraph: str) -> dict[str, Any]:
    """The paragraph; on the page also with buttons that play what is cited, for readers who may hear it."""
    person = getattr(context.get("request"), "user", None)
    reader = person if isinstance(person, User) and not context.get("paper") else None
    return {"pieces": list(pieces(paragraph, context["order"].case, reader)), "paper": context.get("paper")}
