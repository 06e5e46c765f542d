"""The statistics that the database uses to plan queries."""

from django.db import connection


def take_statistics():
    """Run ``ANALYZE``, after many rows changed: SQLite never runs it by itself, and PostgreSQL only after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
