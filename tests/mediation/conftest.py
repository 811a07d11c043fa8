"""A mediation arranged through the door, agreed to and opened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from court.cases.access import appoint
from court.cases.models import Role
from court.rooms.models import Room
from mediation.models import Session


@pytest.fixture
def judged_case(cast, answered_case):
    """A case that has its judge."""
    appoint(answered_case, cast.judge, Role.JUDGE)
    return answered_case


@pytest.fixture
def typed(cast):
    """What a clerk types to arrange a session that begins soon; keyword arguments change it."""

    def fill(**changes) -> dict[str, str]:
        moment = timezone.localtime(timezone.now() + timedelta(minutes=10), timezone.get_default_timezone())
        typed = {
            "date": f"{moment:%Y-%m-%d}",
            "time": f"{moment:%H:%M}",
            "minutes": "90",
            "mediator": f"{cast.mediator.pk}",
        }
        return {**typed, **changes}

    return fill


@pytest.fixture
def session(door, judged_case, typed) -> Session:
    """A session arranged by the clerk, not answered yet."""
    answer = door.clerk.post(f"/cases/{judged_case.label}/mediation/new/", typed())
    assert answer.status_code == 302, answer.context["form"].errors
    return Session.objects.get()


@pytest.fixture
def agreed(door, session) -> Session:
    """Both sides agreed."""
    for person in (door.claimant, door.respondent):
        assert person.post(f"/mediation/{session.pk}/answer/", {"answer": "agreed"}).status_code == 302
    return session


@pytest.fixture
def sit(django_capture_on_commit_callbacks):
    """``sit(session)`` opens the session as its mediator does; ``sit(session, end=True)`` closes it."""
    from court.rooms.services import end_session, start_session

    def do(session: Session, *, end: bool = False) -> None:
        room = Room.objects.get(pk=session.room_id)
        with django_capture_on_commit_callbacks(execute=True):
            (end_session if end else start_session)(room, by=room.seats.get(host=True))
        session.refresh_from_db()

    return do


@pytest.fixture
def come_in():
    """``come_in(session, person, ...)``: these people are in the room."""

    def do(session: Session, *people) -> None:
        for person in people:
            session.room.seats.filter(user=person).update(
                connection=f"socket-{person.pk}", connected_at=timezone.now(), seen_at=timezone.now()
            )

    return do
