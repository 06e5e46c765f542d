from django.db import migrations


class Migration(migrations.Migration):
    """After the copy, in a transaction of its own: PostgreSQL may refuse to change a table whose rows were just written."""

    dependencies = [("sources", "0018_lines_and_disputes_of_forms")]

    operations = [
        migrations.RemoveField(model_name="publicform", name="form"),
        migrations.RenameField(model_name="publicform", old_name="whole", new_name="form"),
    ]
