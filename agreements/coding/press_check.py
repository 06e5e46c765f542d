"""Press against text: two worklists about ``Citation.against_text``, which compares a report with the text of the instrument.

A mark needs a press report, and a text or official summary on the same matter that we hold: for a clause, the clause itself; for a
coding, its own basis or its clauses; for a fact of the whole instrument, or a position on it, any text of the instrument.
Saving checks this with ``holds_text()``. The functions here express the same rule as a condition on rows, for

* reports that could be marked and are not; except on a text that we know from reports only;
* marks that are no longer valid, because the source or the agreement was changed on another screen.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr

from agreements.models import Agreement, Clause, Coding, Position
from sources.lib.sifted import Sifted
from sources.models import Citation, Source


def reports_to_mark():
    """Unmarked press citations on clauses or codings whose text we hold and which others than the press support, as ``Sifted``."""
    # By their references, for these are in the index in whose order they come; “0” follows “/”. The number of a clause says nothing
    # about its content.
    of_agreements = {"record_ref__gt": f"{Agreement.KIND}/", "record_ref__lt": f"{Agreement.KIND}0"}
    on_text = Q(part__startswith="clauses/") | Q(part__startswith="codings/")
    unmarked = _citations().filter(on_text, against_text="", source__kind__in=Source.PRESS, **of_agreements)
    return Sifted(unmarked.exclude(field="number"), _on_part_with_text(_told_by_more_than_reports))


def marks_without_text():
    """Marked citations that are not from the press, or whose text we do not hold, as ``Sifted``."""
    return Sifted(_citations().exclude(against_text=""), ~(_on_held_text() & Q(source__kind__in=Source.PRESS)))


def _citations():
    return Citation.objects.select_related("source").order_by("record_ref", "part", "field", "uid")


def _type_of(model):
    return ContentType.objects.get_for_model(model)


def _on_held_text():
    """``holds_text()`` as a ``Q`` on citations."""
    readable = Agreement.objects.filter(text_availability__in=Agreement.READABLE)
    whole = Exists(readable.filter(pk=OuterRef("record_id")))
    statements = Position.objects.filter(record_type=_type_of(Agreement), record_id__in=readable.values("pk"))
    statement = Exists(statements.filter(pk=OuterRef("record_id")))
    return (
        Q(_on_part_with_text(), record_type=_type_of(Agreement))
        | Q(whole, record_type=_type_of(Agreement), part="")
        | Q(statement, record_type=_type_of(Position), part="")
    )


def _on_part_with_text(more=lambda name: Q()):
    """A ``Q`` for citations about a clause with a read text, or about a coding that was read itself or has such a clause.

    ``more(name)`` gives a further condition on the rows of the list ``name``.
    """
    clauses = Clause.objects.filter(more("clauses"), basis__in=Clause.READ)
    # Looked up for each coding: there are few reports beside all clauses.
    resting = Exists(clauses.filter(codings=OuterRef("pk")))
    codings = Coding.objects.filter(Q(more("codings"), basis__in=Clause.READ) | Q(resting))
    return Q(_of_part("clauses", clauses), part__startswith="clauses/") | Q(
        _of_part("codings", codings), part__startswith="codings/"
    )


def _told_by_more_than_reports(name):
    """A condition on rows of the list ``name``: a source other than the press supports the row."""
    others = Citation.objects.usable().filter(record_type=_type_of(Agreement), source__isnull=False, stance="supports")
    others = others.exclude(source__kind__in=Source.PRESS).exclude(field="number")
    return Exists(others.filter(record_id=OuterRef("agreement"), part=Concat(Value(f"{name}/"), OuterRef("key"))))


def _of_part(name, rows):
    """A condition on citations: they are about one of ``rows``, parts in the list ``name``."""
    return Exists(rows.filter(agreement=OuterRef("record_id"), key=Substr(OuterRef("part"), len(name) + 2)))
