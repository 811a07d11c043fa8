"""Searches that people keep, and the letters that tell them of something new.

What is new is what the search finds now, with the permissions its owner has now, and did not find before: also what
was said long ago, and became readable only now. At most one letter a day for each search.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from court.accounts.models import User
from court.accounts.post import write_letter

from ..asking import NothingToFind
from ..models import SavedSearch
from ..search import Filters, search

MOST = 20  # searches one person may keep
EVERY = timedelta(minutes=10)  # between two looks
LETTER_EVERY = timedelta(days=1)
KEPT = 3000  # passages remembered of one search
FIELDS = ("speaker", "case", "since", "until", "role", "language", "kind")


class TooMany(Exception):
    """The person keeps as many searches as they may."""


class NameTaken(Exception):
    """The person keeps a search under this name already."""


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """The searches this person keeps."""
    return SavedSearch.objects.filter(user=user)


def saved_search_for(user: User, number: int) -> SavedSearch:
    """A search this person keeps, or Http404."""
    found = searches_of(user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def filters_of(told: dict[str, Any]) -> Filters:
    """The filters as a saved search keeps them."""
    given: dict[str, Any] = {name: told[name] for name in FIELDS if told.get(name)}
    for name in ("since", "until"):
        if name in given:
            given[name] = parse_date(given[name])
    return Filters(**given)


def keep(*, query: str, filters: dict[str, str], name: str, letters: bool, by: User) -> SavedSearch:
    """Keep a search. What it finds now is known. Raises TooMany, NameTaken, NothingToFind."""
    if searches_of(by).count() >= MOST:
        raise TooMany
    found = search(query, user=by, filters=filters_of(filters), limit=0)
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                user=by, name=name, query=query, filters=filters, letters=letters, known=found.keys
            )
    except IntegrityError as taken:
        raise NameTaken from taken


def drop(saved: SavedSearch) -> None:
    """Keep a search no longer."""
    saved.delete()


def address(saved: SavedSearch) -> str:
    """The address of the search page with this search."""
    told = QueryDict(mutable=True)
    told["q"] = saved.query
    told.update({name: saved.filters[name] for name in FIELDS if saved.filters.get(name)})
    told["saved"] = str(saved.pk)
    return f"{reverse('search')}?{told.urlencode()}"


def seen(saved: SavedSearch) -> None:
    """Its owner has opened it: nothing is new."""
    SavedSearch.objects.filter(pk=saved.pk).update(new=0, untold=0)


def due() -> QuerySet[SavedSearch]:
    """The searches to be looked for again, the longest waiting first."""
    return SavedSearch.objects.filter(looked_at__lt=timezone.now() - EVERY, user__is_active=True).order_by("looked_at")


def look(saved: SavedSearch) -> int:
    """Look for a saved search as its owner may search now. Returns how many passages are new.

    Told on the home page at once, and by letter unless one was written within a day: then by the next one.
    """
    now = timezone.now()
    try:
        found = search(saved.query, user=saved.user, filters=filters_of(saved.filters), limit=0)
    except NothingToFind:
        SavedSearch.objects.filter(pk=saved.pk).update(looked_at=now)
        return 0
    known = set(saved.known)
    fresh = [key for key in found.keys if key not in known]
    remembered = [*found.keys, *(key for key in saved.known if key not in set(found.keys))][:KEPT]
    with transaction.atomic():
        held = SavedSearch.objects.select_for_update().filter(pk=saved.pk, looked_at=saved.looked_at).first()
        if held is None:
            return 0  # another worker was faster, or the search is no longer kept
        held.known, held.looked_at = remembered, now
        held.new, held.untold = held.new + len(fresh), held.untold + len(fresh)
        if held.letters and held.untold and _may_write(held):
            write_letter(
                "search_found",
                to=saved.user.email,
                key=f"search-{saved.pk}-{now:%Y%m%d%H%M%S%f}",
                language=saved.user.language,
                name=saved.user.name,
                search=held.name,
                count=held.untold,
                url=settings.COURT_ORIGIN + address(held),
                searches_url=settings.COURT_ORIGIN + reverse("saved_searches"),
            )
            held.letter_at, held.untold = now, 0
        held.save(update_fields=["known", "looked_at", "new", "untold", "letter_at"])
    return len(fresh)


def _may_write(saved: SavedSearch) -> bool:
    return saved.letter_at is None or saved.letter_at <= timezone.now() - LETTER_EVERY
