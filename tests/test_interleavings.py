"""Nobody's work is lost silently, however two editors, reviewers, bulk actions and fixtures come between one another.

Two hundred random interleavings on one small record. Forms are drawn early and saved late. The tests watch each write from
outside, with a comparison of their own, and hold every change to one rule: whoever replaces a value had it on the screen, or
chose a side when told of it; and every save that was reported has happened.
"""

import copy
import random
import threading
from contextlib import suppress
from dataclasses import dataclass

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from people.models import Organisation
from sources.desk import saving_edits
from sources.models import Proposal, Source
from sources.records import dossier_diff, fixtures
from sources.records.status import VerbRefused
from tests.cast import make_user, sign_in
from tests.content import rolled_back
from tests.factory import make_organisation, make_source
from tests.forms import address, forms_of, open_form

SEEDS = 200
CHUNKS = 4
# So many more go through the forms themselves, which take longer.
FORMS = 8
STEPS = 9
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
KEYS = ("chief", "deputy", "clerk")
STATUSES = ("draft", "published")


def laid_flat(state, parts=("other_names", "posts"), prefix=""):
    """``{place: value}`` of a dossier, written apart from the code under test; orders of lists are left out."""
    flat = {}
    for name, value in state.items():
        if name in parts and not prefix:
            for row in value:
                place = f"{name}/{row['key']}"
                flat[place] = "is there"
                flat |= laid_flat(row, parts, f"{place}.")
        elif name == "citations":
            for citation in value:
                rest = tuple(sorted((key, str(item)) for key, item in citation.items() if key != "fields"))
                flat |= {
                    f"{prefix}{field} @ {citation['source']} {citation['locator']}": rest
                    for field in citation["fields"]
                }
        elif name == "rulings":
            flat |= {f"{prefix}{ruling['field']} @ ruling": tuple(sorted(ruling.items())) for ruling in value}
        elif name != "key":
            flat[f"{prefix}{name}"] = value
    return flat


def changed(before, after):
    return {place for place in {*before, *after} if before.get(place) != after.get(place)}


class Watch:
    """Stands around ``saving_edits.store``, ``saving_edits.amend`` and ``Proposal.approve`` and judges what each call did."""

    def __init__(self, monkeypatch):
        self.saves = self.conflicts = self.approvals = self.amendments = 0
        self.original = {"store": saving_edits.store, "amend": saving_edits.amend, "approve": Proposal.approve}
        monkeypatch.setattr(saving_edits, "store", self.store)
        monkeypatch.setattr(saving_edits, "amend", self.amend)
        monkeypatch.setattr(
            Proposal, "approve", lambda proposal, *args, **options: self.approve(proposal, *args, **options)
        )

    def store(self, record, user, base, mine, comment=""):
        """A save replaces only what its form showed, and does all that its form said."""
        stood = fresh(record)
        present = stood.is_published and stood.dossier()
        before = laid_flat(saving_edits.edited_state(stood, user))
        try:
            saved = self.original["store"](record, user, base, mine, comment)
        except saving_edits.Stale:
            self.conflicts += 1
            assert laid_flat(saving_edits.edited_state(fresh(record), user)) == before
            raise
        after = laid_flat(saving_edits.edited_state(fresh(record), user))
        shown, typed = laid_flat(base), laid_flat(mine)
        for place in changed(before, after):
            assert before.get(place) == shown.get(place), f"{place} was replaced unseen"
            assert after.get(place) == typed.get(place), f"{place} was not typed"
        for place in changed(shown, typed):
            assert after.get(place) == typed.get(place), f"{place} was reported as saved"
        if present:
            assert fresh(record).dossier() == present, "readers see what nobody approved"
        self.saves += 1
        return saved

    def amend(self, proposal, user, base, mine, comment=""):
        """An amendment makes of the proposal just what was typed over what was shown, or nothing at all."""
        present, before = fresh(proposal.record).dossier(), laid_flat(fresh(proposal).proposed_dossier)
        try:
            result = self.original["amend"](proposal, user, base, mine, comment)
        except VerbRefused:
            assert laid_flat(fresh(proposal).proposed_dossier) == before
            raise
        assert before == laid_flat(base), "something was replaced unseen"
        assert laid_flat(fresh(proposal).proposed_dossier) == laid_flat(mine)
        assert fresh(proposal.record).dossier() == present, "readers see what nobody approved"
        self.amendments += 1
        return result

    def approve(self, proposal, by, comment="", choices=None, **options):
        """An approval replaces only what the proposal was made on, or what the reviewer chose to replace."""
        before = laid_flat(fresh(proposal.record).dossier())
        shown, typed = laid_flat(proposal.base_dossier), laid_flat(proposal.proposed_dossier)
        result = self.original["approve"](proposal, by, comment, choices, **options)
        after = laid_flat(fresh(proposal.record).dossier())
        for place in changed(before, after):
            assert after.get(place) == typed.get(place), f"{place} was not proposed"
            assert before.get(place) == shown.get(place) or chosen(place, choices), f"{place} was replaced unseen"
        for place in changed(shown, typed):
            assert after.get(place) == typed.get(place) or chosen(place, choices), f"{place} was reported as approved"
        self.approvals += 1
        return result


def chosen(place, choices):
    """Whether somebody chose a side for this place, or for the part that it is in."""
    return any(place == word or place.startswith(f"{word}.") for word in map(as_place, choices or ()))


def as_place(path):
    where, _at, proof = path.partition(" @ ")
    if not proof.startswith("cite"):
        return path
    _cite, source, locator, _stance = proof.split("\x1f")
    return f"{where} @ {source} {locator}"


def fresh(record):
    return type(record).objects.get(pk=record.pk)


@dataclass
class Form:
    """A form that somebody has open: what it showed, and what was typed into it."""

    user: object
    base: dict
    mine: dict


class House:
    """One record that was loaded, and the people and programs around it; each method is one step."""

    def __init__(self, chance, people, folder):
        self.chance, self.folder = chance, folder
        self.alice, self.dora, self.bob = people
        self.record = Organisation.objects.get(slug="ministry")
        self.early = fresh(self.record)
        self.forms, self.screens, self.amendments = [], [], []
        self.loaded = self.record.dossier()

    # Editors

    def open(self):
        user = self.chance.choice([self.alice, self.dora])
        base = saving_edits.edited_state(fresh(self.record), user)
        self.forms.append(Form(user, base, typed_over(base, self.chance)))

    def save(self):
        if not self.forms:
            return self.open()
        form = self.forms.pop(self.chance.randrange(len(self.forms)))
        try:
            saving_edits.store(self.record, form.user, form.base, form.mine)
        except saving_edits.Stale as stale:
            self.screens.append((form.user, stale))
        except saving_edits.dossier.DossierError:
            pass  # reported, nothing written

    def settle(self):
        """Choose sides on a conflict screen that may have been open for a while."""
        if not self.screens:
            return self.save()
        user, stale = self.screens.pop(0)
        choices = {conflict.path: self.answer(conflict) for conflict in stale.conflicts}
        try:
            saving_edits.settle(self.record, user, stale.base, stale.theirs, stale.mine, choices)
        except saving_edits.Stale as again:
            self.screens.append((user, again))
        except saving_edits.dossier.DossierError:
            pass

    def answer(self, conflict, sides=("mine", "theirs")):
        """A side; for two rows that were added also both; for a name also another one."""
        if conflict.is_twice_added:
            sides = (*sides, dossier_diff.BOTH)
        if conflict.path == "name" and len(sides) == 2:
            sides = (*sides, dossier_diff.Typed(self.chance.choice(WORDS)))
        return self.chance.choice(sides)

    # Reviewers

    def verb(self):
        """One step of the record, by somebody whose screen is old: what it holds must not come back with it."""
        before = self.record.dossier()
        word = self.chance.choice(["submit", "publish", "publish", "return", "withdraw"])
        with suppress(ValidationError):
            self.early.carry_out(word, self.bob, "A reason")
        assert fresh(self.record).dossier() == before

    def look(self):
        self.early = fresh(self.record)

    def hand_in(self):
        for proposal in Proposal.objects.filter(state__in=["open", "returned"]):
            proposal.submit(proposal.by)

    def waiting(self):
        self.hand_in()
        return list(Proposal.objects.filter(state="submitted").order_by("pk"))

    def amend(self):
        """Open a proposal that awaits review, on two screens, or save both that were opened a while ago."""
        if not self.amendments:
            for proposal in self.waiting():
                base = proposal.proposed_dossier
                self.amendments += [(proposal, base, typed_over(base, self.chance)) for _screen in range(2)]
            return
        while self.amendments:
            proposal, base, mine = self.amendments.pop()
            with suppress(VerbRefused, saving_edits.dossier.DossierError):
                saving_edits.amend(proposal, self.bob, base, mine)

    def decide(self):
        waiting = self.waiting()
        if not waiting:
            return self.save()
        proposal = self.chance.choice(waiting)
        before = fresh(self.record).dossier()
        if self.chance.random() < 0.2:
            proposal.send_back(self.bob, "Amend it")
        elif self.chance.random() < 0.1:
            proposal.discard(self.bob)
        else:
            return self.approve(proposal)
        assert fresh(self.record).dossier() == before

    def approve(self, proposal):
        _state, conflicts = proposal.joined()
        choices = {conflict.path: self.chance.choice(["mine", "theirs"]) for conflict in conflicts}
        with suppress(ValidationError), transaction.atomic():
            proposal.approve(self.bob, choices=choices)

    # Programs

    def load(self):
        """A fixture with other words: it never goes over what an editor wrote."""
        before = fresh(self.record).dossier()
        state = typed_over({"name": "Ministry", "kind": "ministry"}, self.chance)
        write_fixture(self.folder, cited(state), self.chance.choice(STATUSES))
        try:
            report = fixtures.load(self.folder)
        except fixtures.FixtureError:
            return
        if report.updated:
            assert before == self.loaded
            self.loaded = fresh(self.record).dossier()
        else:
            assert fresh(self.record).dossier() == before


STEP_WEIGHTS = {
    House.open: 4, House.save: 7, House.settle: 3, House.verb: 2, House.look: 1, House.decide: 4, House.amend: 3, House.load: 1,
}  # fmt: skip


def typed_over(state, chance):
    """What an editor makes of a form: one to three changes anywhere in it."""
    state = copy.deepcopy(state)
    for _number in range(chance.randint(1, 3)):
        chance.choice([type_field, type_part, remove_part, reorder, cite, uncite, rule])(state, chance)
    return state


def type_field(state, chance):
    word = chance.choice(WORDS)
    name, value = chance.choice([("name", word), ("website", f"https://{word}.example.org/"), ("region", "europe")])
    state[name] = value


def type_part(state, chance):
    """Fill in a post: one that is there, or a new one that somebody else may add as well."""
    posts = state.setdefault("posts", [])
    key = chance.choice(KEYS)
    row = next((row for row in posts if row["key"] == key), None)
    if row is None:
        row = {"key": key, "label": key}
        posts.append(row)
    row[chance.choice(["label", "label_es", "note"])] = chance.choice(WORDS)


def remove_part(state, chance):
    if state.get("posts"):
        state["posts"].pop(chance.randrange(len(state["posts"])))
    if not state.get("posts"):
        state.pop("posts", None)


def reorder(state, chance):
    chance.shuffle(state.get("posts", []))


def cite(state, chance):
    """Cite the name, which the gate asks for, at one of few places: two editors will meet there."""
    uncite(state, chance, of=chance.choice(["line 1", "line 2"]))
    state.setdefault("citations", []).append(
        {
            "fields": ["name"],
            "source": "report",
            "locator": chance.choice(["line 1", "line 2"]),
            "note": chance.choice(WORDS),
        }
    )
    kept = {citation["locator"]: citation for citation in state["citations"]}
    state["citations"] = list(kept.values())


def uncite(state, chance, of=None):
    citations = [citation for citation in state.get("citations", ()) if citation["locator"] != (of or "line 2")]
    state.pop("citations", None)
    if citations:
        state["citations"] = citations


def rule(state, chance):
    state["rulings"] = [
        {
            "field": "name", "adopted_value": chance.choice(WORDS), "reason": chance.choice(WORDS), "ruled_by": "The editors",
            "ruled_on": "2026-01-01",
        }
    ]  # fmt: skip


def cited(state):
    """As a published fixture must be: its facts have a source."""
    facts = [name for name in ("name", "region") if state.get(name)]
    return {**state, "citations": [{"fields": facts, "source": "report", "locator": "line 9"}]}


def load_ministry(folder, status):
    write_fixture(folder, cited({"name": "Ministry", "kind": "ministry"}), status)
    fixtures.load(folder)


def write_fixture(folder, state, status):
    path = folder / "organisations" / "ministry.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_yaml({**state, "status": status}))


def as_yaml(state):
    return yaml.safe_dump(state, allow_unicode=True, explicit_end=True).encode()


@pytest.fixture
def people(alice, bob):
    return alice, make_user("editor", "dora"), bob


@pytest.fixture
def watch(monkeypatch):
    return Watch(monkeypatch)


def walk(house):
    with rolled_back():
        house.open()
        house.open()
        for step in house.chance.choices(list(STEP_WEIGHTS), STEP_WEIGHTS.values(), k=STEPS):
            step(house)


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_interleaving_loses_anything_silently(chunk, people, watch, tmp_path):
    make_source(slug="report")
    walks = [random.Random(seed) for seed in range(chunk, SEEDS, CHUNKS)]  # noqa: S311
    # What the record was loaded as is the first choice of each; they are sorted by it, so that it is loaded once for many.
    started = [(chance.choice(STATUSES), number, chance) for number, chance in enumerate(walks)]
    for status in STATUSES:
        with rolled_back():
            load_ministry(tmp_path / status, status)
            for start, number, chance in started:
                if start == status:
                    walk(House(chance, people, tmp_path / str(number)))
    # The walk must have gone where it hurts.
    assert watch.saves > SEEDS / CHUNKS
    assert watch.conflicts > SEEDS / CHUNKS / 10
    assert watch.approvals > 0
    assert watch.amendments > 0
    assert Source.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(FORMS))
def test_an_interleaving_through_the_forms_loses_nothing(seed, people, watch, tmp_path):
    """As above, with two browsers, inline rows, bulk actions and the conflict screen itself."""
    chance = random.Random(seed)  # noqa: S311
    make_source(slug="report")
    load_ministry(tmp_path, chance.choice(STATUSES))
    house = House(chance, people, tmp_path)
    browsers = [sign_in(house.alice), sign_in(house.dora)]
    reviewer = sign_in(house.bob)
    forms = [typed_into(open_form(browser, house.record), chance) for browser in browsers]
    chance.shuffle(forms)
    for form in forms:
        if chance.random() < 0.5:
            in_bulk(reviewer, chance.choice(["submit", "publish", "withdraw"]), house.record)
        if chance.random() < 0.3:
            house.load()
        answer = form.post()
        while answer.status_code == 200 and address(house.record, "settle") in forms_of(answer):
            kept = forms_of(answer)[address(house.record, "settle")]
            sides = {f"side:{path}": chance.choice(["mine", "theirs"]) for path in paths_on(answer)}
            answer = form.client.post(address(house.record, "settle"), {**kept, **sides}, follow=True)
        assert answer.status_code in (200, 409)
    for proposal in Proposal.objects.filter(state="open"):
        proposal.submit(proposal.by)
        house.approve(proposal)
    assert watch.saves


def typed_into(form, chance):
    form["name"] = chance.choice(WORDS)
    if chance.random() < 0.7:
        form.add("posts", label=chance.choice(KEYS), note=chance.choice(WORDS))
    if chance.random() < 0.5:
        form.cite(["|name"], Source.objects.get(), chance.choice(["line 1", "line 2"]), note=chance.choice(WORDS))
    return form


def paths_on(screen):
    return [conflict.path for conflict in screen.context["conflicts"]]


def in_bulk(client, word, record):
    data = {"action": f"{word}_selected", "_selected_action": [record.pk], "reason": "A reason"}
    client.post("/admin/people/organisation/", data)


@pytest.mark.django_db(transaction=True)
def test_two_editors_and_a_reviewer_at_once_lose_nothing(people):
    """In threads: each save changes another post, and the reviewer's verbs save the whole row in between."""
    alice, dora, bob = people
    record = make_organisation(slug="ministry", posts=[{"key": f"post-{n}", "label": "0"} for n in range(8)])
    faults = []

    def edit(user, keys):
        for key in keys:
            base = saving_edits.edited_state(fresh(record), user)
            mine = copy.deepcopy(base)
            next(row for row in mine["posts"] if row["key"] == key)["label"] = user.username
            if user == alice:
                mine["website"] = f"https://{key}.example.org/"
            saving_edits.store(record, user, base, mine)

    def review():
        early = fresh(record)
        for verb in ("submit", "return") * 6:
            early.carry_out(verb, bob, "A reason")

    def guarded(work, *arguments):
        try:
            work(*arguments)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    works = [
        (edit, alice, [f"post-{n}" for n in (0, 2, 4, 6)]), (edit, dora, [f"post-{n}" for n in (1, 3, 5, 7)]), (review,),
    ]  # fmt: skip
    threads = [threading.Thread(target=guarded, args=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert [post.label for post in record.posts.order_by("key")] == ["alice", "dora"] * 4
    assert fresh(record).website == "https://post-6.example.org/"
    assert record.revisions.count() == 9
    assert record.reviews.count() == 12
