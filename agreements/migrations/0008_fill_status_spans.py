from dataclasses import asdict

from django.db import migrations


def fill(apps, schema_editor):
    agreements = apps.get_model("agreements", "Agreement").objects
    if not agreements.exists():
        return
    # Only a base with content needs today's rules; ``manage.py regrade`` then adds how sure each step is.
    from agreements.life.course import NO_PARTY, Life
    from agreements.life.spans import spans_of

    span_model = apps.get_model("agreements", "StatusSpan")
    for row in agreements.prefetch_related("milestones", "parties").iterator(chunk_size=100):
        row.party_count = len({party.organisation_id for party in row.parties.all() if party.role not in NO_PARTY})
        agreements.filter(pk=row.pk).update(party_count=row.party_count)
        span_model.objects.bulk_create(span_model(agreement=row, **asdict(span)) for span in spans_of(Life.of(row)))


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_status_on_any_day")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
