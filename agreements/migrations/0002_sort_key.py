from django.db import migrations

import sources.lib.fields
from sources.lib.refill import refill
from sources.lib.text import fold, sort_key

# The names of each kind, the one it is sorted by first. Parties and speakers are found through their own records.
NAMES = {
    "Assistance": ("title", "item"),
    "Event": ("title", "place"),
    "Exercise": ("name", "venue"),
    "ExerciseSeries": ("name",),
    "Position": ("statement", "holder_note"),
}


def fill(apps, schema_editor):
    agreements = apps.get_model("agreements", "Agreement").objects
    refill(agreements.prefetch_related("titles", "registry_numbers", "milestones"), derived_of_agreement)
    for name, columns in NAMES.items():
        refill(apps.get_model("agreements", name).objects.all(), lambda row, columns=columns: names_of(row, columns))


def names_of(row, columns, more=()):
    names = [getattr(row, column) for column in columns]
    return {"sort_key": sort_key(names[0]), "search_text": fold(" ".join([*names, *more]))}


def derived_of_agreement(row):
    more = [title.text for title in row.titles.all()]
    more += [f"{number.series} {number.number}" for number in row.registry_numbers.all()]
    return names_of(row, ("title", "title_es", "short_title"), more) | signed_of(row)


def signed_of(row):
    """Only evidenced steps date a signature."""
    steps = [
        step for step in row.milestones.all() if (step.kind, step.evidence) == ("signed", "evidenced") and step.date
    ]
    last = max(steps, key=lambda step: step.date_latest or step.date_earliest, default=None)
    return {
        "signed": str(last.date) if last else "",
        "signed_earliest": last and last.date_earliest,
        "signed_latest": last and last.date_latest,
    }


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="exerciseseries",
            options={"ordering": ["sort_key", "slug"], "verbose_name_plural": "exercise series"},
        ),
        migrations.AddField(
            model_name="agreement",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="assistance",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="event",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="exercise",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="exerciseseries",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="position",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
