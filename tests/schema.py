"""The schema of a database as sets that can be compared: columns, indexes, constraints, triggers, functions."""

from django.db import connections

_POSTGRESQL = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
_SQLITE = {
    "columns": """
        SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "indexes": """
        SELECT t.name, i.name, i."unique", i.partial, c.seqno, c.name
        FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "foreign keys": """
        SELECT t.name, k."from", k."table", k."to", k.on_delete
        FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "statements": "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE type != 'table'",
}


def schema_of(alias="default"):
    """``{kind of thing: {row that describes one}}``."""
    connection = connections[alias]
    queries = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        parts = {}
        for kind, query in queries.items():
            cursor.execute(query)
            parts[kind] = {tuple(row) for row in cursor.fetchall()}
        if connection.vendor == "sqlite":
            parts["checks"] = set(_checks(connection, cursor))
    return parts


def _checks(connection, cursor):
    """SQLite tells the checks of a table only within the statement that made it."""
    for table in connection.introspection.table_names(cursor):
        for name, constraint in connection.introspection.get_constraints(cursor, table).items():
            if constraint["check"]:
                yield table, name, tuple(constraint["columns"])
