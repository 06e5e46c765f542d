"""Facets move into the entries and into the full-text index, so that a search within a kind reads the entries of the kind alone.

The index is a set of words: those of names and texts, those of names once more with ``=`` before them, and facets such as
``.kind=agreements``. On SQLite the number of a row begins with the evidence, counted downwards from the most that it can hold, and
ends with the key of the entry in 40 bits, so that its rows stand in the order of the results.
"""

from django.db import migrations, models

FILL_SQLITE = """
    UPDATE sources_searchentry SET facets = coalesce((
        SELECT group_concat(line, char(10)) FROM (
            SELECT name || '=' || value AS line FROM sources_searchfacet
            WHERE entry_id = sources_searchentry.id ORDER BY id
        )
    ), '')
"""
FILL_POSTGRESQL = """
    UPDATE sources_searchentry e SET facets = f.lines FROM (
        SELECT entry_id, string_agg(name || '=' || value, E'\\n' ORDER BY id) AS lines
        FROM sources_searchfacet GROUP BY entry_id
    ) f WHERE f.entry_id = e.id
"""
FILL_RECORD = """
    UPDATE sources_searchentry SET record_id = (
        SELECT f.record_id FROM sources_publicform f WHERE f.id = sources_searchentry.form_id
    )
"""
# No longer word can stand in a ``tsvector``.
SHORTEN_POSTGRESQL = r"""
    UPDATE sources_searchentry SET {column} = regexp_replace({column}, '(\S{{250}}\S{{250}})\S+', '\1', 'g')
    WHERE {column} ~ '\S{{250}}\S{{251}}'
"""
# The table cannot be altered while a check of its foreign keys is to come.
CHECK = "SET CONSTRAINTS ALL IMMEDIATE"
DROP_SQLITE = (
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_deleted",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE sources_searchindex",
)
DROP_POSTGRESQL = ("ALTER TABLE sources_searchentry DROP COLUMN vector",)

ROW = "(4095 - min({0}.weight, 4095)) * 1099511627776 + {0}.id"
WORDS = (
    "replace({0}.names, char(10), ' ') || ' ' || {0}.words || ' =' || "
    "replace(replace({0}.names, char(10), ' '), ' ', ' =') || ' .' || replace({0}.facets, char(10), ' .')"
)
INTO = "INSERT INTO sources_searchindex"
ADD = f"{INTO} (rowid, words) VALUES ({ROW}, {WORDS});"
TAKE_OUT = f"{INTO} (sources_searchindex, rowid, words) VALUES ('delete', {ROW}, {WORDS});"
ON = "ON sources_searchentry BEGIN"
# The words are folded already, so that only spaces part them.
CREATE_SQLITE = (
    """
    CREATE VIRTUAL TABLE sources_searchindex USING fts5(
        words, content='', detail=column, prefix='2 3 4 5', tokenize="ascii tokenchars '=_-.'"
    )
    """,
    f"{INTO} (rowid, words) SELECT {ROW}, {WORDS} FROM sources_searchentry e".format("e"),  # noqa: S608
    f"CREATE TRIGGER search_entry_added AFTER INSERT {ON} {ADD.format('new')} END",
    f"CREATE TRIGGER search_entry_deleted AFTER DELETE {ON} {TAKE_OUT.format('old')} END",
    f"CREATE TRIGGER search_entry_changed AFTER UPDATE {ON} {TAKE_OUT.format('old')} {ADD.format('new')} END",
    # What is read of many entries at once is read from this index; beside the texts it would lie far apart.
    "CREATE INDEX search_entry_facets ON sources_searchentry (id, record_id, facets)",
)
CREATE_POSTGRESQL = (
    """
    ALTER TABLE sources_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(
        array_remove(
            string_to_array(replace(names, E'\\n', ' ') || ' ' || words, ' ')
            || string_to_array('=' || replace(replace(names, E'\\n', ' '), ' ', ' ='), ' ')
            || string_to_array('.' || replace(lower(facets), E'\\n', E'\\n.'), E'\\n'),
            ''
        )
    )) STORED
    """,
    "CREATE INDEX search_entry_vector ON sources_searchentry USING gin (vector)",
)


def drop_index(apps, schema_editor):
    _execute(schema_editor, {"sqlite": DROP_SQLITE, "postgresql": DROP_POSTGRESQL})


def fill(apps, schema_editor):
    shorten = [SHORTEN_POSTGRESQL.format(column=column) for column in ("names", "words")]
    _execute(
        schema_editor,
        {"sqlite": [FILL_SQLITE, FILL_RECORD], "postgresql": [FILL_POSTGRESQL, FILL_RECORD, *shorten, CHECK]},
    )


def create_index(apps, schema_editor):
    _execute(schema_editor, {"sqlite": CREATE_SQLITE, "postgresql": CREATE_POSTGRESQL})


def _execute(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("sources", "0018_lines_and_disputes_of_forms")]

    operations = [
        migrations.RunPython(drop_index),
        migrations.AddField(
            "searchentry",
            "facets",
            models.TextField(
                default="",
                help_text="By what it is counted and chosen: lines such as kind=agreements, as the filters of lists write the values.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "searchentry",
            "record_id",
            models.PositiveBigIntegerField(
                null=True,
                help_text="The primary key of the record that the form is of, so that lists need not look into the forms.",
            ),
        ),
        migrations.RunPython(fill),
        migrations.DeleteModel("SearchFacet"),
        migrations.RemoveIndex("searchentry", "search_entry_by_weight"),
        migrations.AddIndex("searchentry", models.Index(fields=["-weight", "id"], name="search_entry_by_weight")),
        migrations.RunPython(create_index),
    ]
