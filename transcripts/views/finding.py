"""Search of the record."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from court.accounts.access import PersonRequest, signed_in

from ..asking import NothingToFind
from ..forms import SearchForm
from ..reading import clock, role_name, tongue
from ..search import DEPTH, Found, Hit, search

PER_PAGE = 20


@dataclass
class Passages:
    """Search results as a paginator slices them: asks for one page's hits, knows the count of all."""

    typed: str
    request: PersonRequest
    form: SearchForm

    @cached_property
    def first(self) -> Found:
        """The first page, which every page's count comes from."""
        return self._find(0, PER_PAGE)

    def _find(self, offset: int, limit: int) -> Found:
        return search(self.typed, user=self.request.user, filters=self.form.filters(), offset=offset, limit=limit)

    def count(self) -> int:
        """How many passages there are, up to DEPTH."""
        return self.first.total

    def __len__(self) -> int:
        return self.first.total

    def __getitem__(self, part: slice) -> list[Hit]:
        if part.start == 0:
            return self.first.hits
        return self._find(part.start, part.stop - part.start).hits


@require_safe
@signed_in
def search_page(request: PersonRequest) -> HttpResponse:
    """Search what was said in the hearings this person may read."""
    asked = any(request.GET.get(name, "").strip() for name in SearchForm.base_fields)
    form = SearchForm(request.GET if asked else None)
    page: Page | None = None
    more = False
    if asked and form.is_valid():
        passages = Passages(form.cleaned_data["q"], request, form)
        try:
            page = Paginator(passages, PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
            more = passages.first.more
        except NothingToFind as nothing:
            form.add_error("q", str(nothing))
    status = 400 if asked and form.errors else 200
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "hits": [_shown(hit) for hit in page] if page else [],
        "more": more,
        "depth": DEPTH,
        "filtered": any(request.GET.get(name) for name in ("speaker", "case", "since", "until")),
    }
    return render(request, "transcripts/search.html", context, status=status)


def _shown(hit: Hit) -> dict[str, Any]:
    """A hit with what its line on the page needs besides."""
    said = hit.utterance
    return {
        "utterance": said,
        "role": role_name(said.role),
        "language": tongue(said.language),
        "start": f"{hit.start:.2f}",
        "clock": clock(hit.start),
        "pieces": hit.pieces,
    }
