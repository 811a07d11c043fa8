"""The steps of the claim and of the answer: their names, their state, and the way from one to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.cases.models import Case, Role

from .models import Answer, Claim, Stance
from .queries import ANSWER_STEPS, CLAIM_STEPS, Problem, answer_problems, claim_problems, claimant_of, exhibits_of

CLAIM_LABELS: Final[dict[str, str | Promise]] = {
    "you": gettext_lazy("You"),
    "other-side": gettext_lazy("Other side"),
    "facts": gettext_lazy("What happened"),
    "remedy": gettext_lazy("What you ask for"),
    "exhibits": gettext_lazy("Evidence"),
    "check": gettext_lazy("Check"),
    "truth": gettext_lazy("Sign and send"),
}
ANSWER_LABELS: Final[dict[str, str | Promise]] = {
    "position": gettext_lazy("Your position"),
    "facts": gettext_lazy("Fact by fact"),
    "story": gettext_lazy("Your side"),
    "exhibits": gettext_lazy("Evidence"),
    "check": gettext_lazy("Check"),
    "truth": gettext_lazy("Sign and send"),
}


@dataclass(frozen=True)
class Walk:
    """The way through one paper's steps."""

    case: Case
    view: str  # the name of the steps' address
    start: str  # the address of the list of steps
    order: Sequence[str]
    labels: Mapping[str, str | Promise]
    problems: list[Problem]
    touched: frozenset[str]  # steps in which something was written
    unfinished: Mapping[str, Any]

    def url(self, step: str) -> str:
        """The address of a step."""
        return reverse(self.view, args=[self.case.label, step])

    def after(self, step: str, request: HttpRequest) -> str:
        """Where "Save and continue" leads: the next step, or back to the check that one came from."""
        if request.GET.get("from") == "check":
            return self.url("check")
        return self.url(self.order[self.order.index(step) + 1])

    def before(self, step: str, request: HttpRequest) -> str:
        """Where "Back" leads."""
        if request.GET.get("from") == "check":
            return self.url("check")
        place = self.order.index(step)
        return self.url(self.order[place - 1]) if place else self.start

    def stepper(self, current: str) -> list[dict[str, str]]:
        """The steps as the stepper shows them: done is what is complete, not what was merely passed."""
        lacking = {problem.step for problem in self.problems}
        place = self.order.index(current)
        shown = []
        for n, step in enumerate(self.order):
            if step in ("exhibits", "check", "truth"):
                done = n < place and (step == "exhibits" or not lacking)
            else:
                done = step not in lacking
            state = "current" if step == current else "done" if done else "ahead"
            shown.append({"label": str(self.labels[step]), "url": self.url(step), "state": state})
        return shown

    def tasks(self) -> list[dict[str, Any]]:
        """The steps as the task list shows them, each with its state."""
        lacking = {problem.step for problem in self.problems}
        listed = []
        for step in self.order:
            task: dict[str, Any] = {"label": self.labels[step], "url": self.url(step)}
            if step == "exhibits":
                done = step in self.touched
                task |= {"status": _("Added"), "tone": "good"} if done else {"status": _("If you have any")}
            elif step == "check" or (step == "truth" and not self.problems):
                task |= (
                    {"status": _("To do"), "tone": "info"} if not self.problems else {"status": _("When all is done")}
                )
            elif step == "truth":
                task |= {"url": "", "status": _("Cannot start yet")}
            elif step in self.unfinished:
                task |= {"status": _("Look again"), "tone": "bad"}
            elif step in lacking:
                half = step in self.touched
                task |= (
                    {"status": _("Not complete"), "tone": "wait"} if half else {"status": _("To do"), "tone": "info"}
                )
            else:
                task |= {"status": _("Done"), "tone": "good"}
            listed.append(task)
        return listed


def walk_of_claim(claim: Claim) -> Walk:
    """The claim's steps as they stand now."""
    case = claim.case
    you = claimant_of(case)
    touched = {
        "you": bool(you and (you.address or you.phone)),
        "other-side": case.parties.filter(role=Role.RESPONDENT).exists(),
        "facts": bool(claim.summary) or claim.facts.exists(),
        "remedy": bool(claim.remedy) or claim.asks_money is not None,
        "exhibits": bool(exhibits_of(case, Role.CLAIMANT)),
    }
    return Walk(
        case,
        "claim_step",
        reverse("claim", args=[case.label]),
        CLAIM_STEPS,
        CLAIM_LABELS,
        claim_problems(claim),
        frozenset(step for step, written in touched.items() if written),
        claim.unfinished,
    )


def walk_of_answer(answer: Answer) -> Walk:
    """The answer's steps as they stand now; who admits the whole claim replies to no single fact."""
    touched = {
        "position": bool(answer.stance),
        "facts": bool(answer.pk) and answer.replies.exists(),
        "story": bool(answer.text),
        "exhibits": bool(exhibits_of(answer.case, Role.RESPONDENT)),
    }
    order = [step for step in ANSWER_STEPS if answer.stance != Stance.ADMIT or step not in ("facts", "story")]
    return Walk(
        answer.case,
        "answer_step",
        reverse("answer", args=[answer.case.label]),
        order,
        ANSWER_LABELS,
        answer_problems(answer),
        frozenset(step for step, written in touched.items() if written),
        answer.unfinished,
    )
