"""Work the court does in the background: one row a piece of work, kept until it is done."""

from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    """Where a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """A piece of work. The row is the truth; the task queue only carries its number to a worker.

    A worker holds a lease while it runs a job and renews it; a job whose lease has run out, or whose worker has died,
    is taken over. ``key`` makes asking twice the same as asking once.
    """

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    lease_holder = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0.0)  # share done, 0 to 1
    error = models.TextField(blank=True)  # one line, without personal data
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.name} {self.key} ({self.state})"
