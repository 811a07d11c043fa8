"""The search index: a table of SQLite's FTS5, or a tsvector column with GIN on PostgreSQL. See docs/adr/0006-search.md.

Neither can drift from the utterances: SQLite's rows go with theirs by a trigger, PostgreSQL's column is theirs.
"""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE transcripts_search USING fts5(
         said, singles, scope, tokenize = "ascii", prefix = '3'
       )""",
    """CREATE TRIGGER transcripts_search_goes AFTER DELETE ON transcripts_utterance BEGIN
         DELETE FROM transcripts_search WHERE rowid = old.id;
       END""",
)
SQLITE_BACK = ("DROP TRIGGER transcripts_search_goes", "DROP TABLE transcripts_search")
POSTGRESQL = (
    "ALTER TABLE transcripts_utterance ADD COLUMN said tsvector",
    "CREATE INDEX transcripts_utterance_said ON transcripts_utterance USING gin (said)",
)
POSTGRESQL_BACK = (
    "DROP INDEX transcripts_utterance_said",
    "ALTER TABLE transcripts_utterance DROP COLUMN said",
)


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("transcripts", "0002_sound_and_faults")]

    operations = [migrations.RunPython(make, undo)]
