"""Press against text: what reports say of an instrument, beside what the instrument says.

A citation may be marked as matching, overstating, understating or having nothing in the text (``Citation.against_text``). The
mark means something only where this base holds the text, or an official summary, on the same matter: the clause itself, the
topic of a coding through its own basis or its clauses, or for a fact of the whole instrument any of its text. Two worklists
for editors follow: marks that rest on nothing, and reports that could be marked and are not.
"""

from django.contrib.contenttypes.models import ContentType

from agreements.models import Agreement, Clause, Coding
from sources.models import Citation

READ = (Clause.Basis.TEXT, Clause.Basis.OFFICIAL_SUMMARY)
READABLE = ("official", "transcript", "extracts", "summary")
PRESS = ("news", "analysis", "newsletter", "report", "reference")


def marks_without_text():
    """Citations that are marked against a text which is not held on the matter."""
    citations = list(_about_agreements().exclude(against_text=""))
    held = _held({citation.record_id for citation in citations})
    return [citation for citation in citations if not _is_held(citation, held)]


def reports_to_mark():
    """Press citations on a matter whose text is held, not marked yet."""
    citations = list(_about_agreements().filter(against_text="", source__kind__in=PRESS, part__gt=""))
    held = _held({citation.record_id for citation in citations})
    return [citation for citation in citations if _is_held(citation, held)]


def _about_agreements():
    about = Citation.objects.filter(record_type=ContentType.objects.get_for_model(Agreement))
    return about.select_related("source").order_by("record_ref", "part", "field", "uid")


def _is_held(citation, held):
    return (citation.record_id, citation.part) in held


def _held(agreement_ids):
    """``(agreement id, part)`` of everything on which the text or an official summary was read."""
    codings = Coding.objects.filter(agreement__in=agreement_ids)
    found = {
        (agreement, f"codings/{key}")
        for rows in (codings.filter(basis__in=READ), codings.filter(clauses__basis__in=READ))
        for agreement, key in rows.values_list("agreement", "key")
    }
    clauses = Clause.objects.filter(agreement__in=agreement_ids, basis__in=READ)
    found |= {(agreement, f"clauses/{key}") for agreement, key in clauses.values_list("agreement", "key")}
    whole = Agreement.objects.filter(pk__in=agreement_ids, text_availability__in=READABLE)
    return found | {(pk, "") for pk in whole.values_list("pk", flat=True)}
