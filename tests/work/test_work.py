"""What the background work promises."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from court.work import services
from court.work.models import Job, State
from court.work.services import Cancelled, GiveUp

pytestmark = pytest.mark.django_db
done: list[str] = []


@services.work("test_note")
def note(lease, *, text):
    done.append(text)


@services.work("test_stumble", attempts=3)
def stumble(lease, *, text):
    done.append(text)
    if len(done) < 2:
        raise OSError("the disk was busy")


@services.work("test_hopeless", attempts=3, failed=lambda **details: done.append("told"))
def hopeless(lease):
    raise GiveUp("No model is installed.")


@services.work("test_long")
def long(lease):
    services.cancel(lease.job)
    lease.renew(0.5)
    done.append("should not get here")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


def test_asking_twice_is_asking_once(work):
    first = services.enqueue("test_note", key="a", text="once")
    second = services.enqueue("test_note", key="a", text="once")
    assert first.pk == second.pk
    work()
    work()
    assert done == ["once"]
    assert Job.objects.get(pk=first.pk).state == State.DONE


def test_a_message_that_comes_twice_does_nothing_the_second_time():
    job = services.enqueue("test_note", key="b", text="once")
    services.perform(job.pk)
    services.perform(job.pk)
    assert done == ["once"]


def test_a_fault_is_tried_again_later():
    job = services.enqueue("test_stumble", key="c", text="try")
    services.perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.WAITING
    assert job.due_at > timezone.now()
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    services.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


def test_what_cannot_succeed_is_given_up_at_once_and_told():
    job = services.enqueue("test_hopeless", key="d")
    services.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (State.FAILED, 1, "No model is installed.")
    assert done == ["told"]
    assert services.again(job)
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_cancelled_work_stops_at_its_next_step():
    job = services.enqueue("test_long", key="e")
    services.perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert done == []


def test_work_of_a_worker_that_lost_its_lease_is_taken_over():
    job = services.enqueue("test_note", key="f", text="taken over")
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING, lease_holder="elsewhere|1|2|3", lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert services.release_dead() == 1
    services.perform(job.pk)
    assert done == ["taken over"]


def test_work_of_a_worker_that_is_alive_is_left_alone():
    job = services.enqueue("test_note", key="g", text="no")
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING, lease_holder=services._me(), lease_until=timezone.now() + timedelta(seconds=20)
    )
    assert services.release_dead() == 0
    with pytest.raises(Cancelled):
        services.Lease(job, "somebody else").renew()


def test_work_queued_in_a_deed_that_fails_is_never_done(work):
    with pytest.raises(RuntimeError), transaction.atomic():
        services.enqueue("test_note", key="h", text="never")
        raise RuntimeError
    work()
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_work_is_done_by_the_next_one_at_once(settings, tmp_path):
    """A real worker process is killed with its hand on a job; another one finds the process gone and does the work."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = services._started(sleeper.pid)
    job = services.enqueue("test_note", key="i", text="after the kill")
    holder = services._me().split("|")
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        lease_holder=f"{holder[0]}|{sleeper.pid}|{started}|1",
        lease_until=timezone.now() + timedelta(seconds=30),
    )
    assert services.release_dead() == 0
    os.kill(sleeper.pid, signal.SIGKILL)
    sleeper.wait()
    time.sleep(0.05)
    assert services.release_dead() == 1
    services.perform(job.pk)
    assert done == ["after the kill"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_command_does_all_that_is_queued_and_exits(settings, mailoutbox):
    from django.core.management import call_command

    from court.accounts.post import send_letter  # noqa: F401 - the kind of work the command must find by itself

    services.enqueue("send_letter", key="j", to="kim@example.org", subject="Hello", body="A letter.\n", calendar="")
    services.enqueue("test_note", key="k", text="noted")
    call_command("worker", once=True)
    assert [letter.subject for letter in mailoutbox] == ["Hello"]
    assert done == ["noted"]
    assert services.unfinished() == 0
    assert Job.objects.get(name="send_letter").details == {}  # a letter may hold a code: it is not kept
