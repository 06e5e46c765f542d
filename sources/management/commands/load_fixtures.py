from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kb.core.statistics import take_statistics
from sources import fixtures


class Command(BaseCommand):
    help = "Load the content from fixtures/ in one transaction; what editors changed is left as it is."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "fixtures", type=Path)
        parser.add_argument("--check", action="store_true", help="Change nothing; list every mistake in the files.")

    def handle(self, *args, folder, check, **options):
        if check:
            return self.list_mistakes(folder)
        try:
            report = fixtures.load(folder)
        except fixtures.FixtureError as error:
            raise CommandError(f"Nothing was loaded. {error}") from None
        if report.created:
            take_statistics()
        self.stdout.write(
            f"Content: {len(report.created)} new, {len(report.updated)} updated, {report.unchanged} unchanged, "
            f"{len(report.kept)} kept as edited here."
        )
        for ref in report.kept:
            self.stdout.write(f"  kept {ref}")

    def list_mistakes(self, folder):
        mistakes = fixtures.find_mistakes(folder)
        for mistake in mistakes:
            self.stdout.write(mistake)
        if mistakes:
            raise CommandError(f"{len(mistakes)} fixtures have mistakes.")
        self.stdout.write("Every fixture can be loaded.")
