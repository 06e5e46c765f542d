"""The status as readers meet it: the same on every surface, on any day, and never more than the evidence carries."""

import csv
import datetime
import io
import re
from html import escape, unescape

import pytest

from agreements.life.status import InstrumentStatus
from agreements.models import Agreement, Assistance, Event, Exercise, Milestone, StatusSpan
from sources.lib import clock
from tests import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(monkeypatch):
    """``on("2026-12-31")`` makes it that day."""

    def turn(day):
        monkeypatch.setattr(clock, "today", lambda: datetime.date.fromisoformat(day))

    return turn


def signed_then(*steps, **fields):
    milestones = [{"kind": "signed", "date": "2020-01-10"}, *steps]
    return factory.make_agreement(status="published", milestones=milestones, **fields)


@pytest.fixture
def world():
    """Agreements whose status turns with the days, and one whose does not; each between two states."""
    parties = [
        {"organisation": factory.make_state().slug},
        {"organisation": factory.make_state("USA", "United States").slug},
    ]
    force = {"kind": "in_force", "date": "2021-06-01"}
    made = {
        "ending": signed_then(
            force, {"kind": "expired", "date": "2026-06-30", "evidence": "planned"}, slug="ending", parties=parties
        ),
        "term": signed_then(force, slug="term", term_kind="fixed", term_years="5", parties=parties),
        "starting": signed_then(
            {"kind": "in_force", "date": "2027-01-01", "evidence": "planned"}, slug="starting", parties=parties
        ),
        "undated": signed_then({"kind": "in_force"}, slug="undated", parties=parties),
        "steady": signed_then(force, slug="steady", parties=parties),
    }
    for slug, agreement in made.items():
        factory.make_event(
            slug=slug, title=slug, kind="meeting", date="2021-07-01", agreement=agreement.slug, status="published"
        )
    return made


DAYS = {
    "2020-06-01": {
        "ending": "signed_not_in_force", "term": "signed_not_in_force", "starting": "signed_not_in_force",
        "undated": "in_force", "steady": "signed_not_in_force",
    },
    "2026-06-01": {
        "ending": "in_force", "term": "in_force", "starting": "signed_not_in_force", "undated": "in_force",
        "steady": "in_force",
    },
    "2026-06-02": {"term": "term_ended", "ending": "in_force"},
    "2026-06-30": {"ending": "in_force"},
    "2026-07-01": {"ending": "term_ended", "starting": "signed_not_in_force", "steady": "in_force"},
    "2027-01-01": {"starting": "signed", "steady": "in_force", "term": "term_ended"},
}  # fmt: skip


class TestAnyDay:
    """No night's work is needed: a day passes, and every surface says the same."""

    @pytest.mark.parametrize("day", DAYS)
    def test_all_surfaces_agree(self, client, world, on, day):
        on(day)
        listed = {row["slug"]: row for row in client.get("/api/v1/agreements/").json()["results"]}
        for slug, status in DAYS[day].items():
            row, detail = listed[slug], client.get(f"/api/v1/agreements/{slug}/").json()
            assert row["status"] == status, slug
            assert {name: row[name] for name in OF_STATUS} == {name: detail[name] for name in OF_STATUS}
            found = detail["derived_status"]
            assert (found["status"], found["in_force"], found["since"]) == (
                status,
                row["in_force"],
                row["status_since"],
            )
            assert client.get(f"/api/v1/agreements/{slug}/ladder/").json()["status"] == status

    @pytest.mark.parametrize("day", DAYS)
    def test_filters_find_what_lists_show(self, client, world, on, day):
        on(day)
        listed = client.get("/api/v1/agreements/").json()["results"]
        for name in ("status", "in_force"):
            for value in {row[name] for row in listed}:
                found = client.get(f"/api/v1/agreements/?{name}={value}").json()["results"]
                assert {row["slug"] for row in found} == {row["slug"] for row in listed if row[name] == value}

    @pytest.mark.parametrize("day", DAYS)
    def test_the_same_words_stand_everywhere(self, client, world, on, day):
        on(day)
        listed = {row["slug"]: row for row in client.get("/api/v1/agreements/").json()["results"]}
        table = client.get("/api/v1/compare/?agreement=" + "&agreement=".join(listed)).json()
        cells = next(row["cells"] for row in table["instrument"] if row["field"] == "status")
        pages = {slug: text(client, f"/agreements/{slug}/") for slug in listed}
        events = {slug: text(client, f"/events/{slug}/") for slug in listed}
        page, about = text(client, "/agreements/"), text(client, "/about/")
        for cell in cells:
            slug, words = cell["agreement"], cell["label"]
            assert words == Agreement.objects.get(slug=slug).status_on().label
            assert cell["value"] == listed[slug]["status"]
            assert words[:1].upper() + words[1:] in pages[slug]
            assert words in page
            assert str(InstrumentStatus(cell["value"]).label) in about.lower()
            assert Agreement.objects.get(slug=slug).status_on(datetime.date(2021, 7, 1)).label in events[slug]

    def test_the_csv_has_the_codes(self, client, world, on):
        on("2026-07-01")
        rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").getvalue().decode())))
        assert {row["slug"]: row["status"] for row in rows}["ending"] == "term_ended"
        assert {row["slug"]: row["status_since"] for row in rows}["ending"] == "2026-06-30"

    def test_a_frozen_version_keeps_what_it_said(self, client, on):
        on("2026-01-01")
        signed_then({"kind": "in_force", "date": "2021-06-01"}, slug="one", term_kind="fixed", term_years="5")
        before = client.get("/api/v1/agreements/one/v/1/").content
        on("2030-01-01")
        assert client.get("/api/v1/agreements/one/v/1/").content == before
        assert "In force" in text(client, "/agreements/one/v/1/")
        assert "Term ended in 2026" in text(client, "/agreements/one/")

    def test_the_admin_list_shows_and_filters_by_today(self, client, world, on, carol):
        on("2026-07-01")
        client.force_login(carol)
        page = client.get("/admin/agreements/agreement/?status_today=term_ended").content.decode()
        assert page.count("term ended in 2026; renewal not established") == 2


OF_STATUS = ("status", "status_since", "in_force", "status_confidence", "status_standing")


def text(client, address):
    """What a page says, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", client.get(address).content.decode())).split())


class TestCertainty:
    def test_one_weak_source_draws_no_solid_step(self, client):
        weak = factory.make_source(slug="weak", reliability="D", reliability_reason="Its record.")
        cited = [{"fields": ["kind", "date"], "source": weak.slug, "locator": "p. 1", "credibility": 3}]
        signed_then({"kind": "in_force", "date": "2021-06-01", "citations": cited}, slug="one")
        body = client.get("/api/v1/agreements/one/").json()
        assert (body["status"], body["in_force"]) == ("signed", "not_established")
        step = next(step for step in body["milestones"] if step["kind"] == "in_force")
        assert (step["is_weak"], step["confidence"]) == (True, "low")
        assert "weak sources alone" in body["derived_status"]["because"]
        assert re.search(
            r'<li class="claimed"\s+id="step-in-force"', client.get("/agreements/one/full/").content.decode()
        )

    def test_a_better_grade_makes_it_solid_everywhere(self, client):
        source = factory.make_source(slug="weak", reliability="D", reliability_reason="Its record.")
        cited = [{"fields": ["kind", "date"], "source": source.slug, "locator": "p. 1", "credibility": 2}]
        made = signed_then({"kind": "in_force", "date": "2021-06-01", "citations": cited}, slug="one")
        type(source).objects.filter(pk=source.pk).update(reliability="B")
        Agreement.objects.get(pk=made.pk).refresh_derived()
        row = client.get("/api/v1/agreements/").json()["results"][0]
        assert (row["status"], row["status_confidence"]) == ("in_force", "medium")
        assert "medium confidence" in text(client, "/agreements/")
        assert "medium confidence" in text(client, "/agreements/one/")
        assert "medium confidence" in text(client, "/")

    def test_a_text_cannot_tell_that_its_term_was_not_renewed(self, client):
        """A document older than the end of the term announces that end; a later one may have seen it."""
        for slug, written, status in (("old", "2019", "term_ended"), ("new", "2023", "terminated")):
            source = factory.make_source(slug=slug, date=written, reliability="B", reliability_reason="Its record.")
            cited = [{"fields": ["kind", "date"], "source": source.slug, "locator": "art. 9", "credibility": 2}]
            force = {"kind": "in_force", "date": "2021-06-01"}
            signed_then(force, {"kind": "expired", "date": "2022-06-01", "citations": cited}, slug=f"by-{slug}")
            assert client.get(f"/api/v1/agreements/by-{slug}/").json()["status"] == status
        assert "by its terms" in text(client, "/agreements/by-old/")

    def test_a_contested_step_marks_the_status(self, client):
        dispute = {"fields": ["date"], "source": factory.make_source(slug="other").slug, "locator": "p. 2",
                   "stance": "disputes", "value": "2022-01-01"}  # fmt: skip
        signed_then({"kind": "in_force", "date": "2021-06-01", "citations": [dispute]}, slug="one")
        signed_then(slug="two")
        row = next(row for row in client.get("/api/v1/agreements/").json()["results"] if row["slug"] == "one")
        assert row["status_standing"] == "contested"
        cells = client.get("/api/v1/compare/?agreement=one&agreement=two").json()["instrument"]
        status = next(row for row in cells if row["field"] == "status")["cells"]
        assert [cell["state"] for cell in status] == ["contested", "supported"]
        assert "contested" in client.get("/api/v1/agreements/?format=csv").getvalue().decode()


class TestParties:
    def test_each_party_has_its_own_status(self, client):
        states = [
            factory.make_state(code, name) for code, name in (("AAA", "Aland"), ("BBB", "Bland"), ("CCC", "Cland"))
        ]
        made = signed_then(
            {"kind": "in_force", "date": "2000-01-01"},
            {"kind": "bound", "date": "2000-01-01", "party": "aaa", "key": "bound-a"},
            {"kind": "bound", "date": "2000-01-01", "party": "ccc", "key": "bound-c"},
            {"kind": "terminated", "date": "2004-05-01", "party": "ccc"},
            slug="many",
            parties=[{"organisation": state.slug} for state in states],
        )
        assert made.status_on().status == "in_force"
        found = client.get("/api/v1/agreements/many/").json()["derived_status"]["parties"]
        assert [(row["party"]["slug"], row["status"], row["since"]) for row in found] == [
            ("aaa", "bound", "2000-01-01"), ("ccc", "left", "2004-05-01"),
        ]  # fmt: skip
        assert "left, 1 May 2004" in text(client, "/agreements/many/")

    def test_a_step_of_one_party_names_it(self):
        agreement = factory.make_agreement()
        step = Milestone(agreement=agreement, kind="left", date="2004-05-01", key="left")
        with pytest.raises(Exception, match="Name the party"):
            step.validate_constraints()

    def test_only_a_chamber_votes_on_a_motion(self):
        step = Milestone(agreement=factory.make_agreement(), kind="signed", motion="shelving", key="signed")
        with pytest.raises(Exception, match="votes on a motion"):
            step.validate_constraints()


@pytest.mark.usefixtures("content")
class TestTheWholeContent:
    """Of no agreement is “not in force” said without a step that shows it."""

    def test_spans_agree_with_the_steps_today(self):
        for agreement in Agreement.objects.published().prefetch_related("milestones"):
            found, span = agreement.status_on(), agreement.status_spans.today().get()
            since = str(found.since) if found.since else ""
            assert (span.status, span.in_force, span.since) == (found.status, found.in_force, since), agreement.slug

    def test_the_entry_into_force_with_paraguay_is_open(self):
        """One weak source gives its day, and another report has the agreement still on its way."""
        span = StatusSpan.objects.today().get(agreement__slug="us-paraguay-sofa")
        assert (span.status, span.in_force, span.standing) == ("approved", "not_established", "contested")
        assert span.confidence == "low"

    def test_no_status_is_contested_and_of_high_confidence(self):
        assert not StatusSpan.objects.filter(standing="contested", confidence="high").exists()

    def test_every_not_in_force_has_a_step_that_shows_it(self):
        shown = ("terminated", "rejected")
        for span in StatusSpan.objects.today().filter(in_force="no").exclude(status__in=shown):
            because = span.agreement.status_on().because
            assert re.search("not (yet )?in force", because), span.agreement.slug

    def test_no_page_says_it_of_another(self, read):
        proven = proven_out_of_force()
        for agreement in Agreement.objects.published():
            page = read(agreement.get_absolute_url())
            assert agreement.slug in proven or not DERIVED.search(without_prose(page, agreement)), agreement.slug
        for address in ("/", "/agreements/", "/about/", *activity_pages()):
            badges = re.findall(r'class="status status-(\w+)"', read(address))
            assert sum(badge.endswith("not_in_force") for badge in badges) <= len(proven), address

    def test_no_list_answer_or_table_says_it_of_another(self, client):
        proven = proven_out_of_force()
        rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/agreements/?format=csv").getvalue().decode())))
        rows += client.get("/api/v1/agreements/?page_size=200").json()["results"]
        rows += client.get("/api/v1/agreements/?in_force=no&page_size=200").json()["results"]
        for row in rows:
            assert row["slug"] in proven or not DERIVED.search(f"{row['status']} {row['in_force']}"), row["slug"]
            assert row["in_force"] != "no" or row["slug"] in proven
        slugs = [row["slug"] for row in rows]
        for first, second in zip(slugs[::2], slugs[1::2], strict=False):
            if first != second:
                table = client.get(f"/api/v1/compare/?agreement={first}&agreement={second}").json()
                cells = next(row["cells"] for row in table["instrument"] if row["field"] == "status")
                assert all(cell["agreement"] in proven or not DERIVED.search(cell["label"]) for cell in cells)

    def test_no_legal_basis_check_says_it_without_evidence(self, client):
        for kind in ("exercises", "assistance", "events"):
            for row in client.get(f"/api/v1/{kind}/?page_size=200").json()["results"]:
                check = client.get(f"/api/v1/{kind}/{row['slug']}/legal-basis/").json()["legal_basis_check"]
                found = [*check["instruments"], *check["others"]] if check else []
                assert all(finding["in_force"] == "no" or not DERIVED.search(finding["words"]) for finding in found)
                if check and check["state"] == "named_not_in_force":
                    assert {finding["in_force"] for finding in check["instruments"]} == {"no"}


# How a surface says it, in words or by a code.
DERIVED = re.compile(r"(signed|approved), not in force|_not_in_force|not (yet )?in force:", re.IGNORECASE)


def proven_out_of_force():
    return {span.agreement.slug for span in StatusSpan.objects.today().filter(in_force="no")}


def activity_pages():
    kinds = (Event, Exercise, Assistance)
    return [row.get_absolute_url() for kind in kinds for row in kind.objects.published()]


def without_prose(page, agreement):
    """The page without what the editors wrote, each sentence of which has its source."""
    for words in (agreement.summary, agreement.status_note, agreement.note, agreement.text_note):
        page = page.replace(escape(words), "") if words else page
    return page
