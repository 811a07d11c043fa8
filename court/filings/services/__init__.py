"""Writing filings: the claim, its review, the invitation of the other side, the answer."""

from court.cases.services import NotNow

from .answer import change_answer, file_answer
from .claim import Incomplete, change_claim, file_claim, start_claim, withdraw_claim
from .invitation import (
    CodeRefused,
    TooEarly,
    code_of,
    deem_served,
    deemed_service_from,
    invite_again,
    join_case,
    look_up,
    serve_claim,
)
from .review import AlreadyReturned, accept_claim, refuse_claim, return_claim

__all__ = [
    "AlreadyReturned",
    "CodeRefused",
    "Incomplete",
    "NotNow",
    "TooEarly",
    "accept_claim",
    "change_answer",
    "change_claim",
    "code_of",
    "deem_served",
    "deemed_service_from",
    "file_answer",
    "file_claim",
    "invite_again",
    "join_case",
    "look_up",
    "refuse_claim",
    "return_claim",
    "serve_claim",
    "start_claim",
    "withdraw_claim",
]
