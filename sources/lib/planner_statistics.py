"""What the database knows of its tables when it plans a query."""

from django.db import connection


def take_statistics():
    """Count rows and values anew, after many changed: SQLite never does so by itself, and PostgreSQL only after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
