"""Every address of the court and what it answers to whom: one table, ``every_address.txt``, held to the code.

Each row is an address asked about one thing, by GET or by POST with an empty form; each column is a person. An address
that the table does not know fails by its name, and so does a row whose address is gone.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache as kept_for_a_while
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from court.cases.models import Case
from tests.conftest import PEOPLE

URLS = "tests.addresses_in_a_demo"
TABLE = Path(__file__).with_suffix(".txt").with_name("every_address.txt")
EVERYBODY = ("nobody", *PEOPLE)
pytestmark = pytest.mark.django_db
SAME = '"'  # as the person to the left; not asked
EMPTY_FORM = {"csrfmiddlewaretoken": "a browser always sends one"}


@dataclass(frozen=True)
class Row:
    """One line of the table: an address, what it is asked about, how, and what everybody gets."""

    name: str
    of: str
    how: str
    answers: tuple[tuple[str, str], ...]

    def wanted(self) -> dict[str, str]:
        """Who is asked for, and the answer they get."""
        return {person: answer for person, answer in self.answers if answer != SAME}

    def form(self) -> dict[str, str]:
        """What POST sends: an empty form, or with the button that stands after a plus sign."""
        button, _, value = self.of.partition("+")[2].partition("=")
        return {**EMPTY_FORM, button: value} if button else EMPTY_FORM

    def __str__(self) -> str:
        return f"{self.name} of {self.of} by {self.how}" if self.of != "." else f"{self.name} by {self.how}"


@cache
def table() -> tuple[Row, ...]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    _address, _of, _how, *people = lines[0]
    assert tuple(people) == EVERYBODY
    return tuple(Row(name, of, how, tuple(zip(people, cells, strict=True))) for name, of, how, *cells in lines[1:])


def addresses() -> dict[str, str]:
    """Every address's name with its route; one without a name is called by its route."""
    found: dict[str, str] = {}
    for name, route in _walk(get_resolver(URLS).url_patterns, ""):
        assert found.setdefault(name, route) == route, f"two addresses are called {name}"
    return found


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield pattern.name or route, route


def values(of: str, world) -> list[str]:
    """What stands in the address: ``answered/you`` is the answered case's label and the word "you"."""
    found = []
    for word in of.partition("+")[0].split("/") if of != "." else ():
        thing = world
        for part in word.split("."):
            thing = getattr(thing, part, None)
        found.append(
            word if thing is None else str(thing.label if isinstance(thing, Case) else getattr(thing, "pk", thing))
        )
    return found


@pytest.fixture(scope="module")
def browser() -> Client:
    """One for all: making a new one costs more than asking a page."""
    return Client(raise_request_exception=False)


@pytest.fixture
def ask(at_court, browser):
    """``ask(person, method, path)`` is a word for what the court answers; nothing it did is kept."""

    def do(person: str, method: str, path: str, form: dict[str, str] = EMPTY_FORM) -> str:
        browser.cookies.clear()
        browser.cookies.load(at_court.cookies.get(person, {}))
        kept_for_a_while.clear()  # wrong passwords and codes are counted there
        with transaction.atomic():
            answer = getattr(browser, method)(path, {} if method == "get" else form)
            if answer.streaming:
                answer.close()
            transaction.set_rollback(True)
        return word_for(answer)

    return do


def word_for(answer) -> str:
    """The table's word for an answer; what has none stands as its number."""
    if answer.status_code in (301, 302, 303):
        target = urlsplit(answer["Location"]).path
        if target == reverse("account_login"):
            return "in"
        if target in (reverse("account_reauthenticate"), reverse("mfa_reauthenticate")):
            return "prove"
        return "go"
    if answer.status_code in (400, 409, 410, 422):
        return "bad"
    return {200: "ok", 404: "-", 405: "405"}.get(answer.status_code, str(answer.status_code))


def test_the_table_knows_every_address_and_no_other():
    named = {row.name for row in table()}
    there = addresses()
    assert {name: there[name] for name in there.keys() - named} == {}, "addresses that the table does not know"
    assert sorted(named - there.keys()) == [], "rows of the table whose address is gone"
    assert len({(row.name, row.of, row.how) for row in table()}) == len(table()), "a row stands twice"


@pytest.mark.parametrize("row", table(), ids=str)
def test_everybody_gets_the_answer_the_table_gives(row, ask, at_court):
    path = reverse(row.name, args=values(row.of, at_court.world))
    got = {person: ask(person, row.how, path, row.form()) for person in row.wanted()}
    wanted = row.wanted()
    wrong = {
        person: f"{got[person]} instead of {wanted[person]}" for person in wanted if got[person] != wanted[person]
    }
    assert wrong == {}, path


@pytest.mark.parametrize("name", sorted({row.name for row in table()}))
def test_a_method_the_address_does_not_take_is_refused(name, ask, at_court):
    row = _best([row for row in table() if row.name == name])
    person = _let_in(row) or "nobody"
    path = reverse(name, args=values(row.of, at_court.world))
    taken = {row.how for row in table() if row.name == name}
    refused = {"405", "401", row.wanted()[person]} - {"ok", "bad", "go"}  # who is not let in need not learn more
    own = not name.startswith(("account_", "mfa_"))  # the sign-in library sends one on before it looks at the method
    methods = [method for method in ("get", "post", *(["delete"] if own else [])) if method not in taken]
    assert {method: got for method in methods if (got := ask(person, method, path)) not in refused} == {}, person


def _let_in(row: Row) -> str:
    """Somebody for whom the address is there; empty if there is nobody."""
    return next((person for person, answer in row.wanted().items() if answer in ("ok", "bad", "go")), "")


def _best(rows: list[Row]) -> Row:
    """The row in which most people are let in."""
    return max(rows, key=lambda row: sum(answer in ("ok", "bad", "go") for answer in row.wanted().values()))


NONSENSE = {
    "IntConverter": ("999999", "99999999999999999999999"),
    "UUIDConverter": (str(uuid.UUID(int=7)),),
    "StringConverter": ("C-2026-9999", "F-0000-0000", "원고\0", "x" * 300),
}


def with_nonsense() -> list[tuple[Row, str]]:
    """Addresses in whose first part something stands that there is not."""
    found = []
    for name in {row.name: row for row in table() if row.of != "."}:
        row = _best([row for row in table() if row.name == name])
        converters = get_resolver(URLS).reverse_dict.getlist(name)[0][3]
        if converters and _let_in(row):  # the sign-in library's own patterns have keys of their own
            found += [(row, nonsense) for nonsense in NONSENSE[type(next(iter(converters.values()))).__name__]]
    return found


@pytest.mark.parametrize(("row", "nonsense"), with_nonsense(), ids=lambda value: str(value)[:60])
def test_what_does_not_exist_is_not_found(row, nonsense, ask, at_court):
    path = reverse(row.name, args=[nonsense, *values(row.of, at_court.world)[1:]])
    # Somebody unknown may be sent to sign in first: who asks here is known, wherever such a person is let in.
    known = [person for person, answer in row.wanted().items() if person != "nobody" and answer in ("ok", "bad", "go")]
    assert ask((known or [_let_in(row)])[0], row.how, path) == "-", path
