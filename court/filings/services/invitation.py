"""The invitation of the respondent: a letter with a code, joining by it, and service (rules R-9 to R-11)."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from court.accounts.models import User
from court.cases import stages
from court.cases.access import party_of, seat_party
from court.cases.deadlines import deadline, running, set_deadline
from court.cases.models import ALPHABET, Case, Party
from court.cases.procedure import rule
from court.cases.services import NotNow, move, record
from court.filings.access import respondent_of
from court.filings.models import Invitation
from court.filings.queries import claimant_of
from court.work.services import enqueue

from .letters import write

LETTERS = 16  # of 30 letters: 78 bits


class CodeRefused(Exception):
    """A code opens no case. ``reason``: wrong, used, expired, revoked, own (the claimant's own case), staff."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooEarly(Exception):
    """Service cannot be deemed yet. ``day`` is the moment from which it can be."""

    def __init__(self, day: datetime) -> None:
        super().__init__(day.isoformat())
        self.day = day


def code_of(invitation: Invitation) -> str:
    """The code the letter carries, such as 7K3M-9QXA-2CDE-FGHJ.

    It is made from the court's secret key when the letter is written and is stored nowhere: neither the database nor
    the queue of letters gives it away.
    """
    return _code(invitation.party_id, invitation.sent_at)


def _code(party_id: int, sent_at: datetime) -> str:
    secret = salted_hmac("court.filings.invitation", f"{party_id}:{sent_at.timestamp():.6f}", algorithm="sha256")
    number = int.from_bytes(secret.digest())
    letters = []
    for _n in range(LETTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "-".join("".join(letters[i : i + 4]) for i in range(0, LETTERS, 4))


def hash_of(code: str) -> str:
    """The SHA-256 a code is kept as; capitals, spaces and dashes of any kind do not matter."""
    plain = unicodedata.normalize("NFKC", code).upper()  # Korean and Chinese keyboards also type full-width letters
    return hashlib.sha256("".join(c for c in plain if c.isalnum()).encode()).hexdigest()


def _invite(party: Party, *, letter: str, good_until: datetime | None = None) -> Invitation:
    """Make a new invitation, revoke those before it, and queue its letter."""
    now = timezone.now()
    Invitation.objects.filter(party=party, used_at=None, revoked_at=None).update(revoked_at=now)
    expires_at = now + timedelta(days=rule("invitation").days or 30)
    invitation = Invitation.objects.create(
        party=party,
        code_hash=hash_of(_code(party.pk, now)),
        sent_at=now,
        expires_at=max(expires_at, good_until) if good_until else expires_at,
    )
    enqueue("send_invitation", key=str(invitation.pk), invitation=invitation.pk, letter=letter)
    return invitation


def serve_claim(case: Case, *, by: User) -> Invitation:
    """Invite the respondent of an accepted claim by letter. The claim counts as served when they join (rule R-10)."""
    party = respondent_of(case)
    if party is None or case.stage != stages.ISSUED:
        raise NotNow("invite", case)
    with transaction.atomic():
        record(case, "respondent_invited", by=by, name=party.name)
        return _invite(party, letter="invitation")


def invite_again(case: Case, *, by: User) -> Invitation:
    """Send a new code; the old one stops working. Raises NotNow when the respondent has joined or none is awaited."""
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        party = respondent_of(held)
        if party is None or party.user_id is not None or held.number is None or held.stage in stages.CLOSED:
            raise NotNow("invite", held)
        record(held, "respondent_invited_again", by=by, name=party.name)
        limit = running(held, "answer")
        return _invite(
            party,
            letter="invitation" if limit is None else "deemed_service",
            good_until=limit.due_at if limit else None,
        )


def deemed_service_from(case: Case) -> datetime | None:
    """The moment from which a clerk may record deemed service (rule R-11); None where that is not the question."""
    if case.stage != stages.ISSUED:
        return None
    first = Invitation.objects.filter(party__case=case).order_by("sent_at").first()
    return deadline("deemed-service", first.sent_at) if first else None


def deem_served(case: Case, *, by: User) -> Case:
    """Record that the claim counts as served although nobody joined; the time to answer starts (rule R-11).

    Raises TooEarly before the time; NotNow if the respondent joined meanwhile or the case is elsewhere.
    """
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("opened_by").get(pk=case.pk)
        party, start = respondent_of(held), deemed_service_from(held)
        if party is None or start is None:
            raise NotNow("serve", held)
        if timezone.now() < start:
            raise TooEarly(start)
        entry = move(held, "serve", by=by, kind="service_deemed", name=party.name, rule=rule("deemed-service").number)
        limit = set_deadline(held, "answer", counted_from=entry.at, party=party)
        record(held, "answer_due", by=None, due_at=limit.due_at.isoformat(), rule=limit.rule)
        _invite(party, letter="deemed_service", good_until=limit.due_at)
        _tell_claimant(held, limit.due_at, deemed=True)
    return held


def look_up(code: str) -> Invitation:
    """The invitation a code belongs to. Raises CodeRefused: wrong, used, expired, revoked."""
    invitation = find(hash_of(code))
    if invitation is None:
        raise CodeRefused("wrong")
    return invitation


def find(code_hash: str) -> Invitation | None:
    """The invitation with this hash, None if there is none. Raises CodeRefused: used, expired, revoked."""
    invitation = Invitation.objects.select_related("party__case__claim").filter(code_hash=code_hash).first()
    if invitation is not None and (reason := _refusal(invitation)):
        raise CodeRefused(reason)
    return invitation


def _refusal(invitation: Invitation) -> str:
    if invitation.used_at or invitation.party.user_id:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    if invitation.expires_at <= timezone.now():
        return "expired"
    return ""


def join_case(invitation: Invitation, *, by: User) -> Case:
    """Join as the respondent: by this act the claim is served and the time to answer runs (rules R-10, R-12).

    Where service was deemed before, joining changes no stage and no time limit. Raises CodeRefused: used, expired,
    revoked, own (a party cannot be on both sides), staff (a member of the court's staff with the court's account).
    """
    if by.is_staff_of_court:
        raise CodeRefused("staff")
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("opened_by").get(parties=invitation.party_id)
        )
        if party_of(by, case):
            raise CodeRefused("own")
        now = timezone.now()
        used = Invitation.objects.filter(
            pk=invitation.pk, used_at=None, revoked_at=None, expires_at__gt=now, party__user=None
        ).update(used_at=now, used_by=by)
        if not used:
            raise CodeRefused(_refusal(Invitation.objects.select_related("party").get(pk=invitation.pk)) or "used")
        Party.objects.filter(pk=invitation.party_id).update(user=by, joined_at=now)
        party = Party.objects.select_related("case").get(pk=invitation.party_id)
        seat_party(party)
        if case.stage != stages.ISSUED:
            record(case, "respondent_joined", by=by, name=party.name)
            return case
        entry = move(case, "serve", by=by, kind="claim_served", name=party.name, rule=rule("service").number)
        limit = set_deadline(case, "answer", counted_from=entry.at, party=party)
        record(case, "answer_due", by=None, due_at=limit.due_at.isoformat(), rule=limit.rule)
        _tell_claimant(case, limit.due_at, deemed=False)
        write(
            "joined",
            to=by.email,
            key=party.pk,
            language=by.language,
            case=case,
            name=party.name,
            due_at=limit.due_at,
            rule=limit.rule,
        )
    return case


def _tell_claimant(case: Case, due_at: datetime, *, deemed: bool) -> None:
    claimant = claimant_of(case)
    if claimant is None:
        return
    write(
        "claim_served",
        to=claimant.email,
        key=case.pk,
        language=case.opened_by.language,
        case=case,
        name=claimant.name,
        respondent=str(respondent_of(case)),
        due_at=due_at,
        deemed=deemed,
        rule=rule("deemed-service" if deemed else "service").number,
    )
