"""Mediation takes people's time as hearings do; why they are taken is told to nobody."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from court.cases.models import Party
from court.hearings.diary import LONGEST, Engagement, Wanted, engagements

from .models import Session, SessionState


@engagements
def mediations(wanted: Wanted, after: datetime, before: datetime) -> Iterable[Engagement]:
    """The sessions arranged or going on, of the case or of anybody wanted."""
    involved = Party.objects.filter(user__in=wanted.everyone).values("case")
    rows = Session.objects.filter(
        Q(case=wanted.case) | Q(mediator__in=wanted.everyone) | Q(case__in=involved),
        state__in=[SessionState.LISTED, SessionState.LIVE],
        starts_at__lt=before,
        starts_at__gt=after - LONGEST,
    ).prefetch_related("case__parties")
    for row in rows:
        people = frozenset(party.user_id for party in row.case.parties.all() if party.user_id) | {row.mediator_id}
        yield Engagement(f"mediation:{row.pk}", row.case_id, people, row.starts_at, row.ends_at)
