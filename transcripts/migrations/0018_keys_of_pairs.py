"""Give pairs of words keys too (PostgreSQL): a phrase is then looked up at once in each transcript.

See finding/keys.py. The case or record itself has no key; the first two letters of a longer word have one.
"""

from django.db import migrations

INDEXES = tuple(
    (
        f"DROP INDEX {table}_keys",
        f"CREATE INDEX {table}_keys ON {table} USING gin (transcripts_keys({source}, said)) WITH (fastupdate = off)",
    )
    for table, source in (("transcripts_utterance", "transcript_id"), ("transcripts_writing", "case_id"))
)


# The same as in 0012 but for the pairs, without patterns and sorting, which took most of the time of writing.
KEYS = """CREATE OR REPLACE FUNCTION transcripts_keys(source bigint, said tsvector) RETURNS bigint[]
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
         SELECT array_agg(hashtextextended(key, source)) FROM (
           SELECT lexeme FROM unnest(tsvector_to_array(said)) lexeme
           WHERE NOT starts_with(lexeme, 'scope case') AND NOT starts_with(lexeme, 'scope record')
           UNION ALL
           SELECT '4 ' || left(lexeme, 2) FROM unnest(tsvector_to_array(said)) lexeme
           WHERE strpos(lexeme, ' ') = 0 AND length(lexeme) > 2
           UNION ALL
           SELECT '4 ' || substr(lexeme, 3, 2) FROM unnest(tsvector_to_array(said)) lexeme
           WHERE starts_with(lexeme, '0 ') AND length(lexeme) > 4
         ) made(key)
       $$"""
KEYS_BACK = """CREATE OR REPLACE FUNCTION transcripts_keys(source bigint, said tsvector) RETURNS bigint[]
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
         SELECT array_agg(DISTINCT hashtextextended(key, source))
         FROM unnest(tsvector_to_array(said)) lexeme
         CROSS JOIN LATERAL (VALUES
           (lexeme),
           ('4 ' || left(substring(lexeme from '^(?:0 )?([^ ]{3,})$'), 2))
         ) made(key)
         WHERE key IS NOT NULL AND lexeme !~ '^([23] |scope (case|record))'
       $$"""
KEYS_OF = """CREATE FUNCTION transcripts_keys_of(sources bigint[], lexemes text[]) RETURNS bigint[]
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
         SELECT array_agg(hashtextextended(lexeme, source)) FROM unnest(sources) source, unnest(lexemes) lexeme
       $$"""


def anew(*statements):
    """An operation: the indexes gone, the statements, the indexes made."""

    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        for statement in (*(drop for drop, _make in INDEXES), *statements, *(make for _drop, make in INDEXES)):
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [('transcripts', '0017_signed_pages_remembered')]

    operations = [
        migrations.RunPython(
            anew(KEYS, "DROP FUNCTION transcripts_keys_of"),
            anew(KEYS_BACK, KEYS_OF),
        ),
    ]
