from itertools import groupby
from operator import itemgetter

from django.db import migrations

from sources.history import chain, trail_triggers

RANKS = {"revision": 0, "review": 1, "version": 2}


def say_that_findings_were_published(apps, schema_editor):
    """Findings were before readers without a review until migration 0003; the trail says so from here on."""
    content_type = (
        apps.get_model("contenttypes", "ContentType")
        .objects.filter(app_label="sources", model="negativefinding")
        .first()
    )
    reviews = apps.get_model("sources", "Review").objects
    for finding in apps.get_model("sources", "NegativeFinding").objects.filter(status="published"):
        about = {"record_type_id": content_type.pk, "record_id": finding.pk}
        if not reviews.filter(**about, verb="publish").exists():
            comment = "Published before findings were reviewed."
            reviews.create(**about, verb="publish", by=None, by_name="", comment=comment, at=finding.published_at)


def seal_what_is_there(apps, schema_editor):
    """Give every row of the trail its step and its seal, in the order in which the rows were written."""
    kinds = {
        kind.pk: (kind.app_label, kind.model) for kind in apps.get_model("contenttypes", "ContentType").objects.all()
    }
    models = {name: apps.get_model("sources", name) for name in RANKS}
    heads = apps.get_model("sources", "TrailHead")
    places = []
    for name, model in models.items():
        columns = ["record_type_id", "record_id", "at", "pk", *(["number"] if name != "review" else ["verb"])]
        places += [(name, *row) for row in model.objects.values_list(*columns).iterator()]
    places.sort(key=itemgetter(1, 2))
    for about, rows in groupby(places, key=itemgetter(1, 2)):
        last = ""
        step = 0
        for step, (name, pk) in enumerate(in_order(list(rows)), 1):
            row = models[name].objects.get(pk=pk)
            said = {column: getattr(row, column) for column in chain.COVERED[name]}
            row.step, row.chain = step, chain.seal(name, (*kinds[about[0]], about[1]), step, last, said)
            row.save_base(raw=True, update_fields=["step", "chain"])  # what is written once has no save
            last = row.chain
        heads.objects.create(record_type_id=about[0], record_id=about[1], steps=step, chain=last)


def in_order(rows):
    """``(model name, primary key)`` of the rows of one record. A version came after the publication that it froze, although it
    says the moment before."""
    published = sorted(row[3] for row in rows if row[0] == "review" and row[5] == "publish")

    def when(row):
        name, _type, _id, at, pk, number = row
        if name == "version":
            at = next((moment for moment in published if moment >= at), at)
        return at, RANKS[name], number if name != "review" else pk

    return [(row[0], row[4]) for row in sorted(rows, key=when)]


def put_up(apps, schema_editor):
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table that has checks waiting
    trail_triggers.install(schema_editor.connection)


def take_down(apps, schema_editor):
    trail_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """What was written before the chain is sealed as it stands; then the guard is put up again, over the new tables too."""

    dependencies = [("sources", "0004_chained_trail")]

    operations = [
        migrations.RunPython(say_that_findings_were_published, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(put_up, take_down, elidable=False),
    ]
