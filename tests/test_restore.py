"""Back to an old state and forth again gives the start, whatever was edited: parts, citations and many-to-many included."""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import Agreement, Assistance
from sources.desk import saving_edits
from sources.models import Citation, Revision
from sources.records import dossier
from tests.cast import make_user
from tests.factory import make_agreement, make_assistance, make_organisation, make_source, make_topic

EDITS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
CLAUSES = ("art-1-scope", "art-2-entry", "art-3-term")


@pytest.fixture
def scene(db):
    """An editor, two sources, a topic with two approaches, and three bodies."""
    for slug in ("one", "two"):
        make_source(slug=slug)
    for slug in ("army", "navy", "police"):
        make_organisation(slug=slug, name=slug.title())
    make_topic("A1")
    return make_user("editor", "alice")


def cited(field):
    return st.sampled_from(["one", "two"]).map(
        lambda source: {"citations": [{"fields": [field], "source": source, "locator": "p. 1"}]}
    )


def part(key, field, **fields):
    """A part that may be there, with or without a citation."""
    plain = {"key": key, **fields}
    return st.sampled_from([None, plain]) | cited(field).map(lambda evidence: {**plain, **evidence})


def present(*parts):
    return st.tuples(*parts).map(lambda rows: [row for row in rows if row])


@st.composite
def agreements(draw):
    state = {"title": draw(st.sampled_from(["An agreement", "Another title"])), "type": "sofa"}
    state |= draw(st.sampled_from([{}, {"summary": "It covers visits."}, {"term_years": 2, "term_kind": "fixed"}]))
    state |= draw(st.just({}) | cited("title"))
    numbers = draw(st.lists(st.sampled_from(CLAUSES), unique=True))
    state["clauses"] = [
        {"key": key, "number": key[4], "heading": key[6:].title(), "summary": draw(st.sampled_from(["x", "y"]))}
        for key in numbers
    ]
    resting = draw(st.lists(st.sampled_from(numbers), unique=True)) if numbers else []
    coding = {
        "key": "a1", "topic": "a1", "stance": "present", "basis": "text", "codebook": "1-0", "clauses": sorted(resting),
        "approach": draw(st.sampled_from(["a1/full", "a1/none"])),
    }  # fmt: skip
    date = draw(st.sampled_from(["2025", "2025-12-15"]))
    state["milestones"] = draw(
        present(part("signed", "date", kind="signed", date=date), part("talks", "kind", kind="talks"))
    )
    state["codings"] = [coding] if draw(st.booleans()) else []
    state["rulings"] = draw(
        st.sampled_from(
            [[], [{"field": "title", "reason": "As printed.", "ruled_by": "Bob", "ruled_on": "2026-01-01"}]]
        )
    )
    return {name: value for name, value in state.items() if value}


assistance = st.builds(
    lambda recipients, donors, quantity: {
        "title": "A radar", "kind": "equipment", "state": "planned", **recipients, **donors, **quantity,
    },
    *(
        st.lists(st.sampled_from(["army", "navy", "police"]), unique=True).map(
            lambda bodies, name=name: {name: sorted(bodies)} if bodies else {}
        )
        for name in ("recipients", "donors")
    ),
    st.sampled_from([{}, {"quantity": 2, "citations": [{"fields": ["quantity"], "source": "one", "locator": "p. 2"}]}]),
)  # fmt: skip


def save(record, user, state):
    """As the form does: what the editor made of the record as it stands."""
    return saving_edits.store(record, user, record.dossier(), state)


def normal(model, record, state):
    """The state as the record gives it back."""
    with saving_edits.rehearsal(model.objects.get(pk=record.pk), state) as trial:
        return trial.dossier()


def walk_back_and_forth(record, user, edits):
    """Save each edit, then go to each old revision and back to where the record was."""
    model = type(record)
    for edit in edits:
        save(record, user, normal(model, record, edit))
    start = record.dossier()
    evidence = sorted(Citation.objects.filter(record_ref=record.ref).values_list("uid", flat=True))
    for revision in list(record.revisions.order_by("number")):
        then = orjson.loads(revision.dossier)
        save(record, user, then)
        assert model.objects.get(pk=record.pk).dossier() == then
        save(record, user, start)
        again = model.objects.get(pk=record.pk)
        assert dossier.canonical(again.dossier()) == dossier.canonical(start)
        assert sorted(Citation.objects.filter(record_ref=record.ref).values_list("uid", flat=True)) == evidence


@EDITS
@given(edits=st.lists(agreements(), min_size=2, max_size=3))
def test_an_agreement_with_its_clauses_codings_and_citations(scene, edits):
    record = make_agreement(cited=False, by=scene)
    walk_back_and_forth(record, scene, edits)
    assert Agreement.objects.filter(pk=record.pk).exists()


@EDITS
@given(edits=st.lists(assistance, min_size=2, max_size=4))
def test_assistance_with_its_recipients_and_donors(scene, edits):
    walk_back_and_forth(make_assistance(cited=False, by=scene), scene, edits)


def test_a_restore_is_a_new_revision_and_rewrites_none(scene):
    record = make_assistance(recipients=["army"], cited=False, by=scene)
    before = record.dossier()
    save(record, scene, {**before, "recipients": ["navy", "police"]})
    kept = list(Revision.objects.order_by("pk").values())
    save(record, scene, before)
    assert list(Revision.objects.order_by("pk").values())[: len(kept)] == kept
    assert [revision.number for revision in record.revisions.all()] == [3, 2, 1]
    assert sorted(body.slug for body in Assistance.objects.get(pk=record.pk).recipients.all()) == ["army"]


def test_a_save_that_changes_nothing_is_no_revision(scene):
    record = make_agreement(by=scene, milestones=[{"kind": "signed", "date": "2025"}])
    assert save(record, scene, record.dossier()).unchanged
    assert record.revisions.count() == 1


def test_one_revision_a_save_however_many_rows_it_touched(scene):
    record = make_agreement(by=scene, cited=False)
    state = record.dossier() | {
        "clauses": [{"key": key, "number": key[4], "heading": key[6:].title()} for key in CLAUSES],
        "milestones": [{"key": "signed", "kind": "signed", "date": "2025-12-15"}],
    }
    save(record, scene, state)
    assert record.revisions.count() == 2
