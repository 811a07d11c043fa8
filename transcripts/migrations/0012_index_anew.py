"""Index anew what was said, with its numbers in one form; give what is written an index of its own.

See docs/adr/0006-search.md. Neither index can drift: SQLite's rows go with theirs by a trigger, PostgreSQL's columns
are theirs.
"""

from django.db import migrations

from transcripts import index

AT_ONCE = 2000

SQLITE = (
    "DROP TRIGGER IF EXISTS transcripts_search_goes",
    "DROP TABLE IF EXISTS transcripts_search",
    *(
        statement
        for search, table in (index.SAID, index.WRITTEN)
        for statement in (
            f"""CREATE VIRTUAL TABLE {search} USING fts5(
                  said, forms, singles, scope, tokenize = "ascii", prefix = '3', columnsize = 0
                )""",
            f"""CREATE TRIGGER {search}_goes AFTER DELETE ON {table} BEGIN
                  DELETE FROM {search} WHERE rowid = old.id;
                END""",
        )
    ),
)
SQLITE_BACK = (
    "DROP TRIGGER transcripts_writing_search_goes",
    "DROP TABLE transcripts_writing_search",
    "DROP TRIGGER transcripts_search_goes",
    "DROP TABLE transcripts_search",
    """CREATE VIRTUAL TABLE transcripts_search USING fts5(said, singles, scope, tokenize = "ascii", prefix = '3')""",
    """CREATE TRIGGER transcripts_search_goes AFTER DELETE ON transcripts_utterance BEGIN
         DELETE FROM transcripts_search WHERE rowid = old.id;
       END""",
)
# A passage's words, and two side by side, each together with the source it stands in: see finding/keys.py. The case or
# record itself has no key; the first two letters of a longer word have one.
KEYS = (
    """CREATE FUNCTION transcripts_keys(source bigint, said tsvector) RETURNS bigint[]
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
       $$""",
    *(
        f"CREATE INDEX {table}_keys ON {table} USING gin (transcripts_keys({source}, said)) WITH (fastupdate = off)"
        for table, source in (("transcripts_utterance", "transcript_id"), ("transcripts_writing", "case_id"))
    ),
)
KEYS_BACK = (
    "DROP INDEX transcripts_writing_keys",
    "DROP INDEX transcripts_utterance_keys",
    "DROP FUNCTION transcripts_keys",
)
# Without a list of what is pending: a search would go through it from end to end.
POSTGRESQL = (
    "DROP INDEX transcripts_utterance_said",
    "CREATE INDEX transcripts_utterance_said ON transcripts_utterance USING gin (said) WITH (fastupdate = off)",
    "ALTER TABLE transcripts_utterance ALTER COLUMN said SET STATISTICS 1000",
    "ALTER TABLE transcripts_writing ADD COLUMN said tsvector",
    "CREATE INDEX transcripts_writing_said ON transcripts_writing USING gin (said) WITH (fastupdate = off)",
    *KEYS,
)
POSTGRESQL_BACK = (
    *KEYS_BACK,
    "DROP INDEX transcripts_writing_said",
    "ALTER TABLE transcripts_writing DROP COLUMN said",
    "ALTER TABLE transcripts_utterance ALTER COLUMN said SET STATISTICS -1",
    "DROP INDEX transcripts_utterance_said",
    "CREATE INDEX transcripts_utterance_said ON transcripts_utterance USING gin (said)",
)


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


def index_anew(apps, schema_editor):
    utterances = apps.get_model("transcripts", "Utterance").objects.order_by("pk")
    last = 0
    while some := list(utterances.filter(pk__gt=last)[:AT_ONCE]):
        index.write(some, index.rows(some))
        last = some[-1].pk


class Migration(migrations.Migration):

    dependencies = [('transcripts', '0011_numbered_pages_in_volumes')]

    operations = [
        migrations.RunPython(make, undo),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
