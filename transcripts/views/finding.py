"""Search of the record, and the searches people keep."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from court.accounts.access import PersonRequest, signed_in

from ..asking import NothingToFind
from ..finding import saved
from ..finding.shown import TAKEN, facets_shown, hits_shown
from ..forms import SaveSearchForm, SearchForm
from ..search import DEPTH, Found, Hit, search

PER_PAGE = 20
PAGE = re.compile(r"[1-9]\d{0,3}", re.ASCII)
SAVED = re.compile(r"\d{1,17}", re.ASCII)


@dataclass
class Passages:
    """Search results as a paginator slices them: asks for one page's hits, knows the count of all."""

    typed: str
    request: PersonRequest
    form: SearchForm
    page: int

    @cached_property
    def found(self) -> Found:
        """The page that is asked for; every page's count comes from it."""
        return self._find((self.page - 1) * PER_PAGE)

    def _find(self, offset: int) -> Found:
        return search(self.typed, user=self.request.user, filters=self.form.filters(), offset=offset, limit=PER_PAGE)

    def count(self) -> int:
        """How many passages there are, of those that were ranked."""
        return self.found.total

    def __len__(self) -> int:
        return self.found.total

    def __getitem__(self, part: slice) -> list[Hit]:
        if part.start == (self.page - 1) * PER_PAGE:
            return self.found.hits
        return self._find(part.start).hits


@require_safe
@signed_in
def search_page(request: PersonRequest) -> HttpResponse:
    """Search what was said and written in what this person may read."""
    return _searched(request, request.GET)


def _searched(request: PersonRequest, told: QueryDict, keeping: SaveSearchForm | None = None) -> HttpResponse:
    asked = any(told.get(name, "").strip() for name in SearchForm.base_fields)
    form = SearchForm(told if asked else None)
    page: Page | None = None
    found: Found | None = None
    if asked and form.is_valid():
        number = told.get("page", "1")
        passages = Passages(form.cleaned_data["q"], request, form, int(number) if PAGE.fullmatch(number) else 1)
        try:
            page = Paginator(passages, PER_PAGE).get_page(number)  # type: ignore[arg-type]
            found = passages.found
        except NothingToFind as nothing:
            form.add_error("q", str(nothing))
    if found is not None and SAVED.fullmatch(kept := told.get("saved", "")):
        for one in saved.searches_of(request.user).filter(pk=int(kept)):
            saved.seen(one)
    status = 400 if (asked and form.errors) or (keeping and keeping.errors) else 200
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "hits": hits_shown(list(page)) if page else [],
        "facets": facets_shown(found.facets, told) if found else [],
        "more": bool(found and found.more),
        "depth": DEPTH,
        "filtered": any(told.get(name) for name in TAKEN),
        "keeping": keeping or SaveSearchForm(initial={"name": told.get("q", "")[:100]}),
        "keeps": saved.searches_of(request.user).exists(),
    }
    return render(request, "transcripts/search.html", context, status=status)


@require_POST
@signed_in
def save_search(request: PersonRequest) -> HttpResponse:
    """Keep the present search under a name."""
    form = SearchForm(request.POST)
    keeping = SaveSearchForm(request.POST)
    if not form.is_valid() or not keeping.is_valid():
        return _searched(request, request.POST, keeping)
    typed = form.cleaned_data["q"]
    try:
        saved.keep(
            query=typed,
            filters={name: str(told) for name in saved.FIELDS if (told := form.cleaned_data[name])},
            name=keeping.cleaned_data["name"],
            letters=keeping.cleaned_data["letters"],
            by=request.user,
        )
    except NothingToFind as nothing:
        keeping.add_error("name", str(nothing))
    except saved.NameTaken:
        keeping.add_error("name", _("You have a saved search of this name already. Choose another name."))
    except saved.TooMany:
        keeping.add_error(
            "name",
            _("You have %(number)s saved searches, the most there may be. Delete one first.") % {"number": saved.MOST},
        )
    else:
        messages.success(request, _("The search is saved."))
        return redirect("saved_searches")
    return _searched(request, request.POST, keeping)


@require_GET
@signed_in
def saved_searches(request: PersonRequest) -> HttpResponse:
    """The searches this person keeps, and whether they found anything new."""
    kept = [(one, saved.address(one)) for one in saved.searches_of(request.user)]
    return render(request, "transcripts/search_saved.html", {"kept": kept})


@require_POST
@signed_in
def delete_search(request: PersonRequest, number: int) -> HttpResponse:
    """Keep a search no longer."""
    saved.drop(saved.saved_search_for(request.user, number))
    messages.success(request, _("The saved search is deleted."))
    return redirect("saved_searches")
