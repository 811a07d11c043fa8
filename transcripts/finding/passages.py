"""The few passages that are shown, each with its case and its sound, in one statement.

Joined, PostgreSQL would read all cases of the court for them: it cannot know how few there are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from court.cases.models import Case

from ..models import Transcript, Utterance, Writing

OF_CASE = ("reference", "number", "title")  # in the order of the model, which ``from_db`` keeps to


def utterances(numbers: Sequence[int]) -> dict[int, Utterance]:
    """What was said, by its number. Of its case and its transcript no more was fetched than is shown."""
    found = _found(
        Utterance, numbers, ", (SELECT sound FROM transcripts_transcript t WHERE t.id = p.transcript_id) sound"
    )
    for one in found.values():
        one.transcript = Transcript.from_db(one._state.db, ["id", "sound"], [one.transcript_id, one.sound])
    return found


def writings(numbers: Sequence[int]) -> dict[int, Writing]:
    """What was written, by its number. Of its case no more was fetched than is shown."""
    return _found(Writing, numbers)


def _found(model: type[Utterance] | type[Writing], numbers: Sequence[int], more: str = "") -> dict[int, Any]:
    if not numbers:
        return {}
    columns = ", ".join(f'p."{field.column}"' for field in model._meta.concrete_fields)
    of_case = ", ".join(f"(SELECT {name} FROM cases_case c WHERE c.id = p.case_id) case_{name}" for name in OF_CASE)  # noqa: S608
    rows: Iterable[Any] = model._default_manager.raw(
        f"SELECT {columns}, {of_case}{more} FROM {model._meta.db_table} p"  # noqa: S608
        f" WHERE p.id IN ({', '.join(['%s'] * len(numbers))})",
        numbers,
    )
    found: dict[int, Any] = {}
    for one in rows:
        told = [one.case_id, *(getattr(one, f"case_{name}") for name in OF_CASE)]
        one.case = Case.from_db(one._state.db, ["id", *OF_CASE], told)
        found[one.pk] = one
    return found
