from django.db import migrations

BATCH = 500


def fill(apps, schema_editor):
    if not apps.get_model("agreements", "Agreement").objects.exists():
        return
    # Only a base with content needs today's rules.
    from agreements.models import Agreement, StepEntry

    keys, last = Agreement.objects.published().order_by("pk").values_list("pk", flat=True), 0
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        StepEntry.objects.keep(batch)
        last = batch[-1]


class Migration(migrations.Migration):
    dependencies = [("agreements", "0016_last_steps")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
