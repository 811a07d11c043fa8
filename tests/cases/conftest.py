"""A case at a stage, made by the same moves that the rooms make."""

import pytest

from court.cases.access import seat_party
from court.cases.models import Case, Party
from court.cases.services import move, next_number
from tests.photographs import photographed

WAY = {
    "draft": [],
    "submitted": ["submit"],
    "issued": ["submit", "accept"],
    "served": ["submit", "accept", "serve"],
    "answered": ["submit", "accept", "serve", "answer"],
    "decided": ["submit", "accept", "serve", "answer", "list", "hear", "decide"],
    "settled": ["submit", "accept", "serve", "settle"],
}


@pytest.fixture
def a_case(cast):
    def make(stage="served", title="Kim v Li"):
        case = Case.objects.create(opened_by=cast.claimant, title=title)
        details = {"name": "Kim Jiwoo", "email": cast.claimant.email, "phone": "020 7946 0000"}
        seat_party(Party.objects.create(case=case, role="claimant", user=cast.claimant, **details))
        other = Party.objects.create(case=case, role="respondent", name="Li Wei", email=cast.respondent.email)
        for verb in WAY[stage]:
            if verb == "accept":
                case.number = next_number()
                case.save()
            if verb == "serve":
                other.user = cast.respondent
                other.save()
                seat_party(other)
            move(case, verb, by=cast.claimant if verb == "submit" else cast.clerk)
        return case

    return make


@pytest.fixture
def case(a_case):
    return Case.objects.get(pk=photographed("a case of two sides", lambda: a_case().pk))
