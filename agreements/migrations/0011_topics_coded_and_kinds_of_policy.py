from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    codings = (
        apps.get_model("agreements", "Coding").objects.filter(agreement=OuterRef("pk")).exclude(stance="not_coded")
    )
    number = codings.order_by().values("agreement").annotate(number=Count("topic", distinct=True)).values("number")
    apps.get_model("agreements", "Agreement").objects.update(topics_coded=Coalesce(Subquery(number), 0))


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0010_certainty_of_headlines"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="topics_coded",
            field=models.PositiveSmallIntegerField(
                db_index=True, default=0, editable=False, help_text="On how many topics of the codebook it is coded."
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="agreement",
            name="type",
            field=models.CharField(
                choices=[
                    ("sofa", "status-of-forces agreement"),
                    ("visiting_forces", "visiting-forces agreement"),
                    ("supplementary", "supplementary agreement"),
                    ("defence_cooperation", "defence cooperation agreement"),
                    ("access", "access and facilities agreement"),
                    ("withdrawal", "withdrawal agreement"),
                    ("memorandum", "memorandum of understanding"),
                    ("letter_of_offer", "letter of offer and acceptance"),
                    ("safe_third_country", "safe-third-country agreement"),
                    ("exchange_of_notes", "exchange of notes or letters"),
                    ("alliance", "alliance treaty"),
                    ("convention", "multilateral convention"),
                    ("mission", "military mission agreement"),
                    ("partnership", "partnership arrangement"),
                    ("initiative", "initiative or programme"),
                    ("strategy", "strategy or doctrine"),
                    ("procedure", "procedure"),
                    ("practice", "practice without an instrument"),
                    ("authorisation", "authorisation by one state"),
                ],
                db_index=True,
                help_text="What sort of instrument it is.",
                max_length=24,
            ),
        ),
    ]
