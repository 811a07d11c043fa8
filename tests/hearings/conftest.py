"""A day on which the court sits, and hearings listed through the door."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from court.cases.deadlines import is_working_day
from court.hearings.models import Hearing
from court.rooms.models import Room


def sitting_day(ahead: int = 30):
    """A working day at least this many days from now, in the court's zone."""
    day = timezone.localdate() + timedelta(days=ahead)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@pytest.fixture
def day():
    return sitting_day()


@pytest.fixture
def typed(cast, day):
    """What a clerk types to list a hearing; keyword arguments change it."""

    def fill(**changes) -> dict[str, str]:
        typed = {"date": f"{day}", "time": "10:00", "minutes": "60", "judge": f"{cast.judge.pk}"}
        return {**typed, **changes}

    return fill


@pytest.fixture
def list_hearing(door, typed):
    """List a hearing of a case as the clerk does; gives the hearing."""

    def do(case, **changes) -> Hearing:
        answer = door.clerk.post(f"/cases/{case.label}/hearings/new/", typed(**changes))
        assert answer.status_code == 302, answer.context["form"].errors
        return Hearing.objects.order_by("pk").last()

    return do


@pytest.fixture
def at():
    """A moment of a day in the court's zone."""

    def moment(day, clock: str) -> datetime:
        return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))

    return moment


@pytest.fixture
def soon_hearing(answered_case, list_hearing):
    """A hearing that begins in ten minutes, so that its room is open."""
    moment = timezone.localtime(timezone.now() + timedelta(minutes=10), timezone.get_default_timezone())
    return list_hearing(answered_case, date=f"{moment:%Y-%m-%d}", time=f"{moment:%H:%M}")


@pytest.fixture
def sit(django_capture_on_commit_callbacks):
    """``sit(hearing)`` opens the session as its judge does; ``sit(hearing, end=True)`` closes it."""
    from court.rooms.services import end_session, start_session

    def do(hearing, *, end: bool = False) -> None:
        room = Room.objects.get(pk=hearing.room_id)
        judge = room.seats.get(host=True)
        with django_capture_on_commit_callbacks(execute=True):
            (end_session if end else start_session)(room, by=judge)

    return do
