from django.db import migrations, models
from django.db.models import F


def copy_forms(apps, schema_editor):
    apps.get_model("sources", "PublicForm").objects.update(whole=F("form"))
    # PostgreSQL changes no table while a check of its rows is put off.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    """Two short columns, and the long one anew behind them: SQLite reads a row's columns from the first one on."""

    dependencies = [("sources", "0017_keep_answers")]

    operations = [
        migrations.AddField(
            model_name="publicform",
            name="disputes",
            field=models.TextField(
                default="[]", help_text="What sources say of each fact on which they differ, as JSON."
            ),
        ),
        migrations.AddField(
            model_name="publicform",
            name="line",
            field=models.TextField(default="", help_text="Its row in a list as CSV."),
        ),
        migrations.AddField(
            model_name="publicform",
            name="whole",
            field=models.TextField(default="", help_text="The API's representation as canonical JSON."),
            preserve_default=False,
        ),
        migrations.RunPython(copy_forms),
        migrations.RemoveField(model_name="publicform", name="form"),
        migrations.RenameField(model_name="publicform", old_name="whole", new_name="form"),
    ]
