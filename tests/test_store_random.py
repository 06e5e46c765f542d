"""However editors act, nothing stale is served: random acts on a small collection, and after each of them every form that the
store holds for true says what the tables say, every answer that it keeps is what would be worked out, and every published record is
served as it would be composed anew."""

import copy
import datetime
import io
import random
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client

from agreements.codebook.similarity import relatives
from agreements.models import Agreement, ExerciseSeries, Topic
from agreements.pictures.dated import latest_around, years_around
from agreements.profiles.countries import counts_by_state
from agreements.rows_naming import profile_of
from agreements.views import of_topic_by
from kb.site.coverage import of_methods
from kb.site.views import home
from people.models import Organisation
from sources.lib import clock
from sources.models import NegativeFinding, PublicForm, PublicReference, Publisher, Source
from sources.reading.store import checking, reading
from sources.records import dossier
from sources.records.base import record_models, reviewed_models
from sources.records.status import NotReady, VerbRefused
from tests import factory

pytestmark = pytest.mark.django_db

SEEDS, STEPS = 5, 30
REFUSALS = (VerbRefused, NotReady, dossier.DossierError, ProtectedError)


def collection():
    """A few records of every kind that name one another, half of them drafts."""
    agency, daily = factory.make_publisher(slug="agency"), factory.make_publisher(slug="daily-record")
    factory.make_source(slug="wire", publisher=agency.slug)
    reprint = factory.make_source(slug="reprint", derived_from="wire")
    factory.make_source(slug="second-reprint", derived_from=reprint.slug, publisher=daily.slug)
    factory.make_source(slug="doubtful", status="draft")
    usa, paraguay = factory.make_state("USA", "United States"), factory.make_state()
    ministry = factory.make_organisation(
        slug="ministry", country=paraguay.slug, parent=paraguay.slug, posts=[{"label": "Minister"}]
    )
    ana = factory.make_person(
        slug="ana", nationality="pry", memberships=[{"organisation": ministry.slug, "post": "ministry/minister"}]
    )
    factory.make_person(slug="ben", name="Ben Smith", status="published")
    factory.make_topic("D2")
    treaty = factory.make_agreement(
        slug="treaty", status="published", **life(usa, paraguay), signatures=[{"person": "ben"}]
    )
    factory.make_agreement(
        slug="memorandum", **life(usa, paraguay), relations=[{"kind": "implements", "target": treaty.slug}],
        signatures=[{"person": ana.slug}], codings=[coding()],
    )  # fmt: skip
    factory.make(ExerciseSeries, {"name": "A series"}, {"slug": "series", "status": "published"})
    factory.make_exercise(
        slug="exercise", status="published", series="series", country="pry", legal_basis="treaty",
        participations=[{"organisation": "ministry"}], visits=[{"title": "A day", "visitors": ["ana", "ben"]}],
    )  # fmt: skip
    factory.make_assistance(
        slug="radar", provider="usa", donors=["ministry"], recipients=["pry"], legal_basis="memorandum"
    )
    factory.make_event(
        slug="call",
        status="published",
        country="usa",
        agreement="treaty",
        participants=[{"person": "ana", "role": "caller"}],
    )
    factory.make_position(slug="position", status="published", person="ana", about="agreements/treaty")
    factory.make_finding(slug="search", about="agreements/memorandum")
    cite(treaty, "summary", "second-reprint")


def life(*parties):
    return {
        "summary": "It is short.",
        "parties": [{"organisation": party.slug} for party in parties],
        "milestones": [
            {"kind": "signed", "date": "2025-12-15"},
            {"kind": "ratified", "date": "2026-01-20", "party": parties[1].slug},
            {"kind": "in_force", "date": "2026-03-01"},
        ],
    }


def coding():
    return {"topic": "d2", "stance": "present", "basis": "text", "codebook": "1-0"}


class Editors:
    """Does random acts; one that is refused changes nothing."""

    def __init__(self, seed, alice, bob):
        self.dice, self.alice, self.bob = random.Random(seed), alice, bob  # noqa: S311
        self.done = []

    def act(self):
        act = self.dice.choice(ACTS)
        with suppress(*REFUSALS), transaction.atomic():
            act(self)
            self.done.append(act.__name__)

    def any(self, *models, **condition):
        """A row of one of the models, or of any kind that is reviewed."""
        rows = [
            row for model in models or reviewed_models() for row in model.objects.filter(**condition).order_by("slug")
        ]
        if not rows:
            raise VerbRefused("There is none.")
        return self.dice.choice(rows)

    def word(self):
        return self.dice.choice(("Alpha", "Beta", "Gamma", "Delta", "Epsilon"))

    def edit(self, row, change):
        """Change the dossier; of what readers see by a proposal that somebody else approves."""
        before = row.dossier()
        after = copy.deepcopy(before)
        change(after)
        if not row.is_shown:
            dossier.write(row, after)
            return
        proposal = row.propose(self.alice, before, after)
        if proposal:
            proposal.submit(self.alice)
            proposal.approve(self.bob)


def publish(editors):
    editors.any(status="draft").publish(editors.bob)


def publish_again(editors):
    editors.any(status="withdrawn").publish(editors.bob)


def withdraw(editors):
    editors.any(status="published").withdraw(editors.bob, "It was wrong.")


def rename(editors):
    row = editors.any(Publisher, Topic, *record_models())
    name = next(name for name in ("name", "title", "statement") if name in row.DOSSIER_FIELDS)
    editors.edit(row, lambda state: state.update({name: f"{editors.word()} {editors.word()}"}))


def change_a_source(editors):
    source = editors.any(Source)
    values = {
        "wire_credit": editors.word(),
        "reliability": editors.dice.choice("ABCDE"),
        "reliability_reason": "Its record.",
        "standing": editors.dice.choice(("stands", "corrected", "retracted")),
        "date": f"2025-12-{editors.dice.randint(10, 28)}",
    }
    name = editors.dice.choice(sorted(values))
    editors.edit(source, lambda state: state.update({name: values[name], "reliability_reason": "Its record."}))


def derive(editors):
    source, origin = editors.any(Source), editors.any(Source)
    editors.edit(source, lambda state: state.update({"derived_from": origin.slug}))


def cite(record, field, source, part=""):
    state = record.dossier()
    row = state
    if part:
        name, _slash, key = part.partition("/")
        row = next(row for row in state[name] if row["key"] == key)
    row.setdefault("citations", []).append({"fields": [field], "source": source, "locator": "p. 9", "value": "Delta"})
    dossier.write(record, state)
    if record.is_published:
        record.freeze_version()


def cite_more(editors):
    record, source = editors.any(*record_models()), editors.any(Source)

    def change(state):
        rows = [(model, row) for model, row in _rows(type(record), state) if _citable(model, row)]
        model, row = editors.dice.choice(rows)
        entry = {
            "fields": [editors.dice.choice(_citable(model, row))], "source": source.slug, "locator": f"p. {editors.dice.randint(2, 4)}",
            "stance": editors.dice.choice(("supports", "disputes", "mentions")), "value": editors.word(),
        }  # fmt: skip
        row.setdefault("citations", []).append(entry)

    editors.edit(record, change)


def _rows(model, state):
    yield model, state
    for name in model.PARTS:
        for row in state.get(name, ()):
            yield model._meta.get_field(name).related_model, row


def _citable(model, row):
    return [name for name in model.CITABLE_FIELDS if row.get(name)]


def cite_less(editors):
    record = editors.any(*record_models())

    def change(state):
        rows = [row for _model, row in _rows(type(record), state) if row.get("citations")]
        editors.dice.choice(rows or [{"citations": [0]}])["citations"].pop()

    editors.edit(record, change)


def rule(editors):
    record = editors.any(*record_models())

    def change(state):
        model, row = editors.dice.choice(
            [(model, row) for model, row in _rows(type(record), state) if _citable(model, row)]
        )
        name = editors.dice.choice(_citable(model, row))
        others = [ruling for ruling in row.get("rulings", ()) if ruling["field"] != name]
        ruling = {"field": name, "reason": editors.word(), "ruled_by": "Editors", "ruled_on": "2026-02-01"}
        row["rulings"] = [*others, ruling | {"state": "settled", "adopted_value": editors.word()}]

    editors.edit(record, change)


def drop_an_entry(editors):
    record = editors.any(*record_models())
    lists = [name for name in record.PARTS if getattr(record, name).exists()]
    if lists:
        name = editors.dice.choice(lists)
        editors.edit(record, lambda state: state[name].pop())


def name_another(editors):
    """Let a record name another one of its kind, or none: a foreign key of its own or of one of its entries."""
    record = editors.any(*record_models())

    def change(state):
        places = [
            (row, field)
            for model, row in _rows(type(record), state)
            for name in model.DOSSIER_FIELDS
            if name != "about"
            and (field := model._meta.get_field(name)).many_to_one
            and getattr(field.related_model, "KIND", "")
        ]
        row, field = editors.dice.choice(places or [({}, Source._meta.get_field("derived_from"))])
        row[field.name] = editors.any(field.related_model).slug

    editors.edit(record, change)


def search_elsewhere(editors):
    finding, record = editors.any(NegativeFinding), editors.any(*record_models())
    editors.edit(finding, lambda state: state.update({"about": record.ref, "is_gap": editors.dice.random() < 0.3}))


def merge(editors):
    record = editors.any(*record_models())
    into = editors.any(type(record), status="published")
    record.merge(into, editors.bob)


def remove(editors):
    editors.any().remove(editors.bob, "A court said so.", "Letter of May", closes_elsewhere=True)


def regrade(editors):
    call_command("regrade", stdout=io.StringIO())


def a_day_passes(editors):
    clock.day += datetime.timedelta(days=editors.dice.randint(1, 20))


def read(editors):
    """A reader opens a few records, so that some forms are made anew and others wait."""
    for _number in range(3):
        row = editors.any(*record_models())
        reading.form_of(type(row), row.slug)


def read_of_all(editors):
    """A reader opens pages that are worked out from many records."""
    home(), of_methods(), counts_by_state(), of_topic_by("d2", "")
    profile_of(editors.any(Organisation, status="published").slug)
    latest_around(editors.any(Organisation, status="published").slug)
    years_around(editors.any(Organisation, status="published"))
    relatives(editors.any(Agreement, status="published").slug)
    for picture in (
        "map.csv?type=sofa",
        "map.csv?colour=approach&topic=d2",
        "timeline.csv?region=latin-america-caribbean",
    ):
        Client().get(f"/{picture}")


def refresh(editors):
    reading.refresh_stale()


ACTS = (
    publish, publish, publish, publish_again, publish_again, withdraw, rename, rename, rename, change_a_source, derive,
    cite_more, cite_more, cite_less, rule, drop_an_entry, name_another, name_another, search_elsewhere, merge, remove, regrade,
    a_day_passes, read, read, read_of_all, read_of_all, refresh,
)  # fmt: skip


@pytest.fixture
def calendar(monkeypatch):
    monkeypatch.setattr(clock, "day", datetime.date(2026, 1, 10), raising=False)
    monkeypatch.setattr(clock, "today", lambda: clock.day)


def test_nothing_stale_is_served_whatever_editors_do(alice, bob, calendar, case):
    for seed in range(SEEDS):
        with case(f"seed {seed}"):
            collection()
            follow(Editors(seed, alice, bob))


def follow(editors):
    for _step in range(STEPS):
        editors.act()
        _number, wrong = checking.check()
        assert not wrong, (wrong, editors.done)
    for model in record_models():
        assert_served_as_composed(model)
    assert not PublicForm.objects.stale().exists()
    before = contents()
    call_command("rebuild_public", stdout=io.StringIO())
    assert contents() == before


def assert_served_as_composed(model):
    for record in model.objects.order_by("slug"):
        form = reading.form_of(model, record.slug)
        if record.is_published:
            assert form.form.encode() == dossier.canonical(record.representation()), record.ref
        else:
            assert form is None


def contents():
    names = [field.name for field in PublicForm._meta.concrete_fields if field.name not in ("id", "made", "marked")]
    references = PublicReference.objects.values_list("form__kind", "form__slug", "target_type", "target_id")
    return sorted(map(str, PublicForm.objects.values_list(*names))), sorted(references)
