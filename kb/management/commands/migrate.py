from django.core.management.commands import migrate
from django.db import connections

from sources.lib.locks import alone


class Command(migrate.Command):
    """Django's, one at a time: of two that start together the second waits, and finds nothing left to do."""

    def handle(self, *args, **options):
        with alone(connections[options["database"]]):
            return super().handle(*args, **options)
