"""The rules of procedure: data in a file of the court's own choosing, cited by rule number.

The program asks for a rule by its key (``rule("answer")``); people read its number, title and text, in their language.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language


@dataclass(frozen=True)
class Rule:
    """One rule. ``days`` is None for a rule that sets no time limit."""

    key: str
    number: str  # "R-12"
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    cut_off: time  # court time at which a day ends for the court
    days: int | None = None
    working: bool = False  # counted in working days, else in calendar days

    @property
    def title(self) -> str:
        """Its name in the active language, or in English."""
        return _in_active_language(self.titles)

    @property
    def text(self) -> str:
        """Its wording in the active language, or in English."""
        return _in_active_language(self.texts)


def _in_active_language(wordings: Mapping[str, str]) -> str:
    language = (get_language() or "en").lower()
    return wordings.get(language) or wordings.get(language.split("-")[0]) or wordings["en"]


def rule(key: str) -> Rule:
    """The rule with this key or number. Raises KeyError if the procedure has none."""
    return _rules(settings.COURT_PROCEDURE)[key]


def read_rules(path: Path) -> list[Rule]:
    """Read a procedure file. Raises ImproperlyConfigured, naming the file and the rule, if it cannot be used."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ImproperlyConfigured(f"The procedure file {path} cannot be read: {fault}") from fault
    rules: list[Rule] = []
    for entry in written.get("rule", []):
        try:
            rules.append(_rule(entry, default_cut_off=str(written.get("cut_off", "16:00"))))
        except (KeyError, TypeError, ValueError) as fault:
            name = entry.get("number") or entry.get("key") or len(rules) + 1
            raise ImproperlyConfigured(f"Rule {name} in {path} is not complete: {fault}") from fault
    names = [name for made in rules for name in (made.key, made.number)]
    if len(set(names)) != len(names):
        raise ImproperlyConfigured(f"A rule in {path} is given twice.")
    return rules


def _rule(entry: Mapping[str, Any], *, default_cut_off: str) -> Rule:
    days, counting = entry.get("days"), entry.get("counting", "calendar")
    if counting not in ("calendar", "working"):
        raise ValueError(f"counting is {counting!r}")
    if days is not None and (not isinstance(days, int) or not 0 < days <= 3650):
        raise ValueError(f"days is {days!r}")
    for words in ("title", "text"):
        if not entry[words].get("en"):
            raise ValueError(f"{words} has no English wording")
    return Rule(
        key=entry["key"],
        number=entry["number"],
        titles=dict(entry["title"]),
        texts=dict(entry["text"]),
        cut_off=time.fromisoformat(entry.get("cut_off", default_cut_off)),
        days=days,
        working=counting == "working",
    )


@functools.cache
def _rules(path: Path) -> dict[str, Rule]:
    return {name: made for made in read_rules(path) for name in (made.key, made.number)}
