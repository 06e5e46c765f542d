from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sources import guard, integrity


class Command(BaseCommand):
    help = "Recompute the digests of every revision and version; name each one that does not hold."

    def add_arguments(self, parser):
        parser.add_argument(
            "--records", action="store_true", help="Compare each record with its last revision as well."
        )

    def handle(self, *args, records, **options):
        breaks = [f"trigger {name}: it is not there" for name in guard.missing(connection)]
        revisions = self.count(integrity.broken_revisions(), breaks)
        versions = self.count(integrity.broken_versions(), breaks)
        if records:
            self.count(integrity.strayed_records(), breaks)
        for line in breaks:
            self.stdout.write(line)
        if breaks:
            raise CommandError(f"{len(breaks)} breaks in {revisions} revisions and {versions} versions.")
        self.stdout.write(f"{revisions} revisions and {versions} versions are as they were written.")

    @staticmethod
    def count(findings, breaks):
        """How many rows were looked at; what is wrong with them goes into ``breaks``."""
        number = 0
        for finding in findings:
            number += 1
            if finding:
                breaks.append(finding)
        return number
