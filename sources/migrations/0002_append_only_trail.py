from django.db import migrations

from sources.history import trail_triggers


def put_up(apps, schema_editor):
    trail_triggers.install(schema_editor.connection)


def take_down(apps, schema_editor):
    trail_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Reviews, revisions and versions are written once: the database refuses to change or remove them."""

    dependencies = [("sources", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down, elidable=False)]
