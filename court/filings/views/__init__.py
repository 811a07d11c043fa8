"""The pages of this room."""

from .answer import answer, answer_step
from .claim import claim, claim_new, claim_step, claim_withdraw
from .join import join
from .review import review, review_queue, service

__all__ = [
    "answer",
    "answer_step",
    "claim",
    "claim_new",
    "claim_step",
    "claim_withdraw",
    "join",
    "review",
    "review_queue",
    "service",
]
