from django.core.management.base import BaseCommand

from sources.reading.store import reading


class Command(BaseCommand):
    help = "Make anew the public forms that a change made stale, so that no reader waits for it."

    def handle(self, *args, **options):
        number = reading.refresh_stale(announce=lambda number: self.stdout.write(f"  {number} …"))
        self.stdout.write(f"{number} public forms made anew.")
