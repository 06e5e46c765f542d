"""On PostgreSQL the full-text index knows how much evidence an entry has, in grades, so that those with most can be looked through first.

A grade is a word such as ``+24``: six times the natural logarithm of the evidence, 40 at most.
"""

from django.db import migrations

DROP = "ALTER TABLE sources_searchentry DROP COLUMN vector"
WORDS = r"""
    ALTER TABLE sources_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(
        array_remove(
            string_to_array(replace(names, E'\n', ' ') || ' ' || words, ' ')
            || string_to_array('=' || replace(replace(names, E'\n', ' '), ' ', ' ='), ' ')
            || string_to_array('.' || replace(lower(facets), E'\n', E'\n.'), E'\n'){grade},
            ''
        )
    )) STORED
"""
GRADE = " || ('+' || least(floor(ln(weight::float8 + 1) * 6)::int, 40)::text)"
INDEX = "CREATE INDEX search_entry_vector ON sources_searchentry USING gin (vector)"


def make_anew(grade):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in (DROP, WORDS.format(grade=grade), INDEX):
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("sources", "0020_index_unpublished")]

    operations = [migrations.RunPython(make_anew(GRADE), make_anew(""))]
