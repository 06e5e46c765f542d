from django.core.management.base import BaseCommand, CommandError

from sources.reading.store import checking


class Command(BaseCommand):
    help = (
        "Make the public form of every published record in memory and name each that the store has otherwise; compare the entries of"
        " lists and the numbers that pages tell, too."
    )

    def handle(self, *args, **options):
        number, wrong = checking.check(announce=lambda number: self.stdout.write(f"  {number} …"))
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{number} public forms, {len(wrong)} faults; manage.py rebuild_public mends them.")
        self.stdout.write(f"{number} public forms, with their lists and numbers, are as they should be.")
