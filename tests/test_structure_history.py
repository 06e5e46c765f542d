"""Bulk writes and raw SQL bypass the history, so only a few named places use them, and each writes the history itself."""

import ast

from django.conf import settings

FOLDERS = ("kb", "sources", "people", "agreements")
BULK = {"update", "bulk_create", "bulk_update", "_raw_delete", "raw", "execute", "executemany", "executescript"}
# Each place with why it may.
ALLOWED = {
    ("sources/records/dossier/saving.py", "bulk_create"): "the writer; whoever writes a dossier notes the revision",
    ("sources/records/fixtures.py", "bulk_create"): "what the loader read last, which is no record",
    ("kb/ops/checks.py", "execute"): "reads a pragma",
    ("sources/reading/store/keeping.py", "update"): "marks forms, which follow from the records",
    ("sources/reading/store/keeping.py", "bulk_create"): "forms and what they were made from",
    ("sources/reading/store/answers.py", "bulk_create"): "answers, which follow from the records",
    ("sources/reading/store/counter.py", "update"): "the counter of the store",
    ("sources/reading/store/counter.py", "bulk_create"): "the counter of the store",
    ("sources/reading/store/code.py", "update"): "marks forms, and notes the code that makes them",
    ("sources/reading/store/marking.py", "update"): "hands on what others may, and marks forms",
    ("sources/reading/store/marking.py", "bulk_update"): "hands on what others may, and marks forms",
    ("sources/lib/prefetching.py", "execute"): "asks which lists are empty",
    ("sources/lib/prepared.py", "execute"): "reads the rows of a list",
    ("sources/models/tallies.py", "bulk_update"): "counts of what the forms say",
    ("sources/models/tallies.py", "bulk_create"): "counts of what the forms say",
    ("sources/reading/search/index.py", "bulk_create"): "the search index, made from the forms",
    ("sources/reading/search/index.py", "execute"): "has the full-text index drop what was deleted",
    ("sources/reading/search/spelling.py", "bulk_create"): "the words of names, for the search index",
    ("sources/reading/search/matching.py", "RawSQL"): "reads the full-text index",
    ("sources/reading/search/matching.py", "execute"): "reads the full-text index",
    ("sources/lib/planner_statistics.py", "execute"): "has the database count its rows",
    ("sources/models/trail.py", "bulk_create"): "where chains end, which is no record",
    ("sources/models/trail.py", "update"): "empties what a removal stands for, which the database sees to",
    ("sources/history/trail_triggers.py", "execute"): "puts up the triggers of the trail",
    ("sources/desk/inlines.py", "update"): "gathers the keys of search boxes, which is a set",
    ("agreements/life/keeping.py", "update"): "what steps are derived to, which no dossier holds",
    ("agreements/life/keeping.py", "bulk_update"): "the certainty of steps, derived from their citations",
    ("agreements/models/spans.py", "bulk_create"): "spans of a status, derived from the steps",
    ("sources/lib/inserting.py", "executemany"): "new records with their history, and what follows from records",
    ("sources/records/bulk/keys.py", "execute"): "asks for free primary keys",
    ("sources/reading/jinja.py", "update"): "the names that partials know",
    ("sources/lib/locks.py", "execute"): "sets how long to wait, and takes a lock",
    ("sources/lib/refill.py", "bulk_update"): "columns that migrations derive anew, which no dossier holds",
    ("kb/ops/health.py", "execute"): "asks whether the database can be read and written; what it writes is undone",
    ("kb/staff/recovery.py", "bulk_create"): "codes for the second factor, which are no record",
    ("sources/records/fixtures.py", "update"): "puts back the time of the last change, since nothing changed",
}
# `.update(…)` on these is no query: dicts, sets and digests, by the names the code gives them.
PLAIN = {"context", "data", "digest", "entry", "evidence", "found", "headers", "kwargs", "line", "params", "rows"}


def sources():
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR).as_posix(), ast.parse(path.read_text())


def is_plain(call):
    """Whether ``.update`` is called on something that is certainly no queryset."""
    owner = call.func.value
    if isinstance(owner, (ast.Dict, ast.Set)):
        return True
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name in PLAIN or (isinstance(owner, ast.Subscript) and call.func.attr == "update")


def bulk_calls(tree):
    """``(line, name)`` of each call that could change rows past ``save``."""
    for node in ast.walk(tree):
        is_bulk = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BULK
        if is_bulk and not (node.func.attr == "update" and is_plain(node)):
            yield node.lineno, node.func.attr
        if isinstance(node, ast.Name) and node.id == "RawSQL":
            yield node.lineno, "RawSQL"


BULK_WRITES = [
    "Person.objects.update(name='x')",
    "Person.objects.filter(pk=1).update(name='x')",
    "people.update(name='x')",
    "record.citations.all().update(note='')",
    "Person.objects.bulk_create([])",
    "Person.objects.bulk_update([], ['name'])",
    "cursor.execute('DELETE FROM people_person')",
    "Person.objects.raw('SELECT 1')",
]


def test_the_reader_finds_what_it_looks_for(subtests):
    for text in BULK_WRITES:
        with subtests.test(text):
            assert list(bulk_calls(ast.parse(text)))


def test_the_reader_leaves_plain_python_alone(subtests):
    for text in ["found.update(more)", "{}.update(a=1)", "self.headers.update(a=1)", "record.save()"]:
        with subtests.test(text):
            assert not list(bulk_calls(ast.parse(text)))


def test_nothing_else_writes_past_the_history():
    strangers = [
        f"{path}:{line}: .{name}(…) writes past the history; save rows one by one, or say in ALLOWED why not"
        for path, tree in sources()
        for line, name in bulk_calls(tree)
        if (path, name) not in ALLOWED
    ]
    assert strangers == []


def test_every_permission_is_still_used():
    used = {(path, name) for path, tree in sources() for _line, name in bulk_calls(tree)}
    assert set(ALLOWED) <= used
