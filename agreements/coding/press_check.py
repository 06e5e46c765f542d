"""Press against text: what reports say of an instrument, beside what the instrument says.

A citation may be marked as matching, overstating, understating, having nothing in the text, or speaking of a part of it that is
not held (``Citation.against_text``). The mark means something only for a report, and only where this base holds the text, or
an official summary, on the same matter: the clause itself, the topic of a coding through its own basis or its clauses, or for
a fact of the whole instrument, and for a statement on it, any of its text. Each row says so itself (``holds_text``), and a
save is refused by that; here the same stands as a condition on citations, for two worklists: reports that could be marked and
are not, and marks whose ground has gone since, because the source or the agreement they stand on was changed on another
screen. Where the text is known from reports alone, there is nothing to hold them against, and none waits for a mark.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr

from agreements.models import Agreement, Clause, Coding, Position
from sources.models import Citation, Source


def reports_to_mark():
    """Press citations on what a clause or coding says, whose text is held and not only through reports, not marked yet."""
    reports = _citations().filter(against_text="", source__kind__in=Source.PRESS, record_type=_type_of(Agreement))
    # The number of a clause is no statement on the matter.
    return reports.filter(_on_part_with_text(_told_by_more_than_reports)).exclude(field="number")


def marks_without_text():
    """Citations that are marked against a text which is not held on the matter, or are not of the press."""
    marked = _citations().exclude(against_text="")
    return marked.exclude(_on_held_text() & Q(source__kind__in=Source.PRESS))


def _citations():
    return Citation.objects.select_related("source").order_by("record_ref", "part", "field", "uid")


def _type_of(model):
    return ContentType.objects.get_for_model(model)


def _on_held_text():
    """The twin of ``holds_text``."""
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
    """On a clause that was read, or a coding that was or has such a clause. ``more``: what the row must meet besides."""
    clauses = Clause.objects.filter(more("clauses"), basis__in=Clause.READ)
    codings = Coding.objects.filter(Q(more("codings"), basis__in=Clause.READ) | Q(clauses__in=clauses))
    return Q(_of_part("clauses", clauses), part__startswith="clauses/") | Q(
        _of_part("codings", codings), part__startswith="codings/"
    )


def _told_by_more_than_reports(name):
    """Whether anything but the press bears out what a row of ``name`` says."""
    others = Citation.objects.usable().filter(record_type=_type_of(Agreement), source__isnull=False, stance="supports")
    others = others.exclude(source__kind__in=Source.PRESS).exclude(field="number")
    return Exists(others.filter(record_id=OuterRef("agreement"), part=Concat(Value(f"{name}/"), OuterRef("key"))))


def _of_part(name, rows):
    """Whether one of ``rows`` is the part that the citation is about."""
    return Exists(rows.filter(agreement=OuterRef("record_id"), key=Substr(OuterRef("part"), len(name) + 2)))
