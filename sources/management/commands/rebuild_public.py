from django.core.management.base import BaseCommand

from sources.reading.search import index
from sources.reading.store import reading


class Command(BaseCommand):
    help = "Throw the public forms of all records away and make them again. Readers are served meanwhile."

    def handle(self, *args, **options):
        reading.throw_away()
        number = reading.refresh_stale(announce=lambda number: self.stdout.write(f"  {number} …"))
        # Topics are found without a form of their own.
        index.keep_all_shown()
        self.stdout.write(f"{number} public forms made.")
