import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sources.lib.fields
import sources.records.fact_fields


class Migration(migrations.Migration):
    """Names with dates, codes that were withdrawn, predecessors. No row has any of them yet, so nothing is filled in."""

    dependencies = [
        ("people", "0003_plain_help_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "alpha4",
                    models.CharField(
                        db_index=True,
                        help_text="The four-letter code of ISO 3166-3 for the withdrawn entry, for example CSHH.",
                        max_length=4,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{4}\\Z")],
                    ),
                ),
                (
                    "alpha2",
                    models.CharField(
                        blank=True,
                        help_text="The two-letter code that was withdrawn.",
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}\\Z")],
                    ),
                ),
                (
                    "alpha3",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="The three-letter code that was withdrawn; filters understand it.",
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}\\Z")],
                    ),
                ),
                (
                    "numeric",
                    models.CharField(
                        blank=True,
                        help_text="The numeric code of the withdrawn entry, with leading zeros.",
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^\\d{3}\\Z")],
                    ),
                ),
                (
                    "withdrawn",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("withdrawn_earliest", "withdrawn_latest"),
                        default="",
                        help_text="When the codes were withdrawn; the state may have ended or changed its name on another day.",
                        max_length=32,
                    ),
                ),
                ("withdrawn_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("withdrawn_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about these codes.", max_length=300
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
            },
            bases=(sources.records.fact_fields.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="When the one followed the other, as far as a source says.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="What a reader should know, for example that only a part of it followed.",
                        max_length=300,
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
            },
            bases=(sources.records.fact_fields.CitedMixin, models.Model),
        ),
        migrations.AddField(
            model_name="organisation",
            name="names_in_time",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Its names with dates, as [name, span], kept here so that a link needs no further query.",
            ),
        ),
        migrations.AddField(
            model_name="organisationname",
            name="dates",
            field=sources.lib.fields.PartialDateField(
                blank=True,
                bounds=("dates_earliest", "dates_latest"),
                default="",
                help_text="When it had this name: an interval such as 1971-10-27/1997-05-17, or one day on which a source calls it so. Records of that time then show this name, with today's beside it.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="organisationname",
            name="dates_earliest",
            field=models.DateField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organisationname",
            name="dates_latest",
            field=models.DateField(blank=True, db_index=True, editable=False, null=True),
        ),
        migrations.AlterConstraint(
            model_name="organisation",
            name="organisation_iso3_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("iso_alpha3", ""), _negated=True),
                fields=("iso_alpha3",),
                name="organisation_iso3_once",
                violation_error_message="Another state already has this three-letter code. A code no longer in use goes among the former codes.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="organisation",
            name="organisation_iso2_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("iso_alpha2", ""), _negated=True),
                fields=("iso_alpha2",),
                name="organisation_iso2_once",
                violation_error_message="Another state already has this two-letter code. A code no longer in use goes among the former codes.",
            ),
        ),
        migrations.AddField(
            model_name="formercode",
            name="organisation",
            field=models.ForeignKey(
                help_text="The state that had the codes.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_codes",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="organisation",
            field=models.ForeignKey(
                help_text="The state or body that came after.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="predecessors",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="predecessor",
            field=models.ForeignKey(
                help_text="The state or body that came before.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="people.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="formercode",
            constraint=models.UniqueConstraint(
                fields=("organisation", "key"),
                name="former_code_key_once",
                violation_error_message="Another entry of this record has the same key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                fields=("organisation", "key"),
                name="succession_key_once",
                violation_error_message="Another entry of this record has the same key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("organisation", models.F("predecessor")), _negated=True),
                name="succession_to_another",
                violation_error_message="An organisation is not its own predecessor.",
            ),
        ),
    ]
