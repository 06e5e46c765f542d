"""The entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

application = get_wsgi_application()

from kb.ops.checks import refuse_to_start_unsafe  # noqa: E402  (needs the settings)

refuse_to_start_unsafe()
# A connection opened before the server forks must not be shared by its workers.
connections.close_all()
