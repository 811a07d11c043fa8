"""What this room shows on the case page and asks of people on their home page."""

from collections.abc import Iterable

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.accounts.models import Office, User
from court.cases import stages
from court.cases.access import cases_for
from court.cases.deadlines import DUTIES, deadline, explain, running
from court.cases.models import Case, Deadline
from court.cases.page import Duty, Section, duties, section

from .access import EDITABLE, claims_to_review, respondent_of
from .models import Answer, Claim, Invitation, Review, Verdict
from .queries import claimant_of, facts_and_replies
from .services import deemed_service_from
from .shown import money_asked


@section(20)
def claim_and_answer(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """The claim as it was filed, and beside each fact the respondent's reply once the answer was filed."""
    claim = Claim.objects.filter(case=case).first()
    if claim is None:
        return None
    claim.case = case
    mine = case.opened_by_id == user.pk
    answer = Answer.objects.filter(case=case, submitted_at__isnull=False).select_related("party").first()
    context = {
        "claim": claim,
        "answer": answer,
        "mine": mine,
        "editable": mine and case.stage in EDITABLE,
        "withdrawable": mine and stages.after("withdraw", case.stage) is not None,
        "hidden": case.stage in EDITABLE and not mine,
        "pairs": facts_and_replies(claim, answer),
        "money": money_asked(claim),
        "claimant": claimant_of(case),
        "respondent": respondent_of(case),
        "reviews": Review.objects.filter(case=case).exclude(verdict=Verdict.ACCEPT).order_by("pk")
        if mine or "manage_case" in may
        else [],
        "filed": {paper.paper: paper for paper in case.filed.order_by("pk")},
    }
    title = _("Claim and answer") if answer else _("Claim")
    return Section("claim", title, "filings/part_claim.html", context)


@section(25)
def service(case: Case, user: User, may: frozenset[str]) -> Section | None:
    """For clerks: the invitation of a respondent who has not joined yet."""
    if "manage_case" not in may or case.number is None or case.stage in stages.CLOSED:
        return None
    party = respondent_of(case)
    if party is None or party.user_id or case.parties.filter(user=user).exists():
        return None
    from_when = deemed_service_from(case)
    context = {
        "respondent": party,
        "invitations": Invitation.objects.filter(party=party).order_by("-sent_at"),
        "deemed_from": from_when,
        "deemed_now": from_when is not None and from_when <= timezone.now(),
        "now": timezone.now(),
    }
    return Section("service", _("Service on the respondent"), "filings/part_service.html", context)


@duties
def drafts(user: User, case: Case | None) -> Iterable[Duty]:
    """Finish a draft; correct a claim that was returned."""
    if case and case.stage not in EDITABLE:
        return
    mine = cases_for(user, can="file_in_case").filter(opened_by=user, stage__in=EDITABLE).order_by("pk")
    for found in mine.filter(pk=case.pk) if case else mine:
        url = reverse("claim", args=[found.label])
        if found.stage == stages.DRAFT:
            label = _("Finish your claim and send it")
            yield Duty(label, url, found, _("Continue"))
            continue
        limit = running(found, "correct")
        yield Duty(
            str(DUTIES["correct"]),
            url,
            found,
            _("Correct"),
            due_at=limit.due_at if limit else None,
            rule=explain(limit) if limit else "",
        )


@duties
def answers(user: User, case: Case | None) -> Iterable[Duty]:
    """Answer the claim in time."""
    if case and case.stage != stages.SERVED:
        return
    asked = cases_for(user, can="answer_claim").filter(stage=stages.SERVED)
    for found in asked.filter(pk=case.pk) if case else asked.order_by("pk"):
        limit: Deadline | None = running(found, "answer")
        yield Duty(
            str(DUTIES["answer"]),
            reverse("answer", args=[found.label]),
            found,
            _("Answer"),
            due_at=limit.due_at if limit else None,
            rule=explain(limit) if limit else "",
        )


@duties
def desk(user: User, case: Case | None) -> Iterable[Duty]:
    """For clerks: claims to review, service that can be recorded."""
    if user.office != Office.CLERK or (case and case.stage not in (stages.SUBMITTED, stages.ISSUED)):
        return
    waiting = claims_to_review(user)
    served = cases_for(user, can="manage_case").filter(stage=stages.ISSUED).exclude(parties__user=user)
    if case is not None:
        if waiting.filter(pk=case.pk).exists():
            limit = running(case, "review")
            yield Duty(
                str(DUTIES["review"]),
                reverse("review", args=[case.label]),
                case,
                _("Review"),
                due_at=limit.due_at if limit else None,
                rule=explain(limit) if limit else "",
            )
        if served.filter(pk=case.pk).exists() and _can_be_deemed(case):
            text = _("The respondent has not joined. You can record deemed service.")
            yield Duty(text, reverse("case", args=[case.label]) + "#service", case, _("Open"))
        return
    if count := waiting.count():
        label = ngettext("%(n)d claim to review", "%(n)d claims to review", count) % {"n": count}
        nearest = Deadline.objects.filter(case__in=waiting, kind="review", met_at=None).order_by("due_at").first()
        due, words = (nearest.due_at, explain(nearest)) if nearest else (None, "")
        yield Duty(label, reverse("review_queue"), None, _("Open the list"), due_at=due, rule=words)
    invited = served.annotate(first=Min("parties__invitations__sent_at")).values_list("first", flat=True)
    now = timezone.now()
    if ready := sum(1 for first in invited if first and deadline("deemed-service", first) <= now):
        label = ngettext(
            "%(n)d respondent has not joined: deemed service can be recorded",
            "%(n)d respondents have not joined: deemed service can be recorded",
            ready,
        )
        yield Duty(label % {"n": ready}, reverse("review_queue") + "?show=service", None, _("Open the list"))


def _can_be_deemed(case: Case) -> bool:
    start = deemed_service_from(case)
    return start is not None and start <= timezone.now()
