from django.core.management.commands import migrate
from django.db import connections

from sources.lib.locks import alone
from sources.models import PublicTick
from sources.reading.store import code


class Command(migrate.Command):
    """Django's, one at a time: of two that start together the second waits, and finds nothing left to do. Afterwards the public
    forms that other code made are made anew before they are read."""

    def handle(self, *args, **options):
        with alone(connections[options["database"]]):
            super().handle(*args, **options)
            if PublicTick._meta.db_table in connections[options["database"]].introspection.table_names():
                code.mark_forms_of_other_code()
