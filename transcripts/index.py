"""The search index of what was said, on either database; written in the transaction that writes the utterances.

An utterance is indexed as its tokens (``tokenizer``), the single characters of its Han, Hangul and Kana, and its
scope: the token of its case, by which a person of few cases searches those alone.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from .asking import Query, Term
from .models import Utterance
from .tokenizer import singles, tokens

Row = tuple[Any, ...]


def scope_of(case: int) -> str:
    """The token under which a case's utterances are indexed."""
    return f"case{case}"


def rows(utterances: Iterable[Utterance]) -> list[Row]:
    """What is to be indexed, without the utterances' numbers: to be made before the transaction begins."""
    made: list[Row] = []
    for utterance in utterances:
        said = [token.text for token in tokens(utterance.text)]
        alone = sorted({token.text for token in singles(utterance.text)})
        if connection.vendor == "postgresql":
            made.append((_vector(said, alone, scope_of(utterance.case_id)),))
        else:
            made.append((" ".join(said), " ".join(alone), scope_of(utterance.case_id)))
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


def _vector(said: list[str], alone: list[str], scope: str) -> str:
    """A tsvector in its text form, so that PostgreSQL's own parser has no say. Singles and scopes bear a sign."""
    lexemes: dict[str, list[int]] = {}
    for position, token in enumerate(said, start=1):
        lexemes.setdefault(token, []).append(position)
    parts = [
        f"{_quoted(token)}:{','.join(str(p) for p in at[:255] if p < 16383) or '16383'}"
        for token, at in lexemes.items()
    ]
    return " ".join([*parts, *(_quoted(f"1 {token}") for token in alone), _quoted(f"scope {scope}")])


def expression(query: Query, scopes: Iterable[str] | None) -> str:
    """The query as the database in use writes it; ``scopes`` narrow it to some cases."""
    postgresql = connection.vendor == "postgresql"
    term = _tsquery_term if postgresql else _fts_term
    both, either, no = (" & ", " | ", " & !") if postgresql else (" AND ", " OR ", " NOT ")
    wanted = both.join("(" + either.join(term(t) for t in choice) + ")" for choice in query.wanted)
    asked = wanted + "".join(no + "(" + term(t) + ")" for t in query.unwanted)
    if scopes is None:
        return asked
    if postgresql:
        return f"({asked}) & (" + " | ".join(_quoted(f"scope {scope}") for scope in scopes) + ")"
    return f"({asked}) AND scope : (" + " OR ".join(f'"{scope}"' for scope in scopes) + ")"


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
