from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sources.lib.planner_statistics import take_statistics
from sources.records import fixtures

# As measured on two slow cores; faster machines are done sooner.
FILES_A_SECOND = 60


class Command(BaseCommand):
    help = "Load the content from fixtures/ in one transaction; what editors changed is left as it is."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "fixtures", type=Path)
        parser.add_argument("--check", action="store_true", help="Change nothing; list every mistake in the files.")

    def handle(self, *args, folder, check, **options):
        try:
            if check:
                return self.list_mistakes(folder)
            report = fixtures.load(folder, self.announce)
        except fixtures.FixtureError as error:
            raise CommandError(f"Nothing was loaded. {error}") from None
        if report.created:
            take_statistics()
        self.stdout.write(
            f"Content: {len(report.created)} new, {len(report.updated)} updated, {report.unchanged} unchanged, "
            f"{len(report.kept)} kept as edited here."
        )
        if report.equal:
            self.stdout.write(f"  {report.equal} files have other bytes and say the same; the records stay as they are")
        for ref in report.kept:
            self.stdout.write(f"  kept {ref}")

    def announce(self, number):
        """Before anything is locked: how long editors will have to wait with their saves."""
        seconds = max(1, round(number / FILES_A_SECOND))
        if connection.vendor == "sqlite":
            self.stdout.write(
                f"Writing {number} files. For about {seconds} s editors cannot save; readers notice nothing."
            )

    def list_mistakes(self, folder):
        mistakes = fixtures.find_mistakes(folder)
        for mistake in mistakes:
            self.stdout.write(mistake)
        if mistakes:
            raise CommandError(f"{len(mistakes)} fixtures have mistakes.")
        self.stdout.write("Every fixture can be loaded.")
