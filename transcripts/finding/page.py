"""What search shows on a person's home page: saved searches that found something new."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import User
from court.cases.models import Case
from court.cases.page import Duty, duties

from .saved import address, searches_of


@duties
def new_passages(user: User, case: Case | None) -> Iterable[Duty]:
    """Each saved search that found something its owner has not looked at yet."""
    if case is not None:
        return
    for search in searches_of(user).filter(new__gt=0):
        yield Duty(
            label=ngettext(
                "One new passage for your saved search “%(name)s”",
                "%(count)s new passages for your saved search “%(name)s”",
                search.new,
            )
            % {"count": search.new, "name": search.name},
            url=address(search),
            action=_("Read it"),
        )
