"""The guided answer: one subject a page, saved at every step."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from court.accounts.access import PersonRequest, signed_in
from court.accounts.kept import kept
from court.cases import stages
from court.cases.deadlines import explain, running
from court.cases.models import Role
from court.filings.access import answer_for
from court.filings.forms import DraftForm, PositionForm, ReplyForm, StoryForm, TruthForm
from court.filings.models import Answer, FactAnswer
from court.filings.money import typed_amount
from court.filings.queries import claimant_of, exhibits_of, facts_and_replies
from court.filings.services import Incomplete, NotNow, change_answer, file_answer
from court.filings.shown import answer_summary, money_asked
from court.filings.steps import walk_of_answer

from .step import already_sent, leave, remember, show, too_long, typed_before, wants_to_leave


def _may_be_written(answer: Answer) -> None:
    if answer.case.stage != stages.SERVED:
        raise NotNow("answer", answer.case)


def _too_late(request: PersonRequest, answer: Answer) -> HttpResponse:
    sent = Answer.objects.filter(case=answer.case, submitted_at__isnull=False).exists()
    text = _("Your answer was sent already. Nothing was changed.")
    if not sent:
        text = _("The claim can no longer be answered here. You can still put in exhibits and speak at the hearing.")
    return already_sent(request, answer.case, text)


@require_http_methods(["GET"])
@signed_in
def answer(request: PersonRequest, number: str) -> HttpResponse:
    """What is claimed, by when to answer, and the list of steps."""
    found = answer_for(request.user, number)
    if found.case.stage != stages.SERVED:
        return redirect("case", number=found.case.label)
    walk = walk_of_answer(found)
    limit = running(found.case, "answer")
    context = {
        "case": found.case,
        "claim": found.case.claim,
        "claimant": claimant_of(found.case),
        "money": money_asked(found.case.claim),
        "walk": walk,
        "tasks": walk.tasks(),
        "limit": limit,
        "explained": explain(limit) if limit else "",
        "late": limit is not None and limit.due_at < timezone.now(),
        "started": found.pk is not None,
    }
    return render(request, "filings/answer.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def answer_step(request: PersonRequest, number: str, step: str) -> HttpResponse:
    """One step of the answer."""
    found = answer_for(request.user, number)
    if step not in STEPS:
        raise Http404
    try:
        _may_be_written(found)
        if step not in walk_of_answer(found).order:
            return redirect("answer", number=found.case.label)
        return STEPS[step](request, found)
    except NotNow:
        return _too_late(request, found)


def _one_form(request: PersonRequest, answer: Answer, step: str, form: DraftForm, **context: Any) -> HttpResponse:
    """A step of one form whose fields are the answer's own."""
    if request.method == "POST":
        values, raw = form.usable(), form.as_typed()
        if not too_long(raw):
            with change_answer(answer) as draft:
                for name, value in values.items():
                    setattr(draft, name, value)
                if step == "position" and "stance" in values:
                    draft.stance = values["stance"] or ""
                remember(draft.unfinished, step, raw, unusable=form.unusable())
                draft.save()
            walk = walk_of_answer(draft)
            if wants_to_leave(request):
                return leave(request, walk)
            if form.is_valid():
                return redirect(walk.after(step, request))
    return show(request, walk_of_answer(answer), step, f"filings/step_{step}.html", form=form, **context)


def _position(request: PersonRequest, answer: Answer) -> HttpResponse:
    claim = answer.case.claim
    typed = request.POST if request.method == "POST" else typed_before(request, answer.unfinished, "position")
    initial = {
        "stance": answer.stance or None,
        "admitted_amount": typed_amount(answer.admitted_amount, claim.currency) if claim.currency else "",
    }
    form = PositionForm(typed, initial=initial, claim=claim)
    return _one_form(request, answer, "position", form, claim=claim, money=money_asked(claim))


def _story(request: PersonRequest, answer: Answer) -> HttpResponse:
    typed = request.POST if request.method == "POST" else typed_before(request, answer.unfinished, "story")
    return _one_form(request, answer, "story", StoryForm(typed, initial={"text": answer.text}))


def _facts(request: PersonRequest, answer: Answer) -> HttpResponse:
    typed = request.POST if request.method == "POST" else typed_before(request, answer.unfinished, "facts")
    forms = [
        ReplyForm(typed, fact=fact, initial={"reply": reply.reply, "text": reply.text} if reply else {})
        for fact, reply in facts_and_replies(answer.case.claim, answer)
    ]
    walk = walk_of_answer(answer)
    if request.method == "POST":
        raw = {name: value for form in forms for name, value in form.as_typed().items()}
        values = [(form, form.usable()) for form in forms]
        if not too_long(raw):
            with change_answer(answer) as draft:
                for form, said in values:
                    FactAnswer.objects.update_or_create(
                        answer=draft,
                        fact=form.fact,
                        defaults={name: value or "" for name, value in said.items()},
                    )
                remember(draft.unfinished, "facts", raw, unusable=any(form.unusable() for form in forms))
                draft.save()
            if wants_to_leave(request):
                return leave(request, walk)
            if all(form.is_valid() for form in forms):
                return redirect(walk.after("facts", request))
    return show(
        request,
        walk,
        "facts",
        "filings/step_replies.html",
        forms=forms,
        form=_wrong(forms),
        problems=_all_problems(forms),
    )


def _wrong(forms: list[ReplyForm]) -> ReplyForm | None:
    """The first form with something wrong in it: the page's title says so."""
    return next((form for form in forms if form.errors), None)


def _all_problems(forms: list[ReplyForm]) -> list[tuple[str, str]]:
    """What is wrong in all of them, each with the control it belongs to, for one summary."""
    return [
        (getattr(form[name], "first_control", form[name].id_for_label), str(error))
        for form in forms
        if form.is_bound
        for name, errors in form.errors.items()
        for error in errors
    ]


def _exhibits(request: PersonRequest, answer: Answer) -> HttpResponse:
    walk = walk_of_answer(answer)
    if request.method == "POST":
        return leave(request, walk) if wants_to_leave(request) else redirect(walk.after("exhibits", request))
    exhibits = exhibits_of(answer.case, Role.RESPONDENT)
    return show(request, walk, "exhibits", "filings/step_exhibits.html", exhibits=exhibits)


def _check(request: PersonRequest, answer: Answer) -> HttpResponse:
    walk = walk_of_answer(answer)
    if request.method == "POST":
        return leave(request, walk) if wants_to_leave(request) else redirect(walk.url("truth"))
    context: dict[str, Any] = {"groups": answer_summary(answer, walk), "problems": walk.problems}
    return show(request, walk, "check", "filings/step_check.html", **context)


def _truth(request: PersonRequest, answer: Answer) -> HttpResponse:
    walk = walk_of_answer(answer)
    if walk.problems:
        messages.warning(request, _("The answer is not complete yet. Below is what is missing."))
        return redirect(walk.url("check"))
    if request.method == "POST" and wants_to_leave(request):
        return leave(request, walk)
    names = [answer.party.name, request.user.name]
    form = TruthForm(request.POST if request.method == "POST" else kept(request), names=names)
    if request.method == "POST" and form.is_valid():
        try:
            case = file_answer(answer, by=request.user, signature=form.cleaned_data["name"])
        except Incomplete:
            messages.warning(request, _("The answer was changed meanwhile and is not complete. Look it over again."))
            return redirect(walk.url("check"))
        messages.success(request, _("Your answer was sent to the court. A letter with the receipt is on its way."))
        return redirect("case", number=case.label)
    return show(request, walk, "truth", "filings/step_truth.html", form=form, paper="answer")


STEPS = {
    "position": _position,
    "facts": _facts,
    "story": _story,
    "exhibits": _exhibits,
    "check": _check,
    "truth": _truth,
}
