"""Triggers that refuse to change or delete rows of the trail, on both databases.

One change is allowed: emptying the body of a version, or of all revisions and versions of a record, if ``sources_removal`` has a
row for it (see ``sources.history.removal``). The head of a chain may only move forward.

A migration that changes a trail table calls ``remove`` first and ``install`` last: SQLite rebuilds the table without its triggers,
and triggers of other tables must not name a missing table. ``faults`` lists triggers that are missing or different.
"""

REMOVAL, HEAD = "sources_removal", "sources_trailhead"
TABLES = ("sources_review", "sources_revision", "sources_version", REMOVAL)
# By table: the column that a removal empties, and the condition on the removal (version 0 is the whole record).
BODIES = {"sources_revision": ("dossier", "r.version = 0"), "sources_version": ("body", "r.version IN (0, OLD.number)")}
# Unique columns besides the record. SQLite's REPLACE would delete the old row without running the DELETE trigger.
ONCE = {
    "sources_review": (),
    "sources_revision": ("number",),
    "sources_version": ("number",),
    REMOVAL: ("version",),
    HEAD: (),
}
ABOUT = ("record_type_id", "record_id")
REFUSING, CLOSING, FORWARD = "concordance_append_only", "concordance_closing", "concordance_forward_only"


def install(connection):
    """Create the triggers; existing ones with the same names are replaced."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _functions().items():
                cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
        for name, (table, definition) in _triggers(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {definition}")
            if connection.vendor == "postgresql":
                # ALWAYS: a session cannot switch it off.
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(connection):
    """Drop the triggers. For migrations of the tables, and for tests that empty them."""
    with connection.cursor() as cursor:
        for name, table in sorted(_present(connection)):
            if _is_ours(name):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        if connection.vendor == "postgresql":
            for name in _functions():
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def faults(connection):
    """Yield a sentence for each trigger that is missing, differs from what ``install`` creates, or is not ours."""
    wanted = {name: _as_stored(connection, name, *rest) for name, rest in _triggers(connection).items()}
    present = _definitions(connection)
    for name in sorted({*wanted, *present}):
        if name not in present:
            yield f"trigger {name}: it is not there"
        elif name not in wanted:
            yield f"trigger {name}: nobody here has put it up"
        elif present[name] != wanted[name]:
            yield f"trigger {name}: it does not do what was put up"


def _is_ours(name):
    return "_guard_" in name and name.partition("_guard_")[0] in (*TABLES, HEAD)


def _guarded(connection):
    """The trail tables that exist; before migration 0004 there were fewer."""
    there = set(connection.introspection.table_names())
    return [table for table in (*TABLES, HEAD) if table in there]


def _triggers(connection):
    """``{name: (table, definition)}`` of the triggers that the existing tables should have."""
    tables = _guarded(connection)
    make = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[connection.vendor]
    return {
        f"{table}_guard_{event}": (table, text) for table in tables for event, text in make(connection, table, tables)
    }


def _present(connection):
    """``(name, table)`` of every trigger on the tables."""
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table) for name, table in cursor.fetchall() if table in (*TABLES, HEAD)]


def _definitions(connection):
    """``{name: stored definition}`` of the existing triggers, in the form of ``_as_stored``."""
    query = {
        "sqlite": "SELECT name, sql, '', '', '' FROM sqlite_master WHERE type = 'trigger' AND name = %s",
        "postgresql": (
            "SELECT tgname, pg_get_triggerdef(t.oid, true), tgenabled, prosrc, lanname FROM pg_trigger t "
            "JOIN pg_proc p ON p.oid = tgfoid JOIN pg_language l ON l.oid = prolang JOIN pg_class c ON c.oid = tgrelid "
            "WHERE tgname = %s AND pg_table_is_visible(c.oid)"
        ),
    }[connection.vendor]
    definitions = {}
    with connection.cursor() as cursor:
        for name, _table in _present(connection):
            cursor.execute(query, [name])
            for _name, *held in cursor.fetchall():
                definitions[name] = tuple(held)
    return definitions


def _as_stored(connection, name, table, definition):
    text = f"CREATE TRIGGER {name} {definition}"
    if connection.vendor == "sqlite":
        return text, "", "", ""
    function = definition.rpartition(" ")[2].removesuffix("()")
    return text, "A", _functions()[function], "plpgsql"


# SQLite


def _on_sqlite(connection, table, tables):
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    lawful = _lawful_on_sqlite(connection, table, tables)
    unless = f"WHEN NOT ({lawful}) " if lawful else ""
    yield "update", f"BEFORE UPDATE ON {table} {unless}{refusal}"
    yield "delete", f"BEFORE DELETE ON {table} {refusal}"
    twin = "id = NEW.id"
    if table != "sources_review":
        same = " AND ".join(f"{column} = NEW.{column}" for column in (*ABOUT, *ONCE[table]))
        twin = f"{twin} OR ({same})"
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {twin})"  # noqa: S608  (constants above)
    yield "insert", f"BEFORE INSERT ON {table} WHEN {taken} {refusal}"


def _lawful_on_sqlite(connection, table, tables):
    if table == HEAD:
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in ("id", *ABOUT))
        return f"{same} AND NEW.steps > OLD.steps"
    if table not in BODIES or REMOVAL not in tables:
        return ""
    body, for_which = BODIES[table]
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns if column != body)
    about = " AND ".join(f"r.{column} = OLD.{column}" for column in ABOUT)
    removed = f"EXISTS (SELECT 1 FROM {REMOVAL} r WHERE {about} AND {for_which})"  # noqa: S608
    return f"NEW.{body} = '' AND {same} AND {removed}"


# PostgreSQL


def _on_postgresql(connection, table, tables):
    closes = table in BODIES and REMOVAL in tables
    function = FORWARD if table == HEAD else CLOSING if closes else REFUSING
    yield "row", f"BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    yield "truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {REFUSING}()"


def _functions():
    """``{name: body}``."""
    # Class 23 makes it an IntegrityError, as on SQLite.
    refusal = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23000';"
    about = " AND ".join(f"r.{column} = OLD.{column}" for column in ABOUT)
    removed = f"EXISTS (SELECT 1 FROM {REMOVAL} r WHERE {about} AND "  # noqa: S608
    lawful = "".join(
        f"IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = '{table}' THEN "
        f"IF to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{{{body}}}', '\"\"') AND {removed}{for_which}) "
        "THEN RETURN NEW; END IF; END IF; "
        for table, (body, for_which) in BODIES.items()
    )
    same = " AND ".join(f"NEW.{column} = OLD.{column}" for column in ("id", *ABOUT))
    forward = f"IF TG_OP = 'UPDATE' THEN IF {same} AND NEW.steps > OLD.steps THEN RETURN NEW; END IF; END IF; "
    return {
        REFUSING: f" BEGIN {refusal} END ",
        CLOSING: f" BEGIN {lawful}{refusal} END ",
        FORWARD: f" BEGIN {forward}{refusal} END ",
    }
