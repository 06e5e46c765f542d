from django.core.management.base import BaseCommand

from sources.reading.search import index


class Command(BaseCommand):
    help = "Throw the search index away and make it again from the public forms."

    def handle(self, *args, **options):
        number = index.rebuild(announce=lambda number: self.stdout.write(f"  {number} …"))
        self.stdout.write(f"The index has what {number} public forms say.")
