"""Reading filings: what a draft still lacks, the facts beside the replies, what was filed as one text."""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from court.cases.models import Case, Party, Role

from .models import Answer, Claim, Fact, FactAnswer, FactReply, Stance

CLAIM_STEPS = ("you", "other-side", "facts", "remedy", "exhibits", "check", "truth")
ANSWER_STEPS = ("position", "facts", "story", "exhibits", "check", "truth")


@dataclass(frozen=True)
class Problem:
    """Something a draft still lacks: the step where it is put right, and what to do there."""

    step: str
    text: str


def claimant_of(case: Case) -> Party | None:
    """Who sues."""
    return case.parties.filter(role=Role.CLAIMANT).order_by("pk").first()


def claim_problems(claim: Claim) -> list[Problem]:
    """What must be done before the claim can be filed, in the order of the steps."""
    found: list[Problem] = []
    parties = {party.role: party for party in claim.case.parties.all()}
    you, other = parties.get(Role.CLAIMANT), parties.get(Role.RESPONDENT)
    if you is None or not (you.name and you.email and you.address):
        found.append(Problem("you", _("Give your name, e-mail address and postal address.")))
    if other is None or not (other.name and other.email):
        found.append(Problem("other-side", _("Give the name and e-mail address of the other side.")))
    elif you is not None and other.email.lower() == you.email.lower():
        found.append(Problem("other-side", _("The other side has the same e-mail address as you.")))
    if not claim.summary:
        found.append(Problem("facts", _("Say in one sentence what this is about.")))
    facts = list(claim.facts.all())
    if not facts:
        found.append(Problem("facts", _("Tell at least one thing that happened.")))
    for fact in facts:
        if not fact.text:
            found.append(Problem("facts", _("Fact %(n)d has no text.") % {"n": fact.position}))
        if not fact.happened_on and not fact.date_unknown:
            found.append(
                Problem(
                    "facts", _("Give the date of fact %(n)d, or say that you do not know it.") % {"n": fact.position}
                )
            )
    if not claim.remedy:
        found.append(Problem("remedy", _("Say what the court should order.")))
    if claim.asks_money is None or (claim.asks_money and claim.amount is None):
        found.append(Problem("remedy", _("Say whether you ask for money, and how much.")))
    return found + _unfinished(claim.unfinished, found)


def answer_problems(answer: Answer) -> list[Problem]:
    """What must be done before the answer can be filed, in the order of the steps."""
    found: list[Problem] = []
    claim = answer.case.claim
    if not answer.stance:
        found.append(Problem("position", _("Say whether you admit or dispute the claim.")))
    if answer.stance == Stance.PART and claim.amount is not None and answer.admitted_amount is None:
        found.append(Problem("position", _("Say how much you admit.")))
    if answer.stance != Stance.ADMIT:
        replies = {reply.fact_id: reply for reply in answer.replies.all()} if answer.pk else {}
        for fact in claim.facts.all():
            reply = replies.get(fact.pk)
            if reply is None or not reply.reply:
                found.append(Problem("facts", _("Reply to fact %(n)d.") % {"n": fact.position}))
            elif reply.reply == FactReply.DISPUTED and not reply.text:
                found.append(Problem("facts", _("Say why you dispute fact %(n)d.") % {"n": fact.position}))
        if not answer.text:
            found.append(Problem("story", _("Tell your side of what happened.")))
    return found + _unfinished(answer.unfinished, found)


def _unfinished(unfinished: dict[str, Any], found: list[Problem]) -> list[Problem]:
    told = {problem.step for problem in found}
    return [
        Problem(step, _("Something typed on this page cannot be used yet.")) for step in unfinished if step not in told
    ]


def exhibits_of(case: Case, role: Role | str) -> list[Any]:
    """The exhibits one side put in and did not take back (rows of the evidence room, which lies above this one)."""
    rows: Any = getattr(case, "exhibits", None)
    return list(rows.filter(party__role=role, withdrawn_at__isnull=True)) if rows is not None else []


def facts_and_replies(claim: Claim, answer: Answer | None) -> list[tuple[Fact, FactAnswer | None]]:
    """Each fact of the claim with what the respondent says to it."""
    replies = {reply.fact_id: reply for reply in answer.replies.all()} if answer and answer.pk else {}
    return [(fact, replies.get(fact.pk)) for fact in claim.facts.all()]


def claim_text(claim: Claim) -> str:
    """The claim as canonical JSON: what its SHA-256 in the docket is the SHA-256 of."""
    case = claim.case
    return _canonical(
        {
            "paper": "claim",
            "reference": case.reference,
            "parties": [_party(party) for party in case.parties.order_by("pk")],
            "summary": claim.summary,
            "facts": [
                {"date": f.happened_on and f.happened_on.isoformat(), "text": f.text} for f in claim.facts.all()
            ],
            "remedy": claim.remedy,
            "amount": claim.amount,
            "currency": claim.currency,
            "exhibits": [{"label": e.label, "sha256": e.sha256} for e in exhibits_of(case, Role.CLAIMANT)],
            "truth": {"name": claim.truth_name, "at": claim.truth_at and claim.truth_at.isoformat()},
        }
    )


def answer_text(answer: Answer) -> str:
    """The answer as canonical JSON: what its SHA-256 in the docket is the SHA-256 of."""
    case = answer.case
    return _canonical(
        {
            "paper": "answer",
            "case": case.label,
            "by": _party(answer.party),
            "stance": answer.stance,
            "admitted_amount": answer.admitted_amount,
            "facts": [
                {"fact": fact.position, "reply": reply.reply if reply else "", "text": reply.text if reply else ""}
                for fact, reply in facts_and_replies(case.claim, answer)
            ],
            "text": answer.text,
            "exhibits": [{"label": e.label, "sha256": e.sha256} for e in exhibits_of(case, Role.RESPONDENT)],
            "truth": {"name": answer.truth_name, "at": answer.truth_at and answer.truth_at.isoformat()},
        }
    )


def _party(party: Party) -> dict[str, str]:
    return {
        "role": party.role,
        "name": party.name,
        "email": party.email,
        "phone": party.phone,
        "address": party.address,
    }


def _canonical(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def same_name(signed: str, name: str) -> bool:
    """Tell whether a signature is this name, whatever its case, accents, spaces, hyphens and order of words."""
    signed_words, name_words = _words(signed), _words(name)
    return bool(name_words) and (
        sorted(signed_words) == sorted(name_words) or "".join(signed_words) == "".join(name_words)
    )


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFC", kept)).split()
