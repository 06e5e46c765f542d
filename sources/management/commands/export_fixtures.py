from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sources.records import fixtures
from sources.records.fixture_files import name_of


class Command(BaseCommand):
    help = "Write the database back to fixtures/, one file a record, so that editors' work can be reviewed and kept."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BASE_DIR / "fixtures", type=Path)
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when a file would change.")

    def handle(self, *args, folder, check, **options):
        try:
            report = fixtures.export(folder, check=check)
        except fixtures.FixtureError as error:
            raise CommandError(str(error)) from None
        for path in report.left:
            self.stdout.write(f"  left {name_of(path)}: it was not loaded into this database, or changed since")
        for path in report.removed:
            self.stdout.write(f"  {'would remove' if check else 'removed'} {name_of(path)}: its record is gone")
        differing = [*report.written, *report.removed]
        if check and differing:
            names = ", ".join(name_of(path) for path in differing[:10])
            raise CommandError(f"{len(differing)} fixtures differ from the database: {names}")
        self.stdout.write(
            f"{len(report.written)} files {'differ' if check else 'written'}, {len(report.removed)} removed, "
            f"{len(report.left)} left that are not from this database."
        )
