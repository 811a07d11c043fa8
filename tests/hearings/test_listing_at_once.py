"""Two clerks at the same moment: of two who want the same judge, one is told that the time is taken.

On SQLite writing transactions follow one another, in one process and in many; threads of one test share a database
in memory, which knows no waiting. So this promise is tested on PostgreSQL, where transactions really overlap.
"""

import threading
from dataclasses import replace

import pytest
from django.db import connection, connections

from court.accounts.models import User
from court.hearings.diary import Taken
from court.hearings.models import Hearing
from court.hearings.services import list_hearing
from tests.stages_of_a_case import answered


@pytest.mark.skipif(connection.vendor == "sqlite", reason="transactions of one test overlap on PostgreSQL only")
@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_same_hour_of_a_judge_one_gets_it(cast, day, at):
    cases = []
    for number in range(4):
        people = {
            part: User.objects.create_user(f"{part}{number}@example.org", name=f"{part} {number}")
            for part in ("claimant", "respondent")
        }
        cases.append(answered(replace(cast, **people)))
    start, came_of_it = threading.Barrier(len(cases)), []

    def ask(case, clock: str) -> None:
        start.wait()
        try:
            list_hearing(case, judge=cast.judge, starts_at=at(day, clock), minutes=60, by=cast.clerk)
            came_of_it.append("listed")
        except Taken as fault:
            came_of_it.append(fault.whom)
        finally:
            connections.close_all()

    # Overlapping, but not at the same minute: no unique constraint would see it.
    threads = [
        threading.Thread(target=ask, args=(case, clock))
        for case, clock in zip(cases, ("10:00", "10:15", "10:30", "10:45"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came_of_it) == ["leader", "leader", "leader", "listed"]
    assert Hearing.objects.count() == 1
