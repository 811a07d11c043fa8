"""How this room's entries of the docket read."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from court.cases.docket import Sentence, sentences
from court.wording import write_when


def _answer_due(details: dict[str, object]) -> str:
    due = write_when(datetime.fromisoformat(str(details["due_at"])))
    return _("The time to answer ends on %(due)s (rule %(rule)s).") % {"due": due, "rule": details["rule"]}


def _filed(text: Any) -> Sentence:
    """A sentence with the first letters of a paper's SHA-256; the entry keeps, and the ledger proves, all 64."""
    return lambda details: str(text) % {**details, "sha256": f"{str(details['sha256'])[:16]}…"}


sentences(
    claim_filed=_filed(gettext_lazy("The claim was filed (SHA-256 %(sha256)s).")),
    claim_corrected=_filed(gettext_lazy("The claim was corrected and filed again (SHA-256 %(sha256)s).")),
    claim_withdrawn=gettext_lazy("The claim was withdrawn."),
    claim_returned=gettext_lazy("The court returned the claim for correction."),
    claim_refused=gettext_lazy("The court refused the claim."),
    claim_accepted=gettext_lazy("The court accepted the claim and gave it the number %(number)s."),
    respondent_invited=gettext_lazy("The court invited %(name)s by letter to join the case."),
    respondent_invited_again=gettext_lazy("The court sent %(name)s a new code. The old code no longer works."),
    claim_served=gettext_lazy("%(name)s joined the case. By this the claim is served (rule %(rule)s)."),
    service_deemed=gettext_lazy(
        "%(name)s has not joined the case. The claim counts as served all the same (rule %(rule)s)."
    ),
    respondent_joined=gettext_lazy("%(name)s joined the case."),
    answer_due=_answer_due,
    answer_filed=_filed(gettext_lazy("The answer was filed (SHA-256 %(sha256)s).")),
    answer_filed_late=_filed(gettext_lazy("The answer was filed after the time limit (SHA-256 %(sha256)s).")),
)
