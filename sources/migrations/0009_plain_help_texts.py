import django.db.models.deletion
from django.db import migrations, models

import sources.lib.fields


class Migration(migrations.Migration):
    """Help texts in plain sentences; the database does not change."""

    dependencies = [
        ("sources", "0008_gaps_apart_from_searches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contestedfact",
            name="independent",
            field=models.PositiveIntegerField(
                help_text="How many of them are independent; a document and its reprints count once."
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "being written"),
                    ("submitted", "awaiting review"),
                    ("returned", "returned to its author"),
                    ("approved", "approved"),
                    ("discarded", "discarded"),
                ],
                db_index=True,
                default="open",
                help_text="Whether it is being written, awaits review, was returned, approved or discarded.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="removal",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="The number of this row in the record's trail, from 1."
            ),
        ),
        migrations.AlterField(
            model_name="removal",
            name="was_public",
            field=models.BooleanField(
                default=True,
                help_text="Whether readers had seen the record; if so, its address says that it was removed.",
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="The number of this row in the record's trail, from 1."
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="number",
            field=models.PositiveIntegerField(help_text="The number of the save, from 1."),
        ),
        migrations.AlterField(
            model_name="revision",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="The number of this row in the record's trail, from 1."
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="publisher",
            field=models.ForeignKey(
                help_text="Who published the document.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="sources.publisher",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="reliability",
            field=models.CharField(
                choices=[
                    ("A", "completely reliable"),
                    ("B", "usually reliable"),
                    ("C", "fairly reliable"),
                    ("D", "not usually reliable"),
                    ("E", "unreliable"),
                    ("F", "reliability cannot be judged"),
                ],
                db_index=True,
                default="F",
                help_text="How reliable this source is on such matters, from A to F.",
                max_length=1,
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="url",
            field=sources.lib.fields.WebAddressField(
                blank=True, help_text="The web address of the document.", max_length=1000
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="number",
            field=models.PositiveIntegerField(help_text="The number of the publication, from 1."),
        ),
        migrations.AlterField(
            model_name="version",
            name="schema",
            field=models.CharField(help_text="The version of the format of this JSON.", max_length=8),
        ),
        migrations.AlterField(
            model_name="version",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="The number of this row in the record's trail, from 1."
            ),
        ),
    ]
