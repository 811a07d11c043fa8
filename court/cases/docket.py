"""The docket's sentences. An entry keeps its kind and details; the reader's language makes the sentence."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.functional import Promise

from court.accounts.models import Office, User

from .models import Audience, Case, DocketEntry, Party

Sentence = str | Promise | Callable[[dict[str, object]], str]
SENTENCES: dict[str, Sentence] = {}


def sentences(**new: Sentence) -> None:
    """Register how entries of a kind read: a translatable text with %(name)s fields, or a function of the details."""
    SENTENCES.update(new)


def sentence(entry: DocketEntry) -> str:
    """The entry in the active language."""
    template = SENTENCES.get(entry.kind)
    if template is None:
        return entry.kind
    if callable(template) and not isinstance(template, Promise):
        return template(entry.details)
    return str(template) % entry.details


def docket_for(user: User, case: Case) -> QuerySet[DocketEntry]:
    """The entries of the case that this person may read, oldest first. The case must have been fetched for them."""
    audiences = {Audience.ALL}
    parts = set(case.appointments.filter(user=user).values_list("role", flat=True))
    if user.office == Office.CLERK or parts & {"judge", "clerk"}:
        audiences.add(Audience.COURT)
    if "mediator" in parts or Party.objects.filter(case=case, user=user).exists():
        audiences.add(Audience.MEDIATION)
    return case.docket.filter(audience__in=audiences).select_related("actor").order_by("at", "id")
