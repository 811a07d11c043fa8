"""Queueing work and doing it: idempotent by key, held by a lease, tried again after a fault.

The task queue (django-tasks) may lose or repeat a message: ``perform`` claims the row with one conditional UPDATE, so
that a repeated message does nothing, and ``send_due`` sends again what was lost or left behind by a dead worker.
"""

import functools
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import Job, State

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_EVERY = 8.0  # seconds; well under the lease, so that a busy machine does not lose it
RESEND_AFTER = timedelta(seconds=60)
LOOK_EVERY = 60.0  # seconds between sweeps


class GiveUp(Exception):
    """Raised by work that must not be tried again. The message is shown to staff: no personal data in it."""


class Cancelled(Exception):
    """Raised inside work whose row was cancelled or taken over by another worker."""


class Lease:
    """What a running job holds: it can tell its progress and learn that it was cancelled."""

    def __init__(self, job: Job, holder: str) -> None:
        self.job = job
        self.holder = holder

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, state=State.RUNNING, lease_holder=self.holder)

    def renew(self, progress: float | None = None) -> None:
        """Extend the lease; ``progress`` is the share done, 0 to 1. Raises Cancelled when it is no longer ours."""
        changes: dict[str, Any] = {"lease_until": timezone.now() + LEASE}
        if progress is not None:
            changes["progress"] = min(max(progress, 0.0), 1.0)
        if not self._mine().update(**changes):
            raise Cancelled

    def lost(self) -> bool:
        """Tell whether the work was cancelled or taken over."""
        return not self._mine().exists()


@dataclass(frozen=True)
class Work:
    """A registered kind of work."""

    name: str
    run: Callable[..., None]
    attempts: int
    failed: Callable[..., None] | None
    forget: bool


_known: dict[str, Work] = {}
_looks: list[Callable[[], object]] = []


def work(
    name: str, *, attempts: int = 3, failed: Callable[..., None] | None = None, forget: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register ``run(lease, **details)`` as a kind of work. ``failed(**details)`` is called when it is given up.

    ``forget``: its details are private and are emptied once it is done. The work must bear being done again from the
    start: a worker may die at any line of it.
    """

    def register(run: Callable[..., None]) -> Callable[..., None]:
        _known[name] = Work(name, run, attempts, failed, forget)
        return run

    return register


def sweep(look: Callable[[], object]) -> Callable[[], object]:
    """Register ``look()``: called when a worker starts and every minute then, to find work that nobody queued."""
    _looks.append(look)
    return look


def look_around() -> None:
    """Do every registered sweep; one that fails does not keep the others from looking."""
    for look in _looks:
        try:
            look()
        except Exception:
            log.exception("The sweep %s failed; it will look again.", look.__name__)


def enqueue(name: str, *, key: str, delay: timedelta = timedelta(0), **details: Any) -> Job:
    """Queue work once for ``key``, in the caller's transaction; a worker sees it after commit."""
    job, created = Job.objects.get_or_create(
        key=f"{name}:{key}", defaults={"name": name, "details": details, "due_at": timezone.now() + delay}
    )
    if created and not delay:
        transaction.on_commit(functools.partial(send, job.pk))
    return job


def again(job: Job) -> bool:
    """Put finished, failed or cancelled work back in the queue. False if it is waiting or running already."""
    changed = Job.objects.filter(pk=job.pk, state__in=[State.DONE, State.FAILED, State.CANCELLED]).update(
        state=State.WAITING, attempts=0, due_at=timezone.now(), error="", progress=0.0, finished_at=None, sent_at=None
    )
    if changed:
        transaction.on_commit(functools.partial(send, job.pk))
    return bool(changed)


def cancel(job: Job) -> bool:
    """Stop work that is waiting or running; a running worker notices at its next renewal."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=[State.WAITING, State.RUNNING]).update(
            state=State.CANCELLED, finished_at=timezone.now(), lease_until=None
        )
    )


def send(number: int) -> None:
    """Hand the number of a job to the task queue. A queue that is down is not a fault: ``send_due`` sends again."""
    from .tasks import perform_job

    try:
        perform_job.enqueue(number)
    except Exception:
        log.warning("The task queue did not take job %s; it will be sent again.", number)
        return
    Job.objects.filter(pk=number).update(sent_at=timezone.now())


def send_due() -> int:
    """Send every job that is due and was never sent, was sent long ago, or whose worker died. Returns how many."""
    now = timezone.now()
    release_dead()
    due = Job.objects.filter(
        Q(state=State.WAITING, due_at__lte=now) & (Q(sent_at=None) | Q(sent_at__lt=now - RESEND_AFTER))
    )
    numbers = list(due.values_list("pk", flat=True)[:500])
    for number in numbers:
        send(number)
    return len(numbers)


def release_dead() -> int:
    """Put jobs back whose lease ran out, or whose worker was on this machine and is gone. Returns how many."""
    now = timezone.now()
    released = 0
    for job in Job.objects.filter(state=State.RUNNING):
        if job.lease_until is None or job.lease_until < now or _gone(job.lease_holder):
            released += Job.objects.filter(
                pk=job.pk, state=State.RUNNING, lease_holder=job.lease_holder, lease_until=job.lease_until
            ).update(state=State.WAITING, due_at=now, sent_at=None, lease_holder="", lease_until=None)
    if released:
        log.warning("%s jobs of a stopped worker were put back in the queue.", released)
    return released


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def _me() -> str:
    return f"{socket.gethostname()}|{os.getpid()}|{_started(os.getpid())}|{threading.get_ident()}"


def _gone(holder: str) -> bool:
    """Tell whether a lease holder surely no longer runs: same machine, and its process is not there."""
    try:
        host, pid, started, _thread = holder.split("|")
    except ValueError:
        return False
    return host == socket.gethostname() and bool(started) and _started(int(pid)) != started


def perform(number: int) -> None:
    """Do one job if it is due and nobody else holds it."""
    now = timezone.now()
    holder = _me()
    claimed = Job.objects.filter(pk=number, state=State.WAITING, due_at__lte=now).update(
        state=State.RUNNING, lease_holder=holder, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.get(pk=number)
    kind = _known.get(job.name)
    lease = Lease(job, holder)
    stop = threading.Event()
    renewing = threading.Thread(target=_keep_lease, args=(lease, stop), daemon=True)
    renewing.start()
    try:
        if kind is None:
            raise GiveUp(f"No work is known under the name {job.name}.")
        kind.run(lease, **job.details)
    except Cancelled:
        log.info("Job %s (%s) was cancelled.", number, job.name)
    except Exception as fault:
        _failed(job, holder, kind, fault)
    else:
        emptied: dict[str, Any] = {"details": {}} if kind.forget else {}
        lease._mine().update(
            **emptied,
            state=State.DONE,
            progress=1.0,
            finished_at=timezone.now(),
            lease_until=None,
            error="",
            lease_holder="",
        )
    finally:
        stop.set()
        renewing.join()


def _keep_lease(lease: Lease, stop: threading.Event) -> None:
    try:
        while not stop.wait(RENEW_EVERY):
            try:
                lease.renew()
            except Cancelled:
                return
            except Exception:
                log.exception("The lease of job %s could not be renewed.", lease.job.pk)
    finally:
        connections.close_all()


def _failed(job: Job, holder: str, kind: Work | None, fault: Exception) -> None:
    final = isinstance(fault, GiveUp) or kind is None or job.attempts >= kind.attempts
    message = str(fault) if isinstance(fault, GiveUp) else f"{type(fault).__name__}"
    log.log(
        logging.ERROR if final else logging.WARNING,
        "Job %s (%s) failed at attempt %s%s",
        job.pk,
        job.name,
        job.attempts,
        "" if final else ", it will be tried again",
        exc_info=None if isinstance(fault, GiveUp) else fault,
    )
    mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease_holder=holder)
    if final:
        changed = mine.update(
            state=State.FAILED, error=message, finished_at=timezone.now(), lease_until=None, lease_holder=""
        )
        if changed and kind and kind.failed:
            kind.failed(**job.details)
    else:
        wait = timedelta(seconds=2 * 4 ** (job.attempts - 1))
        mine.update(
            state=State.WAITING,
            error=message,
            due_at=timezone.now() + wait,
            sent_at=None,
            lease_until=None,
            lease_holder="",
        )


def unfinished() -> int:
    """How many jobs are due now or running; work that waits for a later date is not counted."""
    soon = timezone.now() + timedelta(minutes=2)
    return Job.objects.filter(Q(state=State.RUNNING) | Q(state=State.WAITING, due_at__lte=soon)).count()
