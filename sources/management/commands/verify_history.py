from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sources.history import integrity, trail_triggers


class Command(BaseCommand):
    help = "Compute every seal and digest of the trail anew; name each place that does not hold."

    def add_arguments(self, parser):
        parser.add_argument(
            "--records", action="store_true", help="Compare each record with its last revision as well."
        )
        parser.add_argument(
            "--head", action="store_true", help="Only print one digest of the ends of all chains, to be kept elsewhere."
        )
        parser.add_argument(
            "--check-head", metavar="DIGEST@TIME", default="", help="Only compare with a digest that --head printed."
        )

    def handle(self, *args, records, head, check_head, **options):
        if head:
            return self.stdout.write(integrity.head_of_all())
        if check_head:
            return self.check_head(check_head)
        breaks = list(trail_triggers.faults(connection))
        rows = self.count(integrity.broken_trails(), breaks)
        if records:
            self.count(integrity.strayed_records(), breaks)
        for line in breaks:
            self.stdout.write(line)
        if breaks:
            raise CommandError(f"{len(breaks)} breaks in {rows} rows of the trail.")
        self.stdout.write(f"{rows} rows of the trail are as they were written.")

    def check_head(self, anchor):
        try:
            holds = integrity.holds(anchor)
        except ValueError:
            raise CommandError("Give the whole line that --head printed: a digest, @, and a time.") from None
        if not holds:
            raise CommandError("The trail up to then is not the one that the digest was made of.")
        self.stdout.write("The trail up to then is the one that the digest was made of.")

    @staticmethod
    def count(findings, breaks):
        """How many rows were looked at; what is wrong with them goes into ``breaks``."""
        number = 0
        for finding in findings:
            number += 1
            if finding:
                breaks.append(finding)
        return number
