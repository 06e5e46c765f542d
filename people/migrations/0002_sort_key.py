from django.conf import settings
from django.db import migrations, models

import sources.lib.fields
from sources.lib.refill import refill
from sources.lib.text import fold, sort_key


def fill(apps, schema_editor):
    organisations, people = (apps.get_model("people", name).objects for name in ("Organisation", "Person"))
    refill(organisations.prefetch_related("other_names"), names_of_organisation)
    refill(people.prefetch_related("other_names"), names_of_person)


def names_of_organisation(row):
    words = [row.name, row.name_es, row.short_name, row.iso_alpha2, row.iso_alpha3, *other_names(row)]
    return {"sort_key": sort_key(row.name), "search_text": fold(" ".join(words))}


def names_of_person(row):
    key = sort_key(row.family_name, row.given_name) if row.family_name else sort_key(row.name)
    return {"sort_key": key, "search_text": fold(" ".join([row.name, *other_names(row)]))}


def other_names(row):
    return [other.name for other in row.other_names.all()]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organisation",
            options={"ordering": ["sort_key", "slug"]},
        ),
        migrations.AlterModelOptions(
            name="person",
            options={"ordering": ["sort_key", "slug"], "verbose_name_plural": "people"},
        ),
        migrations.RemoveIndex(
            model_name="organisation",
            name="organisation_public_order",
        ),
        migrations.RemoveIndex(
            model_name="organisation",
            name="organisation_public_kind",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_public_order",
        ),
        migrations.AddField(
            model_name="organisation",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="person",
            name="sort_key",
            field=sources.lib.fields.SortKeyField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["status", "sort_key", "slug"], name="organisation_by_sort_key"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["status", "kind", "sort_key", "slug"], name="organisation_kind_by_sort_key"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["status", "sort_key", "slug"], name="person_by_sort_key"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
