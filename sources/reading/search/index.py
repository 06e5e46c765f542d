"""Keeps the entries of forms: called by the store when it keeps forms, in the same transaction."""

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from sources.lib.inserting import insert
from sources.lib.text import fold
from sources.reading import kinds
from sources.reading.search import matching, ranking, spelling
from sources.reading.search.sorts import DAY
from sources.reading.search.tables import table

# A longer text is found by its beginning.
LONGEST_TEXT = 60_000
# A name is suggested by its first, second, … word, so far.
WORDS_OF_A_NAME, LONGEST_BEGINNING = 8, 200
BATCH = 500


def keep(forms):
    """Bring the entries of these forms up to date; ``forms`` are saved ``PublicForm`` rows."""
    made_of = dict(table("SearchEntry").objects.filter(form__in=forms).values_list("form", "made_of"))
    changed = [form for form in forms if made_of.get(form.pk) != form.sha256]
    forget([form for form in changed if form.pk in made_of])
    _write([(form, form.sha256, entry) for form, entries in entries_of(changed) for entry in entries])


def rebuild(announce=lambda number: None):
    """Make all entries anew, in one transaction. Returns the number of forms; ``announce`` is called with it after each batch."""
    with transaction.atomic():
        for name in ("SearchEntry", "SearchWord"):
            table(name).objects.all().delete()
        forms, number = table("PublicForm").objects.order_by("pk"), 0
        while batch := list(forms[:BATCH]):
            keep(batch)
            number += len(batch)
            announce(number)
            forms = forms.filter(pk__gt=batch[-1].pk)
        keep_all_shown()
    return number


def forget(forms):
    """Delete the entries of these forms, and the words that no other name has: of a removed record nothing is kept."""
    entries = table("SearchEntry").objects.filter(form__in=forms)
    words = {word for names in entries.values_list("names", flat=True) for word in names.split()}
    entries.delete()
    spelling.forget(words)


def purge():
    """Take deleted words out of the full-text index, where SQLite keeps them until it merges its parts."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO sources_searchindex (sources_searchindex) VALUES ('optimize')")


def entries_of(forms):
    """``[(form, what of it can be found)]``, kind by kind."""
    by_type = {}
    for form in forms:
        by_type.setdefault(form.record_type_id, []).append(form)
    made = []
    for content_type, same in by_type.items():
        serializer = kinds.serializer_of(ContentType.objects.get_for_id(content_type).model_class())
        told = [(orjson.loads(form.form), orjson.loads(form.link)["name"]) for form in same]
        made += zip(same, serializer.searchable(told), strict=True)
    return made


def keep_shown(content_types):
    """Bring the entries of kinds up to date whose rows readers see without a form of their own, such as topics. These are few, so
    all of a kind are made anew. Their models say by ``search_entries()`` what can be found."""
    for pk in sorted(content_types):
        model = ContentType.objects.get_for_id(pk).model_class()
        # A content type may outlive its model.
        if hasattr(model, "search_entries"):
            table("SearchEntry").objects.filter(form=None, ref__startswith=f"{model.KIND}/").delete()
            _write([(None, "", entry) for entry in model.search_entries()])


def keep_all_shown():
    """As ``keep_shown``, for all kinds."""
    with transaction.atomic():
        keep_shown(ContentType.objects.values_list("pk", flat=True))


def _write(made):
    """``made``: triples of form, digest and entry."""
    rows = [_row(*triple) for triple in made]
    table("SearchEntry").objects.bulk_create(rows, batch_size=BATCH)
    beginnings = [name for row in rows for name in _beginnings(row)]
    insert(table("SearchName"), beginnings)
    spelling.learn({name.text.partition(" ")[0] for name in beginnings})


def _row(form, digest, entry):
    names = dict.fromkeys(filter(None, map(fold, entry.names)))
    names |= {f"{ranking.AMONG} {among}": None} if (among := fold(" ".join(entry.among))) else {}
    text = fold(" ".join(text for _label, text in entry.passages))[:LONGEST_TEXT]
    return table("SearchEntry")(
        form=form,
        record_id=form and form.record_id,
        ref=entry.ref,
        made_of=digest,
        page=entry.page,
        name=entry.names[0],
        names="\n".join(map(_without_long_words, names)),
        words=_without_long_words(text),
        passages=entry.passages,
        weight=entry.weight,
        facets=_facets(entry),
    )


def _without_long_words(text):
    return " ".join(word[: matching.LONGEST_WORD] for word in text.split(" "))


def _facets(entry):
    """The lines of facets; those of days come last, for nobody counts them."""
    facets = {"kind": [entry.kind], **entry.facets}
    facets[DAY] = facets.pop(DAY, [])
    return "\n".join(f"{name}={value}" for name, values in facets.items() for value in dict.fromkeys(values))


def _beginnings(row):
    """The names of an entry, and what follows their first, second, … word. Only of kinds whose names people type: there are many times
    as many clauses and statements, and nobody begins to type their headings and sentences."""
    seen = set()
    names = row.names.split("\n") if row.kind in ranking.typed_kinds() else ()
    for name in names:
        words = name.split() if name[0] != ranking.AMONG else ()
        for start in range(min(len(words), WORDS_OF_A_NAME)):
            text = " ".join(words[start:])[:LONGEST_BEGINNING]
            if text not in seen:
                seen.add(text)
                yield table("SearchName")(entry=row, text=text, is_whole=start == 0)
