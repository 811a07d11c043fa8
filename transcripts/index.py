"""The search index of what was said and written, on either database; written in the transaction that writes the rows.

A text is indexed as its tokens (``tokenizer``), the same with its numbers in one form each (``finding.figures``) if
it has any, the single characters of its Han, Hangul and Kana, and its scope: tokens of its case, its transcript, its
month (UTC), its language, and the names and the role of its speaker, by which a search is narrowed in the index.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.db import connection

from .asking import Ask, Near, Query, Term, form_tokens
from .models import Clearance, Utterance
from .text import Hidden, hidden_from, masked
from .tokenizer import Token, singles, tokens

Row = tuple[Any, ...]

DISTANCES = 12  # words apart that PostgreSQL is asked for one by one; farther ones are looked for in the text
SAID = ("transcripts_search", "transcripts_utterance")  # SQLite's index, and the table that bears PostgreSQL's
WRITTEN = ("transcripts_writing_search", "transcripts_writing")


def scope_of_case(case: int) -> str:
    """The token of a case."""
    return f"case{case}"


def scope_of_transcript(transcript: int) -> str:
    """The token of a transcript."""
    return f"record{transcript}"


def scope_of_month(moment: datetime) -> str:
    """The token of the month (UTC) of an aware moment."""
    return f"month{moment.astimezone(UTC):%Y%m}"


def scope_of_role(role: str) -> str:
    """The token of a speaker's role."""
    return f"role{role}"


def scope_of_language(language: str) -> str:
    """The token of a language."""
    return f"lang{language.replace('-', '')}"


def scopes_of_speaker(name: str) -> list[str]:
    """The tokens of a speaker's names."""
    return [f"by{token.text}" for token in (*tokens(name), *singles(name))]


def _scopes(utterance: Utterance) -> list[str]:
    return [
        scope_of_case(utterance.case_id),
        scope_of_transcript(utterance.transcript_id),
        scope_of_month(utterance.spoken_at),
        *([scope_of_role(utterance.role)] if utterance.role else []),
        *([scope_of_language(utterance.language)] if utterance.language else []),
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
        made.append(row_of_text(text, _scopes(utterance)))
    return made


def row_of_text(text: str, scopes: Sequence[str]) -> Row:
    """What the database in use keeps of one text."""
    words, numbered = tokens(text), form_tokens(text)
    alone = [] if text.isascii() else sorted({token.text for token in singles(text)})
    if connection.vendor == "postgresql":
        return (_vector(words, numbered, alone, scopes),)
    said, forms = (" ".join(token.text for token in some) for some in (words, numbered))
    return (said, forms, " ".join(alone), " ".join(scopes))


def write(utterances: Sequence[Utterance], made: Sequence[Row]) -> None:
    """Index saved utterances with the rows made of them, in the caller's transaction. What was indexed is replaced."""
    write_rows(SAID, [utterance.pk for utterance in utterances], made)


def write_rows(where: tuple[str, str], numbers: Sequence[int], made: Sequence[Row]) -> None:
    """Index saved rows of one of the two tables, in the caller's transaction. What was indexed is replaced."""
    if not numbers:
        return
    index, table = where
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET said = made.said::tsvector"  # noqa: S608
                f" FROM unnest(%s::bigint[], %s::text[]) AS made(id, said) WHERE {table}.id = made.id",
                [list(numbers), [row[0] for row in made]],
            )
        else:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {index} (rowid, said, forms, singles, scope) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                [(number, *row) for number, row in zip(numbers, made, strict=True)],
            )


def scope_lexeme(scope: str) -> str:
    """A scope as PostgreSQL's index has it."""
    return f"scope {scope}"


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(said: list[Token], forms: list[Token], alone: list[str], scopes: Sequence[str]) -> str:
    """A tsvector in its text form, so that PostgreSQL's own parser has no say. All but the words bear a sign.

    Two words side by side are indexed as a pair too: its index knows no places, and would read every text that has
    both words for a phrase.
    """
    lexemes: dict[str, list[int]] = {}
    for position, token in enumerate(said, start=1):
        lexemes.setdefault(token.text, []).append(position)
    for position, token in enumerate(forms, start=1):
        lexemes.setdefault(f"0 {token.text}", []).append(position)
    pairs = {f"2 {one.text} {two.text}" for one, two in pairwise(said) if not (one.run and two.run)}
    pairs |= {f"3 {one.text} {two.text}" for one, two in pairwise(forms) if not (one.run and two.run)}
    parts = [
        f"{_quoted(token)}:{','.join(str(p) for p in at[:255] if p < 16383) or '16383'}"
        for token, at in lexemes.items()
    ]
    signed = (*(f"1 {t}" for t in alone), *sorted(pairs), *map(scope_lexeme, scopes))
    return " ".join([*parts, *map(_quoted, signed)])


def expression(query: Query, narrowed: Iterable[Sequence[str]] = (), *, apart: bool = True) -> str:
    """The query as the database in use writes it. ``narrowed``: of each of these groups of scopes one must be there.

    It may propose too much, never too little: the text decides. A scope that ends with a star stands for all that
    begin so. PostgreSQL is not asked how far words are apart unless ``apart``.
    """
    write = _Tsquery(apart=apart) if connection.vendor == "postgresql" else _Fts()
    wanted = write.both.join(
        "(" + write.either.join(write.ask(ask) for ask in choice) + ")" for choice in query.wanted
    )
    left_out = [ask for ask in query.unwanted if exact(ask)]
    asked = "(" + wanted + "".join(write.no + "(" + write.ask(ask) + ")" for ask in left_out) + ")"
    return write.both.join([asked, *("(" + write.either.join(map(write.scope, group)) + ")" for group in narrowed)])


def exact(ask: Ask) -> bool:
    """Whether the index alone can tell that a text has it."""
    return isinstance(ask, Term) and not doubtful(ask.tokens) and not doubtful(ask.forms)


def doubtful(words: Sequence[Token]) -> bool:
    """Whether the index may take these tokens for others. Pairs of characters side by side may be one word or two.

    PostgreSQL's knows two words side by side, and of more only that every two of them are.
    """
    if connection.vendor == "postgresql" and len(words) > 2:
        return True
    return (len(words) > 1 and words[0].single) or any(one.run and two.run for one, two in pairwise(words))


class _Fts:
    """Queries as SQLite's FTS5 has them. Tokens hold letters and digits only: nothing to escape but in scopes."""

    both, either, no = " AND ", " OR ", " NOT "

    def scope(self, scope: str) -> str:
        scope = scope.replace('"', '""')
        return f'scope : "{scope[:-1]}" *' if scope.endswith("*") else f'scope : "{scope}"'

    def word(self, column: str, words: Sequence[Token], *, prefix: bool) -> str:
        return f'{column} : "{" ".join(token.text for token in words)}"' + (" *" if prefix else "")

    def single(self, character: str) -> str:
        return f'singles : "{character}"'

    def ask(self, ask: Ask) -> str:
        if isinstance(ask, Term):
            ways = [self.phrase("said", ask.tokens, ask.prefix)]
            if ask.forms:
                ways.append(self.phrase("forms", ask.forms, ask.prefix))
            return ways[0] if len(ways) == 1 else "(" + self.either.join(ways) + ")"
        ways = [self.near("said", ask, ask.one.tokens, ask.other.tokens)]
        if ask.one.forms or ask.other.forms:
            ways.append(self.near("forms", ask, ask.one.forms or ask.one.tokens, ask.other.forms or ask.other.tokens))
        return ways[0] if len(ways) == 1 else "(" + self.either.join(ways) + ")"

    def phrase(self, column: str, words: Sequence[Token], prefix: bool) -> str:
        """Tokens side by side. A single character at either end may be part of a longer run in the text."""
        if len(words) == 1 and words[0].single:
            return self.single(words[0].text)
        needed: list[str] = []
        rest = list(words)
        if rest[0].single:
            needed.append(self.single(rest.pop(0).text))
        if len(rest) == 1 and rest[0].single:
            needed.append(self.single(rest.pop().text))
        if rest:
            needed.append(self.word(column, rest, prefix=prefix or rest[-1].single))
        return needed[0] if len(needed) == 1 else "(" + self.both.join(needed) + ")"

    def near(self, column: str, near: Near, one: Sequence[Token], other: Sequence[Token]) -> str:
        """Two phrases at most so many words apart. A word of a run is several tokens: more are allowed between."""
        phrases = ((one, near.one.prefix), (other, near.other.prefix))
        if any(words[0].single or words[-1].single for words, _prefix in phrases):
            return "(" + self.both.join(self.phrase(column, words, prefix) for words, prefix in phrases) + ")"
        runs = any(token.run for words, _prefix in phrases for token in words)
        return self.close(column, phrases, 7 * near.within + 6 if runs else near.within)

    def close(self, column: str, phrases: Iterable[tuple[Sequence[Token], bool]], within: int) -> str:
        written = " ".join(
            f'"{" ".join(token.text for token in words)}"' + ("*" if prefix else "") for words, prefix in phrases
        )
        return f"{column} : NEAR({written}, {within - 1})"


class _Tsquery(_Fts):
    """Queries as PostgreSQL has them, in their text form."""

    both, either, no = " & ", " | ", " & !"

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart

    def scope(self, scope: str) -> str:
        return _quoted(scope_lexeme(scope[:-1])) + ":*" if scope.endswith("*") else _quoted(scope_lexeme(scope))

    def word(self, column: str, words: Sequence[Token], *, prefix: bool) -> str:
        sign, of_pair = ("0 ", "3") if column == "forms" else ("", "2")
        if len(words) == 1:
            return _quoted(f"{sign}{words[0].text}") + (":*" if prefix else "")
        needed: list[str] = []
        for one, two in pairwise(words):
            last = prefix and two is words[-1]
            pair = not (one.run and two.run)
            lexemes = [f"{of_pair} {one.text} {two.text}"] if pair else [f"{sign}{one.text}", f"{sign}{two.text}"]
            needed += [_quoted(lexeme) for lexeme in lexemes[:-1]] + [_quoted(lexemes[-1]) + (":*" if last else "")]
        return "(" + " & ".join(dict.fromkeys(needed)) + ")"

    def single(self, character: str) -> str:
        return _quoted(f"1 {character}")

    def side_by_side(self, column: str, words: Sequence[Token], *, prefix: bool) -> str:
        quoted = [_quoted(f"0 {token.text}" if column == "forms" else token.text) for token in words]
        if prefix:
            quoted[-1] += ":*"
        return quoted[0] if len(quoted) == 1 else "(" + " <-> ".join(quoted) + ")"

    def close(self, column: str, phrases: Iterable[tuple[Sequence[Token], bool]], within: int) -> str:
        both = [(words, prefix) for words, prefix in phrases]
        one, other = (self.side_by_side(column, words, prefix=prefix) for words, prefix in both)
        there = " & ".join(self.word(column, words, prefix=prefix) for words, prefix in both)  # as pairs: far fewer
        if within > DISTANCES or not self.apart:
            return f"({there})"
        ways = [f"{a} <{apart}> {b}" for apart in range(1, within + 1) for a, b in ((one, other), (other, one))]
        return f"({there} & (" + " | ".join(ways) + "))"
