"""The full-text index over the search entries: FTS5 with triggers on SQLite, a generated ``tsvector`` on PostgreSQL."""

from django.db import migrations

# The index reads its text from the entries; the triggers tell it of each change.
SQLITE = (
    """
    CREATE VIRTUAL TABLE sources_searchindex USING fts5(
        names, words, content='sources_searchentry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='1 2 3 4'
    )
    """,
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON sources_searchentry BEGIN
        INSERT INTO sources_searchindex (rowid, names, words) VALUES (new.id, new.names, new.words);
    END
    """,
    """
    CREATE TRIGGER search_entry_deleted AFTER DELETE ON sources_searchentry BEGIN
        INSERT INTO sources_searchindex (sources_searchindex, rowid, names, words)
        VALUES ('delete', old.id, old.names, old.words);
    END
    """,
    """
    CREATE TRIGGER search_entry_changed AFTER UPDATE ON sources_searchentry BEGIN
        INSERT INTO sources_searchindex (sources_searchindex, rowid, names, words)
        VALUES ('delete', old.id, old.names, old.words);
        INSERT INTO sources_searchindex (rowid, names, words) VALUES (new.id, new.names, new.words);
    END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_deleted",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE sources_searchindex",
)
# Names weigh more: the label tells them from the rest of the text.
POSTGRESQL = (
    """
    ALTER TABLE sources_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', words), 'D')
    ) STORED
    """,
    "CREATE INDEX search_entry_vector ON sources_searchentry USING gin (vector)",
)
POSTGRESQL_BACK = ("ALTER TABLE sources_searchentry DROP COLUMN vector",)


def forwards(apps, schema_editor):
    _execute(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def backwards(apps, schema_editor):
    _execute(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _execute(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sources", "0014_search_index")]

    operations = [migrations.RunPython(forwards, backwards)]
