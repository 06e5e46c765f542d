import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import sources.lib.fields
from sources.history import trail_triggers


def take_down(apps, schema_editor):
    trail_triggers.remove(schema_editor.connection)


def put_up(apps, schema_editor):
    trail_triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    """The rows of a record's trail become one chain. The guard steps aside; the next migration puts it up again."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0003_finding_status"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(take_down, put_up, elidable=False),
        migrations.AddField(
            model_name="review",
            name="chain",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Digest of what the row says and of the row before it.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Counts all rows of the record's trail, from 1."
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="chain",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Digest of what the row says and of the row before it.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Counts all rows of the record's trail, from 1."
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="chain",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Digest of what the row says and of the row before it.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="step",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Counts all rows of the record's trail, from 1."
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="at",
            field=models.DateTimeField(
                db_index=True, default=django.utils.timezone.now, editable=False, help_text="When it happened."
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="at",
            field=models.DateTimeField(
                db_index=True, default=django.utils.timezone.now, editable=False, help_text="When it happened."
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="at",
            field=models.DateTimeField(
                db_index=True, default=django.utils.timezone.now, editable=False, help_text="When it happened."
            ),
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="Counts all rows of the record's trail, from 1."
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Digest of what the row says and of the row before it.",
                        max_length=64,
                    ),
                ),
                ("record_id", models.BigIntegerField()),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, help_text="When it happened."
                    ),
                ),
                (
                    "by_name",
                    models.CharField(
                        help_text="The account's name at that time, kept when it changes.", max_length=150
                    ),
                ),
                ("comment", sources.lib.fields.ProseField(blank=True, help_text="Why, in the person's own words.")),
                ("kind", models.CharField(help_text="The kind of the record.", max_length=32)),
                ("slug", models.CharField(help_text="The last part of its address.", max_length=120)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="The version that was closed; 0 where the whole record was removed."
                    ),
                ),
                ("reason", sources.lib.fields.ProseField(help_text="Why, for readers: the legal ground in words.")),
                (
                    "was_public",
                    models.BooleanField(
                        default=True,
                        help_text="Whether readers had seen the record, so that its address tells of the removal.",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Whose account did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["record_type", "record_id", "version"], name="removal_about"),
                    models.Index(fields=["kind", "slug"], name="removal_named"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record_type", "record_id", "version"), name="removal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("comment", ""), _negated=True)
                        ),
                        name="removal_has_reasons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("steps", models.PositiveIntegerField(help_text="How many rows the trail of the record has.")),
                ("chain", models.CharField(help_text="The seal of the last of them.", max_length=64)),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record_type", "record_id"), name="trail_head_once")],
            },
        ),
    ]
