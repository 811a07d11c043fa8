"""What parties file: the claim and the answer; its review by the court and its service on the other side."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from court.cases.models import Case, Party


class Claim(models.Model):
    """The statement of claim. A draft until it is submitted; every step of the form saves it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="claim")
    summary = models.CharField(_("in one sentence, what is this about?"), max_length=200, blank=True)
    remedy = models.TextField(_("what do you ask the court to order?"), max_length=4000, blank=True)
    amount = models.BigIntegerField(_("amount claimed"), null=True, blank=True)  # minor units; None: no money asked
    currency = models.CharField(max_length=3, blank=True)
    asks_money = models.BooleanField(_("do you ask for money?"), null=True, blank=True)  # None: not said yet
    unfinished = models.JSONField(default=dict, blank=True)  # what was typed and cannot be used yet, by step
    truth_name = models.CharField(_("full name as signature"), max_length=150, blank=True)
    truth_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"claim in {self.case}"


class Fact(models.Model):
    """One dated thing that happened, as the claimant tells it."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="facts")
    position = models.PositiveSmallIntegerField()
    happened_on = models.DateField(_("date"), null=True, blank=True)  # None: the date is not known
    date_unknown = models.BooleanField(_("I do not know the date"), default=False)  # said so, rather than left open
    text = models.TextField(_("what happened"), max_length=4000, blank=True)  # blank in a draft only

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["claim", "position"], name="fact_position")]

    def __str__(self) -> str:
        return self.text[:60]


class Stance(models.TextChoices):
    """What the respondent says to the claim as a whole."""

    ADMIT = "admit", _("I admit the whole claim")
    PART = "part", _("I admit part of the claim")
    DISPUTE = "dispute", _("I dispute the whole claim")


class Answer(models.Model):
    """The respondent's answer (defence). A draft until submitted."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="answer")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="answers")
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    admitted_amount = models.BigIntegerField(null=True, blank=True)  # minor units of the claim's currency
    text = models.TextField(_("your side of what happened"), max_length=20000, blank=True)
    unfinished = models.JSONField(default=dict, blank=True)  # what was typed and cannot be used yet, by step
    truth_name = models.CharField(_("full name as signature"), max_length=150, blank=True)
    truth_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"answer in {self.case}"


class FactReply(models.TextChoices):
    """What the respondent says to one fact."""

    AGREED = "agreed", _("Agreed")
    DISPUTED = "disputed", _("Disputed")
    UNKNOWN = "unknown", _("I do not know")


class FactAnswer(models.Model):
    """The respondent's reply to one fact of the claim."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="replies")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="replies")
    reply = models.CharField(max_length=10, choices=FactReply, blank=True)  # blank in a draft only
    text = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "fact"], name="one_reply_a_fact")]

    def __str__(self) -> str:
        return self.reply


class Filed(models.Model):
    """A claim or an answer exactly as it was filed: the text whose SHA-256 stands in the docket and the ledger."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filed")
    paper = models.CharField(max_length=10)  # "claim" or "answer"
    body = models.TextField()  # canonical JSON: sorted keys, no spaces, UTF-8
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.paper} filed in {self.case}"


class Verdict(models.TextChoices):
    """What a clerk decides about a filed claim."""

    ACCEPT = "accept", _("Accept")
    RETURN = "return", _("Return for correction")
    REFUSE = "refuse", _("Refuse")


class Review(models.Model):
    """A clerk's decision on a claim. A claim is returned for correction once, completely."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reasons = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.verdict} {self.case}"


class Invitation(models.Model):
    """A letter with a code by which a party joins the case. Only the code's hash is kept."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of {self.party}"
