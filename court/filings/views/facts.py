"""The facts of the claim: a list of rows that grows, shrinks and is put in order by plain buttons."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from court.accounts.access import PersonRequest
from court.filings.forms import FACTS_AT_MOST, FactForm, FactForms, SummaryForm
from court.filings.models import Claim, Fact
from court.filings.services import change_claim
from court.filings.steps import walk_of_claim

from .step import leave, remember, show, too_long, typed_before, wants_to_leave

FIELDS = ("day", "date_unknown", "text")
Row = dict[str, str]


def facts(request: PersonRequest, claim: Claim) -> HttpResponse:
    """The step "What happened"."""
    walk = walk_of_claim(claim)
    if request.method != "POST":
        return _form_of_draft(request, claim)
    do = request.POST.get("do", "")
    rows = _rows(request.POST)
    changed = _rearranged(rows, do)
    summary, forms = _bound(request.POST.get("summary", ""), rows if changed is None else changed)
    raw: dict[str, Any] = {"summary": request.POST.get("summary", ""), "rows": [form.as_typed() for form in forms]}
    if too_long(raw):
        return show(request, walk, "facts", "filings/step_facts.html", form=summary, facts=forms)
    _save(claim, summary, forms.forms)
    if changed is not None:
        return _rearrange_done(request, do, len(changed))
    if wants_to_leave(request):
        return leave(request, walk)
    wanted = [form for form in forms if not form.is_blank()]
    if summary.is_valid() and wanted and all(form.is_valid() for form in wanted):
        return redirect(walk.after("facts", request))
    summary, forms = _bound(raw["summary"], [_unprefixed(form.as_typed()) for form in wanted] or [{}])
    return show(request, walk, "facts", "filings/step_facts.html", form=summary, facts=forms)


def _form_of_draft(request: PersonRequest, claim: Claim) -> HttpResponse:
    """The page as it is opened: what is saved, what could not be used yet, and an empty row where one is wanted."""
    walk = walk_of_claim(claim)
    typed: Any = typed_before(request, claim.unfinished, "facts")
    add = "add" in request.GET
    if typed:
        rows = _rows(typed) if isinstance(typed, QueryDict) else [_unprefixed(row) for row in typed["rows"]]
        if add and isinstance(typed, dict):
            rows.append({})
        words, bound = _bound(typed.get("summary", ""), rows or [{}])
        return show(request, walk, "facts", "filings/step_facts.html", form=words, facts=bound, add=add)
    saved: list[dict[str, Any]] = [
        {"day": fact.happened_on, "date_unknown": fact.date_unknown, "text": fact.text} for fact in claim.facts.all()
    ]
    if add or not saved:
        saved.append({})
    forms = FactForms(prefix="facts", initial=saved[:FACTS_AT_MOST])
    summary = SummaryForm(initial={"summary": claim.summary})
    return show(request, walk, "facts", "filings/step_facts.html", form=summary, facts=forms, add=add)


def _rows(data: QueryDict) -> list[Row]:
    """The rows that were sent, as they were typed. A wrong count is read as far as it makes sense."""
    count = data.get("facts-TOTAL_FORMS", "0")
    total = min(int(count), FACTS_AT_MOST) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    return [{name: data.get(f"facts-{n}-{name}", "") for name in FIELDS} for n in range(total)]


def _unprefixed(row: Row) -> Row:
    return {name.rpartition("-")[2]: value for name, value in row.items()}


def _rearranged(rows: list[Row], do: str) -> list[Row] | None:
    """The rows after "add", "remove-2", "up-2" or "down-2" (counted from 0); None for any other button."""
    verb, _dash, place = do.partition("-")
    if verb == "add":
        return rows
    if verb not in ("remove", "up", "down") or not (place.isascii() and place.isdigit() and len(place) < 5):
        return None
    n = int(place)
    if not 0 <= n < len(rows):
        return rows
    changed = list(rows)
    row = changed.pop(n)
    if verb != "remove":
        changed.insert(max(0, n + (-1 if verb == "up" else 1)), row)
    return changed


def _bound(summary: str, rows: list[Row]) -> tuple[SummaryForm, Any]:
    """The page's forms with what was typed in them."""
    data: dict[str, Any] = {"facts-TOTAL_FORMS": len(rows), "facts-INITIAL_FORMS": 0}
    for n, row in enumerate(rows):
        data |= {f"facts-{n}-{name}": value for name, value in row.items() if value}
    return SummaryForm({"summary": summary}), FactForms(data, prefix="facts", form_kwargs={"empty_permitted": False})


def _save(claim: Claim, summary: SummaryForm, forms: list[FactForm]) -> None:
    """Save every row in which something can be used; keep the rest as it was typed."""
    rows = [(form, form.usable()) for form in forms if not form.is_blank()]
    values = summary.usable()
    unusable = summary.unusable() or any(form.unusable() for form, _values in rows)
    raw = {"summary": summary.data.get("summary", ""), "rows": [form.as_typed() for form, _values in rows]}
    with change_claim(claim.case) as draft:
        if "summary" in values:
            draft.summary = values["summary"]
        draft.facts.all().delete()
        Fact.objects.bulk_create(
            Fact(
                claim=draft,
                position=n,
                happened_on=values.get("day"),
                date_unknown=bool(values.get("date_unknown")),
                text=values.get("text", ""),
            )
            for n, (_form, values) in enumerate(rows, start=1)
        )
        remember(draft.unfinished, "facts", raw, unusable=unusable)
        draft.save()


def _rearrange_done(request: PersonRequest, do: str, count: int) -> HttpResponse:
    """Show the list again as it now stands, after a button of a row or "add"."""
    query = request.GET.copy()
    query.pop("add", None)
    verb, _dash, place = do.partition("-")
    if verb == "add":
        if count >= FACTS_AT_MOST:
            messages.warning(request, _("A claim has at most %(n)d facts.") % {"n": FACTS_AT_MOST})
        else:
            query["add"] = "1"
    elif verb == "remove":
        messages.success(request, _("The fact was taken out."))
    target = f"#fact-{max(0, int(place) + {'up': -1, 'down': 1}[verb])}" if verb in ("up", "down") else ""
    return redirect(f"{request.path}{'?' + query.urlencode() if query else ''}{target}")
