"""The publish gate: which facts of a record have no usable citation, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.desk.wording import fact_label
from sources.records import dossier


@dataclass(frozen=True)
class Gap:
    """A fact without a usable citation: where it is, its label, the reason in words, and the sources that the reason is about."""

    part: str
    field: str
    label: str
    reason: str
    sources: tuple = ()

    @property
    def anchor(self):
        """The id of the element on the editing screen: the field, or the list that has the entry."""
        return f"{self.part.partition('/')[0]}-group" if self.part else f"id_{self.field}"

    def __str__(self):
        names = ", ".join(f"“{source}”" for source in self.sources)
        return f"{self.label}: {self.reason} {names}".strip()


def is_support(citation):
    """Whether a citation supports its fact, has a locator, and cites a published source."""
    return citation.stance == "supports" and bool(citation.locator) and citation.is_usable


def gaps(record):
    """The ``Gap`` of each fact of a record that has no support."""
    with dossier.gathered(record):
        uncited = record.uncited()
        rows = dict(record.cited_rows()) if uncited else {}
        cited = {}
        for citation in record.citations.all():
            cited.setdefault((citation.part, citation.field), []).append(citation)
        return [
            Gap(part, field, fact_label(record.KIND, part, field, rows[part]), *_why(cited.get((part, field), ())))
            for part, field in uncited
        ]


def _why(citations):
    """``(reason, sources)``. Reports the citation that needs the least work to become a support."""
    supporting = [citation for citation in citations if citation.stance == "supports"]
    placed = [citation for citation in supporting if citation.locator]
    if not citations:
        return (_("no source is cited for it"),)
    if placed:
        return _hidden_sources(placed)
    if supporting:
        return _("the citation does not say where in it:"), _origins(supporting)
    if all(citation.stance == "mentions" for citation in citations):
        return _("what is cited only mentions it:"), _origins(citations)
    if all(citation.stance == "disputes" for citation in citations):
        return _("what is cited only disputes it:"), _origins(citations)
    return _("what is cited mentions or disputes it, and none supports it:"), _origins(citations)


def _hidden_sources(citations):
    sources = _origins(citations)
    waiting = tuple(source for source in sources if source.status in ("draft", "in_review"))
    if waiting:
        reason = ngettext("its source is not published yet:", "its sources are not published yet:", len(waiting))
        return reason, waiting
    if any(source.status == "withdrawn" for source in sources):
        return ngettext("its source was withdrawn:", "its sources were withdrawn:", len(sources)), sources
    return ngettext(
        "its source was merged into another:", "its sources were merged into others:", len(sources)
    ), sources


def _origins(citations):
    """The sources or findings that are cited, each once."""
    origins = (citation.source or citation.finding for citation in citations)
    return tuple({(origin.KIND, origin.pk): origin for origin in origins}.values())
