from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    if not apps.get_model("agreements", "Agreement").objects.exists():
        return
    # Only a base with content needs today's rules, and of agreements only what the entries repeat.
    from agreements.models import Agreement, PartyEntry, TopicEntry
    from agreements.models.list_entries import REPEATED

    rows = Agreement.objects.published().only("pk", "status", *REPEATED).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for model in (PartyEntry, TopicEntry):
            model.objects.keep(batch)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("agreements", "0010_list_entries")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
