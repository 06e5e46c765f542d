from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sources import fixtures


class Command(BaseCommand):
    help = "Write the database back to fixtures/, one file a record, so that editors' work can be reviewed and kept."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "fixtures", type=Path)
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a file would change.")

    def handle(self, *args, folder, check, **options):
        try:
            differing = fixtures.export(folder, check=check)
        except fixtures.FixtureError as error:
            raise CommandError(str(error)) from None
        if check and differing:
            names = ", ".join(f"{path.parent.name}/{path.name}" for path in differing[:10])
            raise CommandError(f"{len(differing)} fixtures differ from the database: {names}")
        self.stdout.write(f"{len(differing)} files {'differ' if check else 'written'}.")
