"""No editing screen shows a path, a reference or a stored code: a crawl over records in every state."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from agreements.models import Agreement, Milestone
from kb.staff import worklists
from people.models import Organisation
from sources.records import dossier
from sources.records.dossier import documented_models
from tests.cast import sign_in
from tests.desk import in_bulk, propose, verb
from tests.factory import (
    make_agreement,
    make_finding,
    make_organisation,
    make_person,
    make_position,
    make_source,
    make_state,
    make_topic,
)
from tests.forms import RULINGS, address, open_form

pytestmark = pytest.mark.django_db

KINDS = "|".join(sorted(documented_models()))
LISTS = "|".join(sorted({name for model in documented_models().values() for name in model.PARTS}))
RAW = {
    "a path of an entry": re.compile(rf"\b(?:{LISTS})/[a-z0-9-]+"),
    "a reference": re.compile(rf"\b(?:{KINDS})/[a-z0-9-]+"),
    "the name of a field": re.compile(r"\b[a-z]+(?:_[a-z]+)+\b"),
    "a separator of the notation": re.compile(r" @ (?:cite|ruling)|\w\|\w"),
    "a stored code": re.compile(r"\bsofa\b|\bcodings?: [a-z]\d|\bfinding [a-z]+-\d"),
}
# The slug is asked for as it is, and the codebook gives approaches their codes.
AS_TYPED = ("field-slug",)
CODES_BY_NATURE = ("exclusive_sending_state",)


class _Text(HTMLParser):
    """The words of a page that somebody sees, without those of fields that hold a code by their nature."""

    VOID = ("input", "br", "img", "link", "meta", "hr", "path", "use", "col")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            attrs = dict(attrs)
            hidden = tag in ("script", "style") or any(name in (attrs.get("class") or "") for name in AS_TYPED)
            self.open.append((tag, hidden))

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data):
        if data.strip() and not any(hidden for _tag, hidden in self.open):
            self.words.append(" ".join(data.split()))


def words_of(answer):
    reader = _Text()
    reader.feed(answer.content.decode())
    return reader.words


def raw_in(words):
    lines = [line for line in words if not any(code in line for code in CODES_BY_NATURE)]
    return [f"{what}: {line[:120]}" for line in lines for what, pattern in RAW.items() if pattern.search(line)]


def test_the_crawl_knows_raw_words_when_it_sees_them():
    for raw in (
        "milestones/initialled · date",
        "agreements/the-sofa",
        "text_availability",
        "sofa",
        "|title|x",
        "d @ ruling",
    ):
        assert raw_in([raw]), raw
    assert not raw_in(["Milestone: initialled 2025-11 · date", "status-of-forces agreement", "Concordance | Editing"])


@pytest.fixture
def desk(alice, bob):
    """``(editor, reviewer)`` with records in every state, citations of every kind, proposals, a conflict and a ruling."""
    editor, reviewer = sign_in(alice), sign_in(bob)
    make_state()
    chamber = make_organisation(name="The Senate", slug="senate-1", kind="legislature")
    person = make_person(slug="ana-pena-1")
    topic = make_topic("B1", slug="b1")
    hidden = make_source(title="A draft source", status="draft")
    parts = {
        "parties": [{"organisation": "pry"}],
        "milestones": [
            {"kind": "initialled", "date": "2025-11"},
            {"kind": "in_force", "date": "2026-01-01", "body": chamber.slug, "evidence": "claimed"},
        ],
        "signatures": [{"person": person.slug, "capacity": "Minister"}],
        "clauses": [{"number": "1", "heading": "Scope", "summary": "What it covers.", "basis": "official_summary"}],
        "codings": [
            {
                "topic": topic.slug, "codebook": "1-0", "stance": "present", "person_class": "contractor_employee",
                "basis": "official_summary", "approach": "b1/full", "clauses": ["art-1-scope"],
            }
        ],
        "titles": [{"language": "en", "text": "As printed", "kind": "printed"}],
    }  # fmt: skip
    uncited = make_agreement(title="An uncited one", by=alice, cited=False, text_availability="official", **parts)
    state = uncited.dossier()
    state["citations"] = [{"fields": ["title", "text_availability"], "source": hidden.slug, "locator": "p. 1"}]
    state["milestones"][0]["citations"] = [
        {
            "fields": ["date"], "source": make_source(title="Another view").slug, "locator": "p. 2",
            "stance": "disputes", "value": "2024", "locator_type": "paragraph", "credibility": 2,
        }
    ]  # fmt: skip
    state["milestones"][0]["rulings"] = [
        {"field": "date", "reason": "Nobody knows.", "ruled_by": "The editors", "ruled_on": "2026-01-01"}
    ]
    dossier.write(uncited, state)
    uncited.note_revision(by=alice, comment="")
    waiting = make_agreement(title="A waiting one", by=alice, status="in_review", **parts)
    returned = make_agreement(title="A returned one", by=alice, status="in_review", **parts)
    returned.send_back(bob, "Please look again.")
    published = make_agreement(
        title="A published one", by=alice, status="published", text_availability="extracts", **parts
    )
    make_agreement(title="A withdrawn one", by=alice, status="withdrawn", **parts)
    make_finding(question="Whether it was published.", about=f"agreements/{published.slug}")
    make_position(by=alice, about=f"agreements/{published.slug}", person=person.slug)
    propose_much(editor, alice, published)
    return editor, reviewer, uncited, waiting, published


def propose_much(editor, alice, record):
    """A proposal that changes a choice, a relation, an entry, a citation and a ruling; handed in and returned amended."""
    proposal = propose(editor, record, type="memorandum", text_availability="official")
    form = open_form(editor, record)
    form.add("milestones", kind="signed", date="2025-12-15")
    form[form.row("milestones", kind="initialled") + "-DELETE"] = "on"
    form[form.row("codings", stance="present") + "-stance"] = "expressly_excluded"
    form["remove-citation"] = record.citations.get(part="", field="title").uid
    form.cite(
        ["|title"], make_source(title="A new source"), stance="disputes", credibility="2", locator_type="paragraph"
    )
    form.add(RULINGS, fact="|title", reason="So be it.", ruled_by="The editors", ruled_on="2026-01-01")
    form.post()
    proposal.refresh_from_db()
    proposal.submit(alice)
    return proposal


def screens(records):
    """``{name: address}`` of the lists of everything, and of the screens of these records."""
    models = [model for model in admin.site._registry if model._meta.app_label in ("agreements", "people", "sources")]
    for model in models:
        opts = model._meta
        yield reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        if getattr(admin.site._registry[model], "search_fields", ()) and model._meta.model_name not in (
            "post",
            "approach",
        ):
            yield from (address(row) for row in model.objects.all()[:4])
    for worklist in worklists.LISTS:
        yield reverse("admin:worklist", args=[worklist.name])
    for record in records:
        yield from (address(record, word) for word in ("change", "trail", "coding", "press"))
    yield reverse("admin:index")


def test_no_screen_shows_a_path_or_a_code(desk):
    editor, reviewer, *records = desk
    leaks = {}
    for client in (editor, reviewer):
        for place in screens(records):
            answer = client.get(place, follow=True)
            if answer.status_code == 200 and (raw := raw_in(words_of(answer))):
                leaks[place] = raw[:6]
    assert not leaks, "\n".join(f"{place} {raw}" for place, raw in leaks.items())


def test_the_screens_say_it_in_words(desk):
    editor, _reviewer, uncited, _waiting, published = desk
    form = " ".join(words_of(editor.get(address(uncited))))
    assert "Milestone: initialled 2025-11 · date" in form
    assert "its source is not published yet: A draft source" in form
    trail = " ".join(words_of(editor.get(address(uncited, "trail"))))
    assert "Milestone: entered into force 2026-01-01" in trail
    assert "claimed" in trail
    proposal = " ".join(
        words_of(editor.get(reverse("admin:sources_proposal_change", args=[published.proposals.get().pk])))
    )
    for words in (
        "Type status-of-forces agreement memorandum of understanding", "Text availability extracts official text",
        "Coding: B1 · employees of contractors · whether it is dealt with dealt with expressly excluded", "Milestone: signed 2025-12-15",
        "credibility: 2 – probably true", "Title · ruling",
    ):  # fmt: skip
        assert words in proposal, words


def test_answers_to_steps_show_no_code(desk):
    editor, reviewer, uncited, waiting, published = desk
    answers = [
        verb(editor, uncited, "submit"),
        verb(reviewer, uncited, "publish"),
        in_bulk(reviewer, "publish_selected", uncited, waiting),
        conflict(editor, reviewer, published),
    ]
    form = open_form(editor, waiting)
    form.cite(["milestones/initialled|date"], make_source(kind="law"), against_text="matches")
    form.add("milestones", kind="signed", votes_for="3")
    form["title"] = ""
    answers.append(form.post())
    form.pop("_base")
    answers.append(form.post())
    assert answers[-1].status_code == 409
    lost = " ".join(words_of(answers[-1]))
    for words in (
        "Type status-of-forces agreement", "Milestone 3 · kind signed", "Milestone: initialled 2025-11 · date",
        "Citation 1 · source A report", "Coding 1 · clauses Art. 1: Scope",
    ):  # fmt: skip
        assert words in lost, words
    assert [raw_in(words_of(answer)) for answer in answers] == [[]] * len(answers)


def conflict(editor, reviewer, record):
    """What the second of two editors sees, who changed the same choice and the same entry otherwise."""
    draft = Agreement.objects.get(title="A returned one")
    first, second = open_form(editor, draft), open_form(reviewer, draft)
    for form, kind, date in ((first, "memorandum", "2025-10"), (second, "alliance", "2025-09")):
        form["type"] = kind
        form[form.row("milestones", kind="initialled") + "-date"] = date
    first.post()
    answer = second.post()
    words = " ".join(words_of(answer))
    assert "memorandum of understanding" in words
    assert "Milestone: initialled" in words
    return answer


# Grades, and errors at their fields


def test_grades_show_the_letters_and_numbers_that_their_help_speaks_of(editor, draft):
    page = editor.get(address(make_source(status="draft"))).content.decode()
    assert ">B – usually reliable</option>" in page
    assert ">2 – probably true</option>" in editor.get(address(draft)).content.decode()
    lists = [
        editor.get(reverse(f"admin:sources_{name}_changelist")).content.decode() for name in ("source", "citation")
    ]
    assert "F – reliability cannot be judged" in lists[0]
    assert "6 – truth cannot be judged" in lists[1]


@pytest.mark.parametrize(
    ("model", "values", "field", "words"),
    [
        (Organisation, {"kind": "ministry", "iso_alpha3": "ABC"}, "kind", "Only a state or territory"),
        (documented_models()["sources"], {"reliability": "B"}, "reliability_reason", "Say why the source has"),
    ],
)
def test_a_broken_rule_is_told_at_the_field_to_mend(editor, model, values, field, words):
    record = make_organisation() if model is Organisation else make_source(status="draft")
    form = open_form(editor, record)
    for name, value in values.items():
        form[name] = value
    answer = form.post()
    assert words in str(answer.context["adminform"].form.errors[field])
    assert not answer.context["adminform"].form.non_field_errors()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"kind": "signed", "votes_for": "3"}, "kind", "Only a vote of a chamber"),
    ],
)
def test_a_broken_rule_of_an_entry_is_told_at_its_field(editor, draft, values, field, words):
    form = open_form(editor, draft)
    form.add("milestones", **values)
    answer = form.post()
    errors = next(
        formset.formset.errors
        for formset in answer.context["inline_admin_formsets"]
        if formset.opts.model is Milestone
    )  # fmt: skip
    assert [words in str(row.get(field)) for row in errors if row] == [True]
    assert not any("__all__" in row for row in errors)


def test_a_broken_rule_of_a_citation_is_told_at_its_field(editor, draft):
    form = open_form(editor, draft)
    form.cite(["|title"], make_source(), locator="")
    answer = form.post()
    page = answer.content.decode()
    row = page[page.index("field-locator") :]
    assert "Say where in the document" in row[: row.index("field-locator_type")]
