"""The court's components, as template tags. They are built in: no ``{% load %}`` is needed.

(``{% load static %}`` still is.)

A page::

    {% extends "base.html" %}
    {% block title %}{% translate "Answer the claim" %}{% endblock %}
    {% block back %}{% back_link url _("Back to the case") %}{% endblock %}
    {% block main_class %}narrow{% endblock %}            wide, narrow, or nothing for the usual measure
    {% block main %}<h1>…</h1> …{% endblock %}
    {% block head %}…page css{% endblock %}  {% block scripts %}…page modules{% endblock %}  {% block header_extra %}

A form::

    {% error_summary form %}                              first in main, before the h1; takes the focus; formsets too
    <form method="post" data-upload>{% csrf_token %}      data-upload: sent with a progress bar where JavaScript runs
      {% field form.name %}                               label, hint (help_text), error, all wired to the input
      {% field form.amount currency="GBP" %}              prefix= suffix= hint= label= width="short|medium|full"
      {% file_drop form.file accept=".pdf,image/*" %}     a real file input that also takes dropped files
      {% button _("Continue") icon="arrow-right" %}       kind="primary|secondary|danger|quiet" name= value= type=
      {% button_link _("Cancel") url kind="secondary" %}
    </form>

Parts of a page::

    {% tag _("Waiting for answer") tone="wait" icon="hourglass" %}           good bad wait info neutral
    {% notice "good" _("Filed") %}<p>…</p>{% endnotice %}
    {% task_list items %}       items: label, url, hint, status, tone
    {% summary_list rows %}     rows: label, value, change (url), or (label, value) pairs
    {% timeline entries %}      entries: title, when, by, text, icon, url, tone
    {% stepper steps current %} steps: labels, or label and url; current: number counted from 1
    {% pagination page_obj %}   keeps the rest of the query string; parameter "page", or param="p" path= anchor= label=
    {% empty_state title text url label icon %}
    {% dialog "confirm" _("Send it?") %}…{% enddialog %}  opener: <button type="button" data-opens-dialog="confirm">;
                                                          inside, data-closes-dialog closes it
    {% when moment %} {% when moment style="short" %}     long short day clock, in the court's zone, the zone named
    {% money minor "GBP" %} or {{ minor|money:"GBP" }}    minor units
    <table class="table"> with <td data-label="Amount" class="number">: becomes cards under 640 px;
                                                          wrap it in <div class="table-wrap"> only when it is wide
    class="card", "stack", "cluster", "lead", "hint", "actions", "visually-hidden": see /styleguide/
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from court.fields import CourtBoundField, FieldRenderer
from court.wording import currency_sign, minor_digits, write_money, write_when

__all__ = ["FieldRenderer", "register"]

register = template.Library()

TONE_ICONS = {"good": "circle-check", "bad": "octagon-x", "wait": "hourglass", "info": "info", "neutral": "circle"}


ONWARD = ("arrow-right", "chevron-right", "chevron-down", "external-link")  # icons that stand after the words


def _attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments as HTML attributes: ``data_opens_dialog`` becomes ``data-opens-dialog``; None is left out."""
    return {name.replace("_", "-"): value for name, value in given.items() if value not in (None, False, "")}


@register.simple_tag
def court_name() -> str:
    """The court's name, for pages that are drawn without a request (the error pages)."""
    return str(settings.COURT_NAME)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon that stands beside a word and is not read out."""
    return _drawn_icon(name, size)


@functools.lru_cache(maxsize=1024)
def _drawn_icon(name: str, size: int) -> SafeString:
    """The icon's SVG, drawn once: a page holds dozens, the house a few hundred in all.

    As lucide's own tag draws it, from an archive that stays open: lucide reads the archive's 1,600 names anew for each
    icon. Raises KeyError for an icon that the set has not.
    """
    svg = ElementTree.fromstring(_icons().read(f"{name}.svg"))  # noqa: S314 - the icon set's own file
    for part in svg.iter():
        part.tag = part.tag.removeprefix("{http://www.w3.org/2000/svg}")
    svg.attrib.update(
        {"width": f"{size}", "height": f"{size}", "class": "icon", "aria-hidden": "true", "focusable": "false"}
    )
    return mark_safe(ElementTree.tostring(svg, encoding="unicode"))  # noqa: S308 - the icon set's own SVG


@functools.cache
def _icons() -> ZipFile:
    return ZipFile(Path(lucide.__file__).with_name("lucide.zip"))


@register.inclusion_tag("components/button.html")
def button(
    text: str, kind: str = "primary", icon: str = "", type: str = "submit", about: str = "", **attributes: Any
) -> dict[str, Any]:
    """A button; further keyword arguments become attributes.

    ``about`` is read aloud after the text and not seen: what it is for, where each row of a list has the same button.
    """
    return {
        "text": text,
        "about": about,
        "kind": kind,
        "icon": icon,
        "onward": icon in ONWARD,
        "type": type,
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("components/button.html")
def button_link(
    text: str, url: str, kind: str = "primary", icon: str = "", about: str = "", **attributes: Any
) -> dict[str, Any]:
    """A link that looks like a button, for going somewhere rather than doing something; else as ``button``."""
    return {
        "text": text,
        "about": about,
        "url": url,
        "kind": kind,
        "icon": icon,
        "onward": icon in ONWARD,
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, text: str = "") -> dict[str, Any]:
    """The way back, above the page's heading."""
    return {"url": url, "text": text}


def _drawn(field: BoundField, given: dict[str, Any]) -> dict[str, Any]:
    """The context of the field component: label and hint may be replaced; attributes go to the control."""
    for name, part in (("label", "label"), ("hint", "help_text")):
        if given.get(name):
            setattr(field, part, given[name])
        given.pop(name, None)
    parts = {name: given.pop(name, "") for name in ("prefix", "suffix", "width", "hide_label")}
    if currency := given.pop("currency", ""):
        parts["prefix"] = currency_sign(currency).strip()
        given.setdefault("inputmode", "decimal" if minor_digits(currency) else "numeric")
        parts["width"] = parts["width"] or "medium"
    field.field.widget.attrs.update(_attributes(given))
    return {"field": field, **parts}


@register.inclusion_tag("components/field.html")
def field(field: BoundField, **given: Any) -> dict[str, Any]:
    """A whole form field: label, hint, error and control, wired to each other."""
    return _drawn(field, given)


@register.inclusion_tag("components/file_drop.html")
def file_drop(field: BoundField, **given: Any) -> dict[str, Any]:
    """A file field on which files can also be dropped; the names and sizes chosen are shown."""
    return _drawn(field, given)


def _field_problems(form: BaseForm) -> Iterable[tuple[str, str]]:
    """Each error of a form with the id of the control it belongs to (empty for the form as a whole)."""
    for name, errors in form.errors.items():
        bound = None if name == "__all__" else form[name]
        target = bound.first_control if isinstance(bound, CourtBoundField) else (bound.id_for_label if bound else "")
        for error in cast(Sequence[str], errors):
            yield target, f"{bound.label}: {error}" if bound and bound.label else str(error)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """What is wrong, in one list at the top, each line leading to its field. Takes forms and formsets."""
    problems: list[tuple[str, str]] = []
    for given in forms:
        if isinstance(given, BaseFormSet):
            problems += [("", str(error)) for error in given.non_form_errors()]
            for form in given.forms:
                problems += _field_problems(form)
        elif isinstance(given, BaseForm):
            problems += _field_problems(given)
    return {"problems": problems}


@register.inclusion_tag("components/tag.html")
def tag(text: str, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A short state in a word, an icon and a colour."""
    return {"text": text, "tone": tone, "icon": icon or TONE_ICONS.get(tone, "circle")}


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message in its place on the page."""
    icon = {**TONE_ICONS, "wait": "triangle-alert", "neutral": "info"}.get(tone, "info")
    parts = {"content": content, "tone": tone, "title": title, "icon": icon}
    return mark_safe(render_to_string("components/notice.html", parts))  # noqa: S308 - a rendered template


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """A dialog that an element with ``data-opens-dialog`` opens."""
    parts = {"content": content, "id": id, "title": title, "wide": wide}
    return mark_safe(render_to_string("components/dialog.html", parts))  # noqa: S308 - a rendered template


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """What there is to do, each with its state."""
    return {"items": list(items)}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Facts by name, each with a way to change it if ``change`` gives one."""
    return {
        "rows": [
            row
            if isinstance(row, Mapping) or hasattr(row, "label")
            else dict(zip(("label", "value", "change"), row, strict=False))
            for row in rows
        ]
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest or oldest first as given."""
    return {"entries": list(entries)}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[Any], current: int = 1) -> dict[str, Any]:
    """Where one is in a row of steps; ``current`` counts from 1, and a number past the end says all are done."""
    named = [
        {"label": step, "url": ""} if isinstance(step, str) or not hasattr(step, "get") else step for step in steps
    ]
    states = [
        "done" if number < current else "current" if number == current else "ahead"
        for number in range(1, len(named) + 1)
    ]
    return {"steps": [{**step, "state": state} for step, state in zip(named, states, strict=True)], "current": current}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: RequestContext, page_obj: Page, param: str = "page", path: str = "", anchor: str = "", label: str = ""
) -> dict[str, Any]:
    """Links to the other pages of a list, with the rest of the query string kept.

    ``path`` for a page that is also the answer to another address; ``anchor`` is where the list begins, and ``label``
    what it holds, where a page has several lists.
    """
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request else QueryDict(mutable=True)
        query[param] = str(number)
        return f"{path}?{query.urlencode()}{anchor and f'#{anchor}'}"

    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    pages = [{"number": n, "url": address(n)} if isinstance(n, int) else {"number": 0, "url": ""} for n in numbers]
    return {
        "page": page_obj,
        "pages": pages,
        "previous": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next": address(page_obj.next_page_number()) if page_obj.has_next() else "",
        "label": label,
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox") -> dict[str, Any]:
    """What will appear here, and the next step."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.simple_tag
def when(moment: datetime | date | None, style: str = "long") -> SafeString | str:
    """A moment as a ``<time>`` element in the court's zone, the zone named; nothing for no moment."""
    if not moment:
        return ""
    machine = moment
    if isinstance(moment, datetime):
        machine = timezone.localtime(moment, timezone.get_default_timezone())
    return format_html('<time datetime="{}">{}</time>', machine.isoformat(), write_when(moment, style=style))


@register.simple_tag(name="money")
def money_tag(minor: int | None, currency: str) -> str:
    """An amount in minor units with its currency; nothing for no amount."""
    return money(minor, currency)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """The same as a filter: ``{{ claim.amount|money:claim.currency }}``."""
    return write_money(int(minor), currency) if isinstance(minor, (int, Decimal)) else ""


@register.filter
def file_size(size: int | None) -> str:
    """Bytes as people read them: ``3.4 MB`` (decimal units)."""
    if size is None:
        return ""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    written = f"{amount:.0f}" if unit == "bytes" or amount >= 100 else re.sub(r"\.0$", "", f"{amount:.1f}")
    return f"{written}\u00a0{unit}"
