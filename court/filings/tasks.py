"""Work of this room."""

from court.accounts.post import send_letter
from court.cases.deadlines import running
from court.cases.procedure import rule
from court.work.services import Lease, work

from .models import Invitation
from .queries import claimant_of
from .services import code_of
from .services.letters import composed


@work("send_invitation", attempts=6)
def send_invitation(lease: Lease, *, invitation: int, letter: str) -> None:
    """Write and send the letter with the code. Its text is made here, so that the code lies in no queue.

    A respondent who has not joined has told the court no language: they are written to in the claimant's.
    """
    found = Invitation.objects.select_related("party__case__opened_by", "party__case__claim").get(pk=invitation)
    if found.revoked_at or found.used_at:
        return  # replaced or used before its letter was sent
    case = found.party.case
    limit = running(case, "answer")
    subject, body = composed(
        letter,
        language=case.opened_by.language,
        case=case,
        claim=case.claim,
        name=found.party.name,
        claimant=str(claimant_of(case)),
        code=code_of(found),
        expires_at=found.expires_at,
        due_at=limit.due_at if limit else None,
        answer_days=rule("answer").days,
        deemed_days=rule("deemed-service").days,
    )
    send_letter(found.party.email, subject, body, "")
