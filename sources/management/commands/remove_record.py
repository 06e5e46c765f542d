from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from sources.history import removal
from sources.records import dossier


class Command(BaseCommand):
    help = "Remove a record, or the content of one of its versions, for good. Without --yes: only say what would go and change."

    def add_arguments(self, parser):
        parser.add_argument("ref", help="The record as kind/slug.")
        parser.add_argument(
            "--version-number", type=int, default=0, help="Close this version instead of removing the record."
        )
        parser.add_argument("--by", required=True, help="The administrator's account name.")
        parser.add_argument("--reason", required=True, help="For readers: the legal ground in words.")
        parser.add_argument(
            "--comment", required=True, help="For the log: who asked for it, and under which reference."
        )
        parser.add_argument(
            "--close-elsewhere", action="store_true", help="Close the versions of other records that show it."
        )
        parser.add_argument("--yes", action="store_true", help="Do it.")

    def handle(self, *args, ref, version_number, by, reason, comment, close_elsewhere, yes, **options):
        user = get_user_model().objects.filter(username=by, is_superuser=True, is_active=True).first()
        if user is None:
            raise CommandError(f"{by} is not an administrator.")
        try:
            record = self.find(ref)
            if version_number:
                return self.close(record, version_number, user, reason, comment, yes)
            made = removal.plan(record)
            self.tell(made)
            if yes:
                record.remove(user, reason, comment, close_elsewhere)
                self.stdout.write(f"{ref} is removed.")
        except (dossier.DossierError, ValidationError) as refusal:
            words = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            raise CommandError(f"Nothing was removed. {words}") from None

    @staticmethod
    def find(ref):
        """The row itself, even if it was merged into another."""
        kind, _slash, slug = ref.partition("/")
        model = dossier.documented_models().get(kind)
        record = model.objects.filter(slug=slug).first() if model else None
        if record is None:
            raise CommandError(f"There is no {ref}.")
        return record

    def close(self, record, number, user, reason, comment, yes):
        version = record.versions.filter(number=number).first() if hasattr(record, "versions") else None
        if version is None:
            raise CommandError(f"{record.ref} has no version {number}.")
        if yes:
            version.close(user, reason, comment)
        self.stdout.write(f"Version {number} of {record.ref} {'is' if yes else 'would be'} closed.")

    def tell(self, made):
        for row in made.goes:
            self.stdout.write(f"goes: {row.ref}")
        for step in made.steps:
            self.stdout.write(f"changes: {step.record.ref}")
        for row, number in made.unsourced:
            self.stdout.write(f"loses its last source: {row.ref}, facts: {number}")
        for version in made.frozen:
            self.stdout.write(f"shows it still: {version.record.ref}, version {version.number}")
