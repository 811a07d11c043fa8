"""The search index of what was said, on either database; written in the transaction that writes the utterances.

An utterance is indexed as its tokens (``tokenizer``), the single characters of its Han, Hangul and Kana, and its
scope: tokens of its case, its month (UTC) and the names of its speaker, by which a search is narrowed in the index.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from .asking import Query, Term
from .models import Clearance, Utterance
from .text import Hidden, hidden_from, masked
from .tokenizer import singles, tokens

Row = tuple[Any, ...]


def scope_of_case(case: int) -> str:
    """The token of a case."""
    return f"case{case}"


def scope_of_month(moment: datetime) -> str:
    """The token of the month (UTC) of an aware moment."""
    return f"month{moment.astimezone(UTC):%Y%m}"


def scopes_of_speaker(name: str) -> list[str]:
    """The tokens of a speaker's names."""
    return [f"by{token.text}" for token in (*tokens(name), *singles(name))]


def _scopes(utterance: Utterance) -> list[str]:
    return [
        scope_of_case(utterance.case_id),
        scope_of_month(utterance.spoken_at),
        *dict.fromkeys(scopes_of_speaker(utterance.speaker)),
    ]


def rows(utterances: Iterable[Utterance]) -> list[Row]:
    """What is to be indexed, without the utterances' numbers: to be made before the transaction begins.

    Hidden words are indexed for nobody, so that no hit and no count can tell of them.
    """
    made: list[Row] = []
    hidden: dict[int, Hidden] = {}
    for utterance in utterances:
        if utterance.transcript_id not in hidden:
            hidden[utterance.transcript_id] = hidden_from(Clearance.PUBLIC, utterance.transcript_id)
        text, _words = masked(utterance.text, utterance.words, utterance.track_id, hidden[utterance.transcript_id])
        said = [token.text for token in tokens(text)]
        alone = sorted({token.text for token in singles(text)})
        if connection.vendor == "postgresql":
            made.append((_vector(said, alone, _scopes(utterance)),))
        else:
            made.append((" ".join(said), " ".join(alone), " ".join(_scopes(utterance))))
    return made


def write(utterances: list[Utterance], made: list[Row]) -> None:
    """Index saved utterances with the rows made of them, in the caller's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "UPDATE transcripts_utterance SET said = %s::tsvector WHERE id = %s"
            cursor.executemany(sql, [(*row, utterance.pk) for row, utterance in zip(made, utterances, strict=True)])
        else:
            sql = "INSERT INTO transcripts_search (rowid, said, singles, scope) VALUES (%s, %s, %s, %s)"
            cursor.executemany(sql, [(utterance.pk, *row) for row, utterance in zip(made, utterances, strict=True)])


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(said: list[str], alone: list[str], scopes: list[str]) -> str:
    """A tsvector in its text form, so that PostgreSQL's own parser has no say. Singles and scopes bear a sign."""
    lexemes: dict[str, list[int]] = {}
    for position, token in enumerate(said, start=1):
        lexemes.setdefault(token, []).append(position)
    parts = [
        f"{_quoted(token)}:{','.join(str(p) for p in at[:255] if p < 16383) or '16383'}"
        for token, at in lexemes.items()
    ]
    return " ".join([*parts, *(_quoted(f"1 {t}") for t in alone), *(_quoted(f"scope {s}") for s in scopes)])


def expression(query: Query, narrowed: Iterable[Sequence[str]] = ()) -> str:
    """The query as the database in use writes it. ``narrowed``: of each of these groups of scopes one must be there.

    A scope that ends with a star stands for all that begin so.
    """
    postgresql = connection.vendor == "postgresql"
    term, scope = (_tsquery_term, _tsquery_scope) if postgresql else (_fts_term, _fts_scope)
    both, either, no = (" & ", " | ", " & !") if postgresql else (" AND ", " OR ", " NOT ")
    wanted = both.join("(" + either.join(term(t) for t in choice) + ")" for choice in query.wanted)
    asked = "(" + wanted + "".join(no + "(" + term(t) + ")" for t in query.unwanted) + ")"
    return both.join([asked, *("(" + either.join(map(scope, group)) + ")" for group in narrowed)])


def _fts_scope(scope: str) -> str:
    return f'scope : "{scope[:-1]}" *' if scope.endswith("*") else f'scope : "{scope}"'


def _tsquery_scope(scope: str) -> str:
    return _quoted(f"scope {scope[:-1]}") + ":*" if scope.endswith("*") else _quoted(f"scope {scope}")


def _fts_term(term: Term) -> str:
    words = " ".join(token.text for token in term.tokens)  # letters and digits only: nothing to escape
    column = "singles" if term.single else "said"
    return f'{column} : "{words}"' + (" *" if term.prefix else "")


def _tsquery_term(term: Term) -> str:
    if term.single:
        return _quoted(f"1 {term.tokens[0].text}")
    quoted = [_quoted(token.text) for token in term.tokens]
    if term.prefix:
        quoted[-1] += ":*"
    return " <-> ".join(quoted)
