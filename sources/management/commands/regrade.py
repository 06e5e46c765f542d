from django.core.management.base import BaseCommand
from django.db import transaction

from sources.models.graded import regrade
from sources.records.base import Record
from sources.records.dossier import documented_models


class Command(BaseCommand):
    help = "Compute again, for every record, which of its facts are contested, and with what confidence."

    def handle(self, *args, **options):
        count, changed = 0, []
        for _kind, model in sorted(documented_models().items()):
            if issubclass(model, Record):
                # A batch at a time, so that writers are not kept waiting for the whole base.
                ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
                for start in range(0, len(ids), 100):
                    with transaction.atomic():
                        records = model.objects.filter(pk__in=ids[start : start + 100])
                        changed += regrade(records)
                count += len(ids)
        self.stdout.write(f"{count} records graded again; {len(changed)} changed.")
        for record in changed:
            self.stdout.write(f"  {record.ref}")
