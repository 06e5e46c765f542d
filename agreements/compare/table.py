"""The table of a comparison as plain data."""

from collections import Counter
from itertools import groupby

from django.db.models import Prefetch
from django.urls import reverse

from agreements.codebook import answer_comparison
from agreements.codebook.headlines import FACTS, headlines_of
from agreements.codebook.immunity_matrix import matrix_of
from agreements.codebook.values import value_of
from agreements.compare.coding_evidence import INSTRUMENT, Evidence, Notes
from agreements.compare.verdict import DIFFERENCES, RESULTS, verdict
from agreements.life.course import NO_PARTY
from agreements.life.status import InForce, status_words
from agreements.models import Agreement, Coding, Party, StatusSpan, Topic
from sources.evidence.record_facts import fact_of
from sources.reading import fact_wording
from sources.reading.api import api_address, link, with_links

_CLASS_ORDER = Coding.PersonClass.values

# The states of a fact, the worst first; an entry shows the worst state of its facts.
_STATES = ("contested", "unsourced", "settled", "supported")


# As ``ApproachSerializer`` has it.
OF_APPROACH = ("code", "name", "name_es", "short_name", "short_name_es", "favours", "meaning")
# What the summary repeats of an entry.
SHOWN_OF_ANSWER = ("topic", "person_class", "stance", "approach", "basis", "summary", "clauses")


class UnknownAgreements(Exception):
    """``slugs`` name nothing that readers can see."""

    def __init__(self, slugs):
        self.slugs = slugs
        super().__init__(", ".join(slugs))


def build(query):
    """The table for a ``ComparisonQuery``, in about ten database queries. Raises ``UnknownAgreements``."""
    agreements, topics = _agreements(query.slugs), list(Topic.objects.in_order())
    evidence = Evidence(agreements, topics)
    cells, notes = _cells(agreements, evidence), Notes()
    entries = {agreement.pk: _entries(agreement, cells) for agreement in agreements}
    matrices = {pk: matrix_of(rows) for pk, rows in entries.items()}
    summary = _summary(agreements, entries, matrices, notes)
    instrument = [_instrument_row(name, agreements, evidence, notes) for name in INSTRUMENT]
    rows = _topic_rows(topics, query.groups, agreements, cells)
    shown = [(topic, row) for topic, row in rows if _is_wanted(row, query.only)]
    for _topic, row in shown:
        _number_citations(row, notes)
    return {
        "codebook": evidence.codebooks,
        "only": query.only,
        "groups": list(query.groups),
        "counts": _counts(rows, shown),
        "agreements": [_card(agreement) for agreement in agreements],
        "instrument": instrument,
        "summary": summary,
        "sections": _sections(shown),
        "matrices": [{"agreement": agreement.slug, **matrices[agreement.pk]} for agreement in agreements],
        "notes": notes.rows,
    }


def _card(agreement):
    return {
        **link(agreement),
        "title": agreement.title,
        "api": api_address(agreement),
        "topics_coded": agreement.topics_coded,
    }


def _topic_rows(topics, groups, agreements, cells):
    """``[(topic, row)]`` of the topics in ``groups``, or of all topics if no group was chosen."""
    topics_page = reverse("topics")
    return [
        (topic, _topic_row(topic, agreements, cells.get(topic.pk, {}), topics_page))
        for topic in topics
        if not groups or topic.group in groups
    ]


def _counts(rows, shown):
    """The number of topics, of shown topics, and of topics with each result."""
    results = Counter(row["result"] for _topic, row in rows)
    return {"topics": len(rows), "shown": len(shown), **{result: results[result] for result in RESULTS}}


def _sections(rows):
    """The groups of the codebook with their rows; ``rows`` are ``(topic, row)`` in the order of the codebook."""
    return [
        {"group": group, "name": name, "name_es": name_es, "topics": [row for _topic, row in in_group]}
        for (group, name, name_es), in_group in groupby(
            rows, key=lambda pair: (pair[0].group, pair[0].group_name, pair[0].group_name_es)
        )
    ]


def _number_citations(row, notes):
    """Replace the citations of each entry by the numbers of their footnotes."""
    for cell in row["cells"]:
        for entry in cell["entries"]:
            entry["notes"] = notes.number(entry.pop("citations"))


def _agreements(slugs):
    parties = Prefetch("parties", with_links(Party.objects.published(), ["organisation"]))
    today = Prefetch("status_spans", StatusSpan.objects.today(), to_attr="spans_today")
    rows = Agreement.objects.published().filter(slug__in=slugs).prefetch_related(parties, today)
    by_slug = {row.slug: row for row in rows}
    missing = [slug for slug in slugs if slug not in by_slug]
    if missing:
        raise UnknownAgreements(missing)
    return [by_slug[slug] for slug in slugs]


def _is_wanted(row, only):
    if only == "differences":
        return row["result"] in DIFFERENCES
    if only == "coded":
        return any(entry["stance"] != "not_coded" for cell in row["cells"] for entry in cell["entries"])
    return True


def _topic_row(topic, agreements, by_agreement, topics_page):
    cells = [
        {
            "agreement": agreement.slug,
            "entries": by_agreement.get(agreement.pk) or [_not_coded(topic)],
        }
        for agreement in agreements
    ]
    result, untold = verdict(cells)
    return {
        "topic": topic.code,
        "slug": topic.slug,
        "name": topic.name,
        "name_es": topic.name_es,
        "definition": topic.definition,
        "definition_es": topic.definition_es,
        "page": f"{topics_page}{topic.slug}/",
        "result": result,
        "untold": untold,
        "cells": cells,
        "wording": _wording(cells),
    }


def _not_coded(topic):
    return {
        "key": "",
        "topic": {"code": topic.code},
        "person_class": answer_comparison.ALL,
        "stance": "not_coded",
        "approach": None,
        "value": None,
        "summary": "",
        "basis": "",
        "clauses": [],
        "codebook": "",
        "note": "",
        "state": "",
        "confidence": "",
        "sources": 0,
        "independent": 0,
        "disputing": 0,
        "reason": "",
        "citations": [],
    }


def _wording(cells):
    """Pairs of clauses for a word diff: the clause of the first agreement that has one, with that of each other agreement."""
    held = [
        (clause["id"], clause["label"], clause["held"]) for cell in cells if (clause := _first_held(cell)) is not None
    ]
    if len(held) < 2:
        return []
    (first, label, kinds), *others = held
    return [
        {"a": first, "a_label": label, "b": other, "b_label": other_label, "of": of}
        for other, other_label, other_kinds in others
        if (of := next((kind for kind in ("text", "summary") if kind in kinds and kind in other_kinds), ""))
    ]


def _first_held(cell):
    clauses = [clause for entry in cell["entries"] for clause in entry["clauses"] if clause["held"]]
    return next((clause for clause in clauses if "text" in clause["held"]), clauses[0] if clauses else None)


def _entries(agreement, cells):
    return [entry for by_agreement in cells.values() for entry in by_agreement.get(agreement.pk, ())]


def _summary(agreements, entries, matrices, notes):
    """What a lawyer asks first: a row for each question, with a cell for each agreement and the notes it rests on."""
    rows = {}
    for agreement in agreements:
        own = entries[agreement.pk]
        by_key = {entry["key"]: entry for entry in own}
        for answer in headlines_of(own, matrices[agreement.pk], _facts(agreement)):
            row = rows.setdefault(
                answer["question"], {"question": answer["question"], "label": answer["label"], "cells": []}
            )
            row["cells"].append(
                _summary_cell(agreement, answer, [by_key[one["key"]] for one in answer["answers"]], notes)
            )
    return [row for row in rows.values() if any(cell["answers"] or cell["words"] for cell in row["cells"])]


def _summary_cell(agreement, answer, entries, notes):
    states = {entry["state"] for entry in entries}
    return {
        "agreement": agreement.slug,
        **{name: answer[name] for name in ("stance", "favours", "value", "words")},
        "rule": answer.get("rule", ""),
        "answers": [{name: entry[name] for name in ("key", *SHOWN_OF_ANSWER)} for entry in entries],
        "state": _worst_of(states),
        "confidence": entries[0]["confidence"] if entries else "",
        "notes": notes.number([citation for entry in entries for citation in entry["citations"]]),
    }


def _cells(agreements, evidence):
    """``{topic id: {agreement id: [entry]}}`` for everything that is coded."""
    cells = {}
    for coding in evidence.codings:
        entry = _entry(coding, evidence)
        cells.setdefault(coding.topic_id, {}).setdefault(coding.agreement_id, []).append(entry)
    for by_agreement in cells.values():
        for entries in by_agreement.values():
            entries.sort(key=lambda entry: _CLASS_ORDER.index(entry["person_class"]))
    return cells


def _entry(coding, evidence):
    """One coding as the comparison shows it, with the citations that support and dispute it."""
    part = f"codings/{coding.key}"
    cited, ruled = evidence.of_part(coding.agreement_id, part)
    named = [name for name in coding.CITABLE_FIELDS if name in cited or name in ruled]
    facts = [fact_of(part, name, coding, cited.get(name, ()), ruled.get(name)) for name in named]
    return {
        "key": coding.key,
        "topic": {"code": evidence.topic_codes[coding.topic_id]},
        "person_class": coding.person_class,
        "stance": coding.stance,
        "approach": _approach(coding.approach),
        "value": _value(coding, evidence),
        "summary": coding.summary,
        "basis": coding.basis,
        "clauses": evidence.clauses.get(coding.pk, []),
        "codebook": evidence.codebook_of[coding.codebook_id],
        "note": coding.note,
        "state": _worst(facts, coding),
        **_weight(facts),
        "reason": " ".join(dict.fromkeys(ruled[name].reason for name in coding.CITABLE_FIELDS if name in ruled)),
        "citations": [citation for name in coding.CITABLE_FIELDS for citation in cited.get(name, ())],
    }


def _weight(facts):
    """How well a coding is supported: as its approach is, or else its first fact."""
    main = next((fact for fact in reversed(facts) if fact["field"] == "approach"), facts[0] if facts else {})
    return {
        "confidence": main.get("confidence", ""),
        "sources": main.get("sources", 0),
        "independent": main.get("independent", 0),
        "disputing": sum(fact["disputing"] for fact in facts),
    }


def _approach(approach):
    if approach is None:
        return None
    return {name: getattr(approach, name) for name in OF_APPROACH}


def _facts(agreement):
    return {name: getattr(agreement, name) for name in FACTS}


def _value(coding, evidence):
    if coding.approach is None:
        return None
    instrument = _facts(evidence.agreements[coding.agreement_id])
    return value_of(instrument, evidence.topic_codes[coding.topic_id], coding.approach.code)


def _worst(facts, coding):
    """The worst state of the facts (see ``_STATES``)."""
    states = {fact["state"] for fact in facts}
    if not states and coding.required_citations():
        return "unsourced"
    return _worst_of(states)


def _worst_of(states):
    return next((state for state in _STATES if state in states), "")


def _instrument_row(name, agreements, evidence, notes):
    cells = []
    for agreement in agreements:
        cited, ruled = evidence.of_part(agreement.pk, "")
        citations, ruling = cited.get(name, ()), ruled.get(name)
        fact = (
            fact_of("", name, agreement, citations, ruling) if citations or ruling else {"state": "", "confidence": ""}
        )
        certainty = {"state": fact["state"], "confidence": fact["confidence"]}
        value = _fact_of_instrument(name, agreement)
        cells.append({"agreement": agreement.slug, **certainty, **value, "notes": notes.number(citations)})
    values = {_comparable(name, agreement) for agreement in agreements} - {None}
    return {"field": name, "label": str(INSTRUMENT[name]), "differs": len(values) > 1, "cells": cells}


def _comparable(name, agreement):
    """What can be compared of a fact of the instrument, or ``None``: a term told in other words is not another term."""
    if name == "term":
        kind = agreement.term_kind
        return None if kind == Agreement.TermKind.UNKNOWN else (kind, agreement.term_years)
    if name == "termination":
        return agreement.termination_days
    if name == "status" and any(span.in_force == InForce.NOT_ESTABLISHED for span in agreement.spans_today):
        return None
    value = _fact_of_instrument(name, agreement)["value"]
    return None if value in ("", "unknown") else value


def _fact_of_instrument(name, agreement):
    if name == "parties":
        bound = [party for party in agreement.parties.all() if party.role not in NO_PARTY]
        parties = [party.organisation for party in bound]
        called = [fact_wording.called(link(party.organisation, party)) for party in bound]
        names = "; ".join(dict.fromkeys(map(str, parties)))
        return {"value": names, "label": "; ".join(dict.fromkeys(called))}
    if name == "status":
        span = agreement.spans_today[0] if agreement.spans_today else StatusSpan(status="unknown")
        certainty = {"state": span.standing, "confidence": span.confidence}
        return {"value": span.status, "label": status_words(span.status, span.since), **certainty}
    if name in ("type", "text_availability"):
        return {"value": getattr(agreement, name), "label": str(getattr(agreement, f"get_{name}_display")())}
    value = str(getattr(agreement, name) or "")
    return {"value": value, "label": value}
