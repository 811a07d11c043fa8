"""The case: its parties, its people, its docket, its deadlines."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from . import stages

# No I, L, O, U, 0, 1: a reference is read out over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A filing reference such as F-7K3M-9QXA: 39 bits, not guessable in practice, checked on every use anyway."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"F-{letters[:4]}-{letters[4:]}"


class Stage(models.TextChoices):
    """Where a case stands."""

    DRAFT = stages.DRAFT, _("Draft claim")
    SUBMITTED = stages.SUBMITTED, _("Waiting for review")
    RETURNED = stages.RETURNED, _("Returned for correction")
    REFUSED = stages.REFUSED, _("Refused")
    ISSUED = stages.ISSUED, _("Accepted")
    SERVED = stages.SERVED, _("Waiting for answer")
    ANSWERED = stages.ANSWERED, _("Answered")
    LISTED = stages.LISTED, _("Hearing listed")
    HEARD = stages.HEARD, _("Heard")
    DECIDED = stages.DECIDED, _("Decided")
    SETTLED = stages.SETTLED, _("Settled")
    WITHDRAWN = stages.WITHDRAWN, _("Withdrawn")


class Case(models.Model):
    """One dispute. Known by ``reference`` from the first draft on and by ``number`` once the court accepted it."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)  # "Kim v Li"
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    sealed = models.BooleanField(default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_opened")
    created_at = models.DateTimeField(default=timezone.now)
    stage_since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["stage", "stage_since"]), models.Index(fields=["opened_by", "stage"])]
        permissions: ClassVar = [
            ("file_in_case", "Can file documents in the case"),
            ("answer_claim", "Can answer the claim"),
            ("attend_case", "Can attend the case's hearings"),
            ("decide_case", "Can hear and decide the case"),
            ("mediate_case", "Can mediate the case"),
            ("manage_case", "Can review, serve and list the case"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call the case: its number, or before acceptance its filing reference."""
        return self.number or self.reference


class CaseUserObjectPermission(UserObjectPermissionBase):
    """django-guardian's grants on cases, in a table of their own. Written only by ``cases.access``."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["user", "permission", "content_object"])]


class Role(models.TextChoices):
    """What a person is in a case or a room."""

    CLAIMANT = "claimant", _("Claimant")
    RESPONDENT = "respondent", _("Respondent")
    REPRESENTATIVE = "representative", _("Representative")
    JUDGE = "judge", _("Judge")
    MEDIATOR = "mediator", _("Mediator")
    CLERK = "clerk", _("Clerk")
    INTERPRETER = "interpreter", _("Interpreter")
    WITNESS = "witness", _("Witness")
    OBSERVER = "observer", _("Observer")


class Party(models.Model):
    """One who sues or is sued. ``user`` is empty until the person has joined the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=15, choices=[(r.value, r.label) for r in (Role.CLAIMANT, Role.RESPONDENT)])
    name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], condition=Q(user__isnull=False), name="one_side_each")
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A member of staff, or another person, given a part in a case: its judge, mediator, interpreter, observer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=15, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user", "role"], name="appointed_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Audience(models.TextChoices):
    """Who may read a docket entry."""

    ALL = "all"  # everyone who may view the case
    COURT = "court"  # the judge and clerks
    MEDIATION = "mediation"  # the parties and the mediator: without prejudice, unseen by the judge


class DocketEntry(models.Model):
    """One line of the docket. Its sentence is made from ``kind`` and ``details`` in the reader's language."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="docket")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)  # a key of cases.docket.SENTENCES
    details = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)  # as it was then; empty: the court's own system
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.ALL)
    leaf = models.PositiveBigIntegerField(unique=True)  # its number in the ledger

    class Meta:
        verbose_name_plural = "docket entries"
        indexes = [models.Index(fields=["case", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"


class Deadline(models.Model):
    """Something a party must do by a time, under a rule of the procedure."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="deadlines", null=True, blank=True)
    kind = models.CharField(max_length=30)  # a key of cases.deadlines.DUTIES
    rule = models.CharField(max_length=20)
    days = models.PositiveSmallIntegerField()
    counted_from = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["met_at", "due_at"])]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at:%Y-%m-%d}"


class CaseCounter(models.Model):
    """The last case number given in a year. Its row is the lock that orders numbering."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
