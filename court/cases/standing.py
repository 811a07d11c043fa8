"""Where a case stands, in words a party understands: one sentence, a tone, and its place in the row of steps."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import stages
from .models import Case, Stage

Words = str | Promise

STEPS: Final = (_("Claim"), _("Review"), _("Service"), _("Answer"), _("Hearing"), _("Decision"))

# stage -> (step counted from 1, or 0 when the row of steps says nothing; tone; icon; what happens now)
STANDS: Final[dict[str, tuple[int, str, str, Words]]] = {
    stages.DRAFT: (
        1,
        "neutral",
        "pencil",
        _("The claim is a draft. Nobody else sees it until it is sent."),
    ),
    stages.SUBMITTED: (2, "wait", "hourglass", _("The claim was sent. A clerk of the court is checking it.")),
    stages.RETURNED: (
        1,
        "wait",
        "undo-2",
        _("The court returned the claim. The claimant can correct it once and send it again."),
    ),
    stages.REFUSED: (0, "bad", "circle-x", _("The court did not accept the claim. The case is closed.")),
    stages.ISSUED: (
        3,
        "info",
        "mail",
        _("The court accepted the claim. The respondent is to be told of it and invited to join."),
    ),
    stages.SERVED: (4, "wait", "hourglass", _("The respondent has the claim. The court waits for the answer.")),
    stages.ANSWERED: (5, "info", "message-square", _("The respondent answered. Next, the court lists a hearing.")),
    stages.LISTED: (5, "info", "calendar", _("A hearing is listed.")),
    stages.HEARD: (6, "info", "gavel", _("The hearing is over. The judge is preparing the decision.")),
    stages.DECIDED: (7, "good", "scale", _("The court has decided the case.")),
    stages.SETTLED: (0, "good", "handshake", _("The parties settled. The case is closed.")),
    stages.WITHDRAWN: (0, "neutral", "circle-minus", _("The claimant withdrew the claim. The case is closed.")),
}


@dataclass(frozen=True)
class Standing:
    """How a case's stage is shown."""

    label: Words
    tone: str
    icon: str
    words: Words
    step: int

    @property
    def steps(self) -> tuple[Words, ...]:
        """The row of steps, empty for a case that left it."""
        return STEPS if self.step else ()


def standing(case: Case) -> Standing:
    """Where the case stands now."""
    step, tone, icon, words = STANDS[case.stage]
    return Standing(Stage(case.stage).label, tone, icon, words, step)
