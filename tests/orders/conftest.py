"""Cases that stand where an order can be written."""

import time
from types import SimpleNamespace

import pytest
from django.utils import timezone

from court.cases import stages
from court.cases.access import appoint, seat_party
from court.cases.models import Case, Party
from court.filings.models import Claim
from tests.photographs import photographed


@pytest.fixture(autouse=True)
def court_home(house, pki):
    house.DATA_DIR = pki
    house.COURT_SIGNING_P12 = str(pki / "pki" / "court.p12")
    house.COURT_SIGNING_PASSWORD = ""


@pytest.fixture
def case(heard_case):
    return Case.objects.get(pk=photographed("a case to be decided", lambda: heard_case().pk))


@pytest.fixture
def heard_case(cast):
    """``heard_case(number, stage)`` makes a case with both sides joined, a claim for money, and a judge."""
    return lambda number="C-2026-0012", stage=stages.HEARD: make_case(cast, number, stage)


def make_case(cast, number, stage):
    case = Case.objects.create(number=number, title="Kim v Li", stage=stage, opened_by=cast.claimant)
    for role in ("claimant", "respondent"):
        person = getattr(cast, role)
        party = Party.objects.create(
            case=case, role=role, name=person.name, email=person.email, user=person, joined_at=timezone.now()
        )
        seat_party(party)
    Claim.objects.create(
        case=case, summary="A parcel of tea was paid for and never arrived.", amount=123450, currency="GBP"
    )
    appoint(case, cast.judge, "judge")
    return case


@pytest.fixture
def judge(door, prove):
    """The judge's browser, in which the judge has just proved who they are."""
    return prove(door.judge)


@pytest.fixture
def prove():
    """``prove(client)``: who sits at this browser has just typed their password."""
    return freshly_signed_in


def freshly_signed_in(client):
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def write(judge, case):
    """Write a draft through the pages: ``write("judgment", ordered="...")`` gives the order."""
    from court.orders.models import Order

    def do(kind="judgment", language="en", on=None, **texts):
        on = on or case
        answer = judge.post(f"/cases/{on.label}/orders/new/", {"kind": kind, "language": language})
        assert answer.status_code == 302, answer.content.decode()
        order = Order.objects.latest("pk")
        given = {
            "title": order.title,
            "background": order.background,
            "findings": "The parcel was not delivered.",
            "ordered": order.ordered.replace("____", "1 March 2027"),
            "version": order.version,
        }
        answer = judge.post(f"/orders/{order.pk}/edit/", {**given, **texts})
        assert answer.status_code == 302, answer.content.decode()
        order.refresh_from_db()
        return order

    return do


@pytest.fixture
def sign(judge):
    def do(order, name="Ada Park", follow=False):
        return judge.post(f"/orders/{order.pk}/sign/", {"version": order.version, "name": name}, follow=follow)

    return do


@pytest.fixture
def issued(write, sign, work):
    """A judgment that was signed, and its PDF made."""

    def do(**texts):
        order = write(**texts)
        assert sign(order).status_code == 302
        work()
        order.refresh_from_db()
        assert order.state == "issued"
        return SimpleNamespace(order=order, pdf=order.file.open().read())

    return do
