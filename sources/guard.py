"""The database's own refusal to change or remove rows of the trail: triggers, on both databases.

Migration 0002 installs them. A later migration that changes a trail table must call ``install`` again at its end: SQLite
rebuilds the table, and its triggers go with the old one (``missing`` tells; a test and ``verify_history`` ask it).
"""

TABLES = ("sources_review", "sources_revision", "sources_version")
# What must not stand twice; SQLite's REPLACE would remove the old row without asking the trigger on DELETE.
ONCE = {"sources_review": (), "sources_revision": ("number",), "sources_version": ("number",)}
ABOUT = ("record_type_id", "record_id")
FUNCTION = "concordance_append_only"


def install(connection):
    """Put the triggers up; those that are there already stay."""
    _run(connection, _installation(connection.vendor))


def remove(connection):
    """Take the triggers down. For the way back of the migration, and for tests that empty all tables."""
    _run(connection, _removal(connection.vendor))


def missing(connection):
    """The names of triggers that ought to be there and are not."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        # 'A' is ALWAYS: not to be switched off for a session.
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(set(names(connection.vendor)) - present)


def names(vendor):
    events = ("update", "delete", "insert") if vendor == "sqlite" else ("row", "truncate")
    return [f"{table}_guard_{event}" for table in TABLES for event in events]


def _run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _installation(vendor):
    return _on_sqlite() if vendor == "sqlite" else _on_postgresql()


def _on_sqlite():
    for table in TABLES:
        refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
        for event in ("update", "delete"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_guard_{event} BEFORE {event.upper()} ON {table} "
                f"BEGIN {refusal}; END"
            )
        twin = "id = NEW.id"
        if ONCE[table]:
            same = " AND ".join(f"{column} = NEW.{column}" for column in (*ABOUT, *ONCE[table]))
            twin = f"{twin} OR ({same})"
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {twin})"  # noqa: S608  (constants above)
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_guard_insert BEFORE INSERT ON {table} "
            f"WHEN {taken} BEGIN {refusal}; END"
        )


def _on_postgresql():
    # Class 23 makes it an IntegrityError, as on SQLite.
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23000'; END $$"
    )
    for table in TABLES:
        for event, when in (("row", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
            name = f"{table}_guard_{event}"
            each = "ROW" if event == "row" else "STATEMENT"
            yield f"CREATE OR REPLACE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()"
            yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _removal(vendor):
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names(vendor)]
    drops = [
        f"DROP TRIGGER IF EXISTS {table}_guard_{event} ON {table}" for table in TABLES for event in ("row", "truncate")
    ]
    return [*drops, f"DROP FUNCTION IF EXISTS {FUNCTION}()"]
