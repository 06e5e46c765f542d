import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0010_importance_of_disputes"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tick", models.PositiveBigIntegerField(default=0)),
                ("code", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="PublicForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("kind", models.CharField(help_text="The kind of the record.", max_length=32)),
                ("slug", models.CharField(help_text="The last part of its address.", max_length=120)),
                (
                    "made",
                    models.PositiveBigIntegerField(
                        help_text="The tick of the store's counter for which the form was made."
                    ),
                ),
                (
                    "marked",
                    models.PositiveBigIntegerField(
                        default=0, help_text="The tick at which something that the form shows last changed."
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        help_text="The last day on which the form says the same; empty if it does not depend on the day.",
                        null=True,
                    ),
                ),
                ("published_at", models.DateTimeField(help_text="When readers first saw the present version.")),
                ("sha256", models.CharField(help_text="Digest of the form.", max_length=64)),
                ("citations", models.PositiveIntegerField(default=0, help_text="How many citations it has.")),
                ("link", models.TextField(help_text="How others name the record, as canonical JSON.")),
                ("card", models.TextField(help_text="What lists show of it, as canonical JSON.")),
                ("form", models.TextField(help_text="The API's representation as canonical JSON.")),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublicReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target_id", models.BigIntegerField(help_text="The row; 0 stands for any row of its kind.")),
                (
                    "form",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="references",
                        to="sources.publicform",
                    ),
                ),
                (
                    "target_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="publicform",
            index=models.Index(fields=["-published_at", "slug"], name="public_form_newest"),
        ),
        migrations.AddIndex(
            model_name="publicform",
            index=models.Index(fields=["kind", "-citations", "slug"], name="public_form_most_cited"),
        ),
        migrations.AddIndex(
            model_name="publicform",
            index=models.Index(fields=["valid_until"], name="public_form_valid_until"),
        ),
        migrations.AddIndex(
            model_name="publicform",
            index=models.Index(
                condition=models.Q(("marked__gt", models.F("made"))), fields=["record_type"], name="public_form_stale"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicform",
            constraint=models.UniqueConstraint(fields=("record_type", "record_id"), name="public_form_once"),
        ),
        migrations.AddConstraint(
            model_name="publicform",
            constraint=models.UniqueConstraint(fields=("kind", "slug"), name="public_form_address_once"),
        ),
        migrations.AddIndex(
            model_name="publicreference",
            index=models.Index(fields=["target_type", "target_id", "form"], name="public_reference_target"),
        ),
        migrations.AddConstraint(
            model_name="publicreference",
            constraint=models.UniqueConstraint(
                fields=("form", "target_type", "target_id"), name="public_reference_once"
            ),
        ),
    ]
