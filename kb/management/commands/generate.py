import time

from django.core.management.base import BaseCommand, CommandError

from kb.generating import generate
from sources.records.bulk import Refusal


class Command(BaseCommand):
    help = "Fill the database with generated content, to measure with and to try things on. For throw-away databases."

    def add_arguments(self, parser):
        parser.add_argument("--agreements", type=int, required=True, metavar="N", help="How many agreements to make.")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="The same seed makes the same content.")

    def handle(self, *args, agreements, seed, **options):
        if agreements < 1 or seed < 0:
            raise CommandError("Give a positive number of agreements, and a seed that is not negative.")
        self.began = time.monotonic()
        try:
            number = generate(agreements, seed, self.say)
        except Refusal as refusal:
            raise CommandError(f"Not finished; what was written in earlier transactions stays. {refusal}") from None
        self.stdout.write(
            f"{number} records, {agreements} of them agreements, in {time.monotonic() - self.began:.0f} s."
        )

    def say(self, number):
        self.stdout.write(f"  {number} records, {time.monotonic() - self.began:.0f} s")
