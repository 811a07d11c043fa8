"""PostgreSQL: the keys of one word in all sources lie side by side, so that looking through many touches few pages.

See docs/adr/0006-search.md and finding/keys.py. The first half of a key is the word's hash, the other its source.
On both databases: in which cases something was written in a period.
"""

from django.db import migrations, models

INDEXES = (("transcripts_utterance", "transcript_id"), ("transcripts_writing", "case_id"))
DROP = tuple(f"DROP INDEX {table}_keys" for table, _source in INDEXES)
CREATE = tuple(
    f"CREATE INDEX {table}_keys ON {table} USING gin (transcripts_keys({source}, said)) WITH (fastupdate = off)"
    for table, source in INDEXES
)


def keys_by(key):
    """The function that gives a passage's keys, each ``key`` of a lexeme and a source."""
    return f"""CREATE OR REPLACE FUNCTION transcripts_keys(source bigint, said tsvector) RETURNS bigint[]
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
         SELECT array_agg({key}) FROM (
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


KEY = """CREATE FUNCTION transcripts_key(lexeme text, source bigint) RETURNS bigint
       LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT (hashtext(lexeme)::bigint << 32) + source'"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (*DROP, KEY, keys_by("transcripts_key(key, source)"), *CREATE):
            schema_editor.execute(statement)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (*DROP, keys_by("hashtextextended(key, source)"), "DROP FUNCTION transcripts_key", *CREATE):
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [('transcripts', '0017_signed_pages_remembered')]

    operations = [
        migrations.RunPython(make, undo),
        migrations.AddIndex(
            model_name='writing',
            index=models.Index(fields=['case', 'at'], name='writing_of_a_period'),
        ),
    ]
