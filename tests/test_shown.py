"""Only publication changes public pages: saving a record that is shown, or that a shown record names, makes a proposal."""

import pytest
from django.test import Client
from django.urls import reverse

from sources.models import NegativeFinding, Proposal, Publisher, Source
from sources.records import dossier
from sources.records.base import Reviewed
from tests import drafts, factory
from tests.addresses import addresses, dump
from tests.cast import make_user, sign_in
from tests.content import undone
from tests.desk import decide, fresh
from tests.forms import open_form, said

pytestmark = pytest.mark.django_db
KINDS = sorted(dossier.documented_models())
# Fields of any kind that hold words of their own.
WORDS = ("title", "name", "label", "summary", "statement", "question", "note", "definition", "purpose", "looked_in")


@pytest.fixture(scope="module")
def hidden(django_db_setup, django_db_blocker):
    """Two published records of each kind, bound to each other; and a draft of each that drafts and published records name."""
    with undone(django_db_blocker):
        drafts.small_world()
        with pytest.MonkeyPatch.context() as patch:
            rows = named_drafts(patch)
        yield rows


def named_drafts(patch):
    """``{model: draft}``: whatever can name a draft of that kind does so."""
    hidden = {}
    published_row = drafts.relation_of

    def hidden_row(field):
        row = hidden.get(field.related_model)
        return ([row.slug] if field.many_to_many else row.slug) if row else published_row(field)

    for model in drafts.record_models():
        about = {"about": "agreements/public-agreements-1"} if model.KIND == "positions" else {}
        hidden[model] = drafts.draft(model, 1, token="hidden", **about)
    patch.setattr(drafts, "relation_of", hidden_row)
    for model in drafts.record_models():
        about = {"about": hidden[model].ref} if model.KIND == "positions" else {}
        drafts.draft(model, 1, token="naming", **about)
        row = drafts.draft(model, 2, token="shown", status="published", **about)
        factory.make_finding(slug=f"beside-{model.KIND}", about=row.ref)
    return hidden


def asked():
    """What shows the rows of the world; in which order and on which page does not matter here."""
    findings = [f"/api/v1/findings/{row.slug}/" for row in NegativeFinding.objects.all()]
    return [address for address in dict.fromkeys([*addresses(), *findings]) if "ordering=" not in address]


@pytest.fixture
def visitor():
    return Client()


def who_edits(model, name="erin"):
    """An editor, or an administrator for what editors may not touch."""
    roles = {"codebooks": "administrator", "topics": "administrator"}
    return sign_in(make_user(roles.get(model.KIND, "editor"), name))


def shown_row(model):
    return next(row for row in model.objects.order_by("pk") if row.is_shown)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def rewrite(client, record, **more):
    """Change every word of the row that the form offers."""
    form = open_form(client, record)
    for name in WORDS:
        if name in form:
            form[name] = f"{drafts.TOKEN} {name}"
    for name, value in more.items():
        form[name] = value
    return form.post()


def test_a_save_changes_no_public_byte(hidden, visitor, alice, subtests):
    """One edit of what readers see of each kind, which becomes a proposal; and of a draft of each kind that published records name,
    which is edited at once. Then all that readers can ask for, once more."""
    world = dump(visitor, asked())
    erin, before = sign_in(alice), {}
    for kind in KINDS:
        with subtests.test(kind):
            record = shown_row(dossier.documented_models()[kind])
            before[record] = columns(record)
            answer = rewrite(who_edits(type(record), f"erin-{kind}"), record)
            assert "Kept as your proposal" in said(answer)
            assert drafts.TOKEN in record.proposals.get().dossier
    for record in hidden.values():
        with subtests.test(f"hidden: {record.KIND}"):
            edit_at_once(erin, record)

    after = dump(visitor, world)
    assert [place for place in world if world[place] != after[place]] == []
    for record, row in before.items():
        with subtests.test(f"{type(record).KIND}: neither a derived column nor the text for search"):
            assert columns(fresh(record)) == row


def edit_at_once(client, record):
    """Every word of a draft, then those of its parts."""
    assert "Saved." in said(rewrite(client, record))
    form = open_form(client, record)
    for name in [name for name in form if name.endswith(("-label", "-name", "-heading")) and "__prefix__" not in name]:
        form[name] = f"{drafts.TOKEN} part"
    assert {"Saved.", "Nothing was changed."} & {said(form.post())}


def test_approved_changes_keep_their_author(hidden, case):
    for kind in KINDS:
        with case(kind):
            record = shown_row(dossier.documented_models()[kind])
            erin, bob = who_edits(type(record)), sign_in(make_user("administrator", "bob"))
            form = open_form(erin, record)
            name = next(name for name in ("note", *WORDS) if name in form)
            form[name] = "Another word"
            if name in record.CITABLE_FIELDS:
                form.cite([f"|{name}"], factory.make_source(slug="the-other-source"))
            form.post()
            proposal = Proposal.objects.get()
            decide(erin, proposal, "submit")

            decide(erin, proposal, "approve")
            assert getattr(fresh(record), name) != "Another word"
            assert bob.get(reverse("admin:sources_proposal_change", args=[proposal.pk])).status_code == 200
            assert "approved" in said(decide(bob, proposal, "approve"))

            assert getattr(fresh(record), name) == "Another word"
            assert record.revisions.first().by_name == "erin"
            assert record.reviews.first().by_name == "bob"


def test_every_kind_is_asked_whether_readers_see_it():
    assert {kind for kind, model in dossier.documented_models().items() if not issubclass(model, Reviewed)} == {
        "publishers", "topics", "codebooks",
    }  # fmt: skip
    assert Publisher.is_shown is not Source.is_shown
