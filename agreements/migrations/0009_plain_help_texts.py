from django.db import migrations, models

import sources.lib.fields


class Migration(migrations.Migration):
    """Help texts in plain sentences; the database does not change."""

    dependencies = [
        ("agreements", "0008_fill_status_spans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="presence",
            field=sources.lib.fields.ProseField(
                blank=True,
                help_text="How long people may stay under the instrument; how long the instrument itself lasts is its term.",
            ),
        ),
        migrations.AlterField(
            model_name="agreementtitle",
            name="text",
            field=sources.lib.fields.NameField(help_text="The title exactly as it is written.", max_length=500),
        ),
        migrations.AlterField(
            model_name="approach",
            name="favours",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sending_state", "the sending state or its people"),
                    ("shared", "both states, or some acts only"),
                    ("host_state", "the host state"),
                ],
                help_text="Whom the answer favours, shown as the colour of a cell; empty where it favours nobody.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="assistance",
            name="date",
            field=sources.lib.fields.PartialDateField(
                blank=True,
                bounds=("date_earliest", "date_latest"),
                default="",
                help_text="When this state was reached, or is planned to be reached.",
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="coding",
            name="stance",
            field=models.CharField(
                choices=[
                    ("present", "dealt with"),
                    ("expressly_excluded", "expressly excluded"),
                    ("silent", "silent"),
                    ("text_unavailable", "text unavailable"),
                    ("inconclusive", "inconclusive"),
                    ("not_applicable", "not applicable"),
                    ("not_coded", "not coded"),
                ],
                db_index=True,
                help_text="Whether the instrument deals with the topic, or why this is not known.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="exercise",
            name="purpose",
            field=sources.lib.fields.ProseField(
                blank=True, help_text="What it was for, according to those who held it."
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="is_foretold",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Whether all sources of this end of a term were published before it, so that none can know of a renewal.",
            ),
        ),
        migrations.AlterField(
            model_name="position",
            name="stance",
            field=models.CharField(
                choices=[
                    ("supports", "supports"),
                    ("opposes", "opposes"),
                    ("denies", "denies"),
                    ("concern", "raises a concern"),
                    ("clarifies", "clarifies"),
                    ("assesses", "assesses"),
                ],
                db_index=True,
                help_text="Whether the speaker is for or against it, or says something else about it.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="registrynumber",
            name="url",
            field=sources.lib.fields.WebAddressField(
                blank=True, help_text="The web address of the entry.", max_length=1000
            ),
        ),
        migrations.AlterField(
            model_name="statusspan",
            name="in_force",
            field=models.CharField(
                choices=[
                    ("yes", "yes"),
                    ("provisionally", "applied provisionally"),
                    ("suspended", "in force, but suspended"),
                    ("no", "no, and a recorded step shows it"),
                    ("not_established", "not established"),
                    ("not_applicable", "a programme, which is launched rather than in force"),
                ],
                help_text="Whether it is in force, as far as the recorded steps show.",
                max_length=16,
            ),
        ),
    ]
