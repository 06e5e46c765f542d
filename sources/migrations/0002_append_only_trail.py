from django.db import migrations

from sources.history import guard


def put_up(apps, schema_editor):
    guard.install(schema_editor.connection)


def take_down(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Reviews, revisions and versions are written once: the database refuses to change or remove them."""

    dependencies = [("sources", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down, elidable=False)]
