import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sources.lib.fields


def publish_findings(apps, schema_editor):
    """Those that readers see already stay before them."""
    rows = apps.get_model("sources.NegativeFinding").objects.using(schema_editor.connection.alias)
    rows.update(status="published", published_at=models.F("updated_at"))


class Migration(migrations.Migration):
    """A finding is a draft until a second person publishes it; a proposal names who else worked on it."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0002_append_only_trail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="negativefinding",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                help_text="Who made the latest change; somebody else publishes it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="negativefinding",
            name="published_at",
            field=models.DateTimeField(
                db_index=True, editable=False, help_text="When readers first saw the present version.", null=True
            ),
        ),
        migrations.AddField(
            model_name="negativefinding",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in_review", "in review"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                    ("merged", "merged"),
                ],
                db_index=True,
                default="draft",
                editable=False,
                help_text="Changed by submit, publish, return, withdraw and merge only.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="negativefinding",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, help_text="When the record was withdrawn.", null=True),
        ),
        migrations.AddField(
            model_name="negativefinding",
            name="withdrawn_reason",
            field=sources.lib.fields.ProseField(blank=True, editable=False, help_text="Why the record was withdrawn."),
        ),
        migrations.AddField(
            model_name="proposal",
            name="amended_by",
            field=models.ManyToManyField(
                help_text="Who edited it besides its author; none of them approves it.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(publish_findings, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="negativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="negativefinding_published_has_date",
                violation_error_message="A published record needs the day of its publication.",
            ),
        ),
        migrations.AddConstraint(
            model_name="negativefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "withdrawn"), _negated=True),
                    models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="negativefinding_withdrawn_has_reason",
                violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
            ),
        ),
    ]
