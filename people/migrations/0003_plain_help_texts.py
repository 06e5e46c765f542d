from django.db import migrations

import sources.lib.fields


class Migration(migrations.Migration):
    """Help texts in plain sentences; the database does not change."""

    dependencies = [
        ("people", "0002_sort_key"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organisationname",
            name="name",
            field=sources.lib.fields.NameField(help_text="The name exactly as it is written.", max_length=300),
        ),
        migrations.AlterField(
            model_name="personname",
            name="name",
            field=sources.lib.fields.NameField(help_text="The name exactly as it is written.", max_length=300),
        ),
    ]
