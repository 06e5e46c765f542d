from django.db import migrations

import sources.lib.fields
from sources.lib.refill import refill
from sources.lib.text import fold, sort_key


def fill(apps, schema_editor):
    refill(apps.get_model("sources", "Source").objects.select_related("publisher"), names_of_source)


def names_of_source(row):
    words = (row.title, row.subtitle, row.authors, row.publisher.name)
    return {"sort_key": sort_key(row.title), "search_text": fold(" ".join(words))}


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0005_seal_the_trail"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
