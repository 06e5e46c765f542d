"""The site with one app more, whose migrations are made for the test."""

from kb.settings import *  # noqa: F403
from kb.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = ["tests.scratch_kind", *INSTALLED_APPS]
MIGRATION_MODULES = {"scratch_kind": "scratch_migrations"}
# Beside the database of the tests that run meanwhile.
DATABASES["default"]["TEST"] = {"NAME": f"test_scratch_{DATABASES['default']['NAME'].rpartition('/')[2]}"}
