"""The claim and the answer as summary lists: what is checked before sending."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.cases.models import Party, Role
from court.wording import write_day, write_money

from .access import respondent_of
from .models import Answer, Claim, Stance
from .queries import claimant_of, exhibits_of, facts_and_replies
from .steps import Walk

Group = dict[str, Any]


def claim_summary(claim: Claim, walk: Walk) -> list[Group]:
    """The whole claim in groups of rows, each with the way to change it."""
    return [
        _group(walk, "you", _party_rows(claimant_of(claim.case), phone=True)),
        _group(walk, "other-side", _party_rows(respondent_of(claim.case), phone=False)),
        _group(
            walk,
            "facts",
            [
                (_("In one sentence"), claim.summary),
                *((day_of(fact.happened_on), fact.text) for fact in claim.facts.all()),
            ],
        ),
        _group(walk, "remedy", [(_("What the court should order"), claim.remedy), (_("Money"), money_asked(claim))]),
        _group(walk, "exhibits", [(_("Exhibits"), _exhibits(claim, Role.CLAIMANT))]),
    ]


def answer_summary(answer: Answer, walk: Walk) -> list[Group]:
    """The whole answer in groups of rows, each with the way to change it."""
    claim = answer.case.claim
    position = [(_("Your position"), Stance(answer.stance).label if answer.stance else "")]
    if answer.stance == Stance.PART and answer.admitted_amount is not None:
        position.append((_("What you admit"), write_money(answer.admitted_amount, claim.currency)))
    groups = [_group(walk, "position", position)]
    if answer.stance != Stance.ADMIT:
        groups.append(
            _group(
                walk,
                "facts",
                [
                    (f"{fact.position}. {fact.text}", reply_in_words(reply))
                    for fact, reply in facts_and_replies(claim, answer)
                ],
            )
        )
        groups.append(_group(walk, "story", [(_("Your side"), answer.text)]))
    return [*groups, _group(walk, "exhibits", [(_("Exhibits"), _exhibits(claim, Role.RESPONDENT))])]


def money_asked(claim: Claim) -> str:
    """The amount claimed in words; that no money is asked for; or nothing yet."""
    if claim.amount is not None:
        return write_money(claim.amount, claim.currency)
    return _("No money is asked for") if claim.asks_money is False else ""


def day_of(day: Any) -> str:
    """A fact's date, or that it is not known."""
    return write_day(day) if day else _("Date not known")


def reply_in_words(reply: Any) -> str:
    """A reply and its reason as one text."""
    if reply is None or not reply.reply:
        return ""
    label = str(reply.get_reply_display())
    return f"{label}. {reply.text}" if reply.text else label


def _group(walk: Walk, step: str, rows: list[tuple[Any, Any]]) -> Group:
    change = f"{walk.url(step)}?from=check"
    return {
        "title": walk.labels[step],
        "change": change,
        "rows": [{"label": label, "value": value or _("Nothing yet")} for label, value in rows],
    }


def _party_rows(party: Party | None, *, phone: bool) -> list[tuple[Any, Any]]:
    rows = [
        (_("Full name"), party and party.name),
        (_("E-mail address"), party and party.email),
        (_("Postal address"), party and party.address),
    ]
    return [*rows, (_("Telephone"), party.phone)] if phone and party and party.phone else rows


def _exhibits(claim: Claim, role: Role) -> str:
    exhibits = exhibits_of(claim.case, role)
    if not exhibits:
        return _("None")
    count = ngettext("%(n)d exhibit", "%(n)d exhibits", len(exhibits)) % {"n": len(exhibits)}
    return f"{count}: " + "; ".join(f"{exhibit.label} {exhibit.title}" for exhibit in exhibits)
