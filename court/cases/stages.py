"""Where a case can stand and which moves lead from where to where. Plain tables: no Django here."""

from typing import Final

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
RETURNED: Final = "returned"
REFUSED: Final = "refused"
ISSUED: Final = "issued"
SERVED: Final = "served"
ANSWERED: Final = "answered"
LISTED: Final = "listed"
HEARD: Final = "heard"
DECIDED: Final = "decided"
SETTLED: Final = "settled"
WITHDRAWN: Final = "withdrawn"

CLOSED: Final = frozenset({REFUSED, DECIDED, SETTLED, WITHDRAWN})

# (verb, from) -> to. Only `cases.services.move` acts on this table.
MOVES: Final[dict[tuple[str, str], str]] = {
    ("submit", DRAFT): SUBMITTED,
    ("submit", RETURNED): SUBMITTED,
    ("return", SUBMITTED): RETURNED,
    ("refuse", SUBMITTED): REFUSED,
    ("accept", SUBMITTED): ISSUED,
    ("serve", ISSUED): SERVED,
    ("answer", SERVED): ANSWERED,
    ("list", SERVED): LISTED,  # a respondent who does not answer is heard all the same
    ("list", ANSWERED): LISTED,
    ("list", HEARD): LISTED,  # adjourned
    ("list", LISTED): LISTED,  # a second date
    ("unlist", LISTED): ANSWERED,  # the only hearing was cancelled: back to where the case stood before
    ("unlist_unanswered", LISTED): SERVED,
    ("unlist_heard", LISTED): HEARD,
    ("hear", LISTED): HEARD,
    ("decide", SERVED): DECIDED,
    ("decide", ANSWERED): DECIDED,
    ("decide", LISTED): DECIDED,
    ("decide", HEARD): DECIDED,
    ("settle", ISSUED): SETTLED,
    ("settle", SERVED): SETTLED,
    ("settle", ANSWERED): SETTLED,
    ("settle", LISTED): SETTLED,
    ("settle", HEARD): SETTLED,
    ("withdraw", DRAFT): WITHDRAWN,
    ("withdraw", SUBMITTED): WITHDRAWN,
    ("withdraw", RETURNED): WITHDRAWN,
}


def after(verb: str, stage: str) -> str | None:
    """The stage that ``verb`` leads to from ``stage``, or None if the move is not allowed."""
    return MOVES.get((verb, stage))
