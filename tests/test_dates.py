"""Partial dates in lists: a filter chooses every date that can fall in its span, on both databases and for every kind."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from agreements import filters
from agreements.models import Agreement, Event
from sources.filters import SourceFilter
from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.fields import PartialDateField, may_lie_between
from tests.factory import make_agreement, make_assistance, make_exercise, make_organisation, make_person, make_source

points = st.builds(
    lambda day, precision, mark: day.isoformat()[:precision] + mark,
    st.dates(datetime.date(1998, 1, 1), datetime.date(2006, 12, 31)),
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "", "~", "?", "%"]),
)
ends = st.one_of(points, st.sampled_from(["..", ""]))
days = st.one_of(st.none(), st.dates(datetime.date(1997, 1, 1), datetime.date(2007, 12, 31)))


@st.composite
def dates(draw):
    """EDTF text that can be read, or an empty one."""
    text = draw(st.one_of(st.just(""), points, st.builds("{}/{}".format, ends, ends)))
    try:
        return text and PartialDate.parse(text).text
    except PartialDateError:
        return draw(points)


def means_a_day_between(text, first, last):
    """The reference: walk through the days of a calendar that is a little wider than all dates of the test."""
    if not text:
        return False
    date = PartialDate.parse(text)
    calendar = (datetime.date(1996, 1, 1) + datetime.timedelta(days=number) for number in range(13 * 366))
    return any(
        (first is None or first <= day) and (last is None or day <= last) for day in calendar if date.contains(day)
    )


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(dates(), max_size=8), days, days)
@example(["../2001", "2001/..", "2001/", "/2001", "", "2001"], datetime.date(2002, 1, 1), datetime.date(2002, 12, 31))
def test_the_columns_answer_as_the_calendar_does(texts, first, last):
    assume(first is None or last is None or first <= last)  # filters refuse a span that ends before it starts
    with transaction.atomic():
        Event.objects.bulk_create(
            [Event(slug=f"e{number}", title="An event", kind="call", date=text) for number, text in enumerate(texts)]
        )
        chosen = set(Event.objects.filter(may_lie_between("date", first, last)).values_list("slug", flat=True))
        transaction.set_rollback(True)
    expected = {f"e{number}" for number, text in enumerate(texts) if means_a_day_between(text, first, last)}
    assert chosen == expected
    assert chosen == {
        f"e{number}"
        for number, text in enumerate(texts)
        if text and PartialDate.parse(text).may_lie_between(first, last)
    }


def dated_filters():
    """``(filter set, parameter, filter)`` of everything that chooses by a date."""
    kinds = (filters.AfterFilter, filters.BeforeFilter, filters.YearFilter)
    sets = [item for item in vars(filters).values() if isinstance(item, type) and hasattr(item, "base_filters")]
    for filterset in dict.fromkeys([*sets, SourceFilter]):
        for name, item in filterset.base_filters.items():
            if isinstance(item, kinds):
                yield filterset, name, item


def test_every_filter_by_date_names_a_date_with_its_bounds(subtests):
    for filterset, parameter, item in dated_filters():
        with subtests.test(f"{filterset.__name__}: {parameter}"):
            model = filterset._meta.model
            *steps, name = item.field_name.split("__")
            for step in steps:
                model = model._meta.get_field(step).related_model
            assert {name, f"{name}_earliest", f"{name}_latest"} <= {field.name for field in model._meta.concrete_fields}


@pytest.mark.django_db
class TestLists:
    """An open end is no limit; only a record without a date is left out."""

    @pytest.mark.parametrize(
        ("date", "query", "is_listed"),
        [
            ("../2026-01-18", "before=2026-12-31", True),
            ("../2026-01-18", "after=2026-01-18", True),
            ("../2026-01-18", "after=2026-01-19", False),
            ("2026-03/..", "after=2026-12-31", True),
            ("2026-03/", "after=2026-12-31", True),
            ("2026-03/", "before=2026-02", False),
            ("", "before=2026-12-31", False),
            ("", "after=1990", False),
        ],
    )
    def test_assistance_of_an_open_time(self, client, date, query, is_listed):
        make_assistance(slug="a-radar", date=date, status="published")
        rows = client.get(f"/api/v1/assistance/?{query}").json()["results"]
        assert [row["slug"] for row in rows] == (["a-radar"] if is_listed else [])

    def test_a_deployment_that_goes_on_is_held_after_its_start(self, client):
        make_exercise(slug="a-deployment", dates="2024/..", status="published")
        assert len(client.get("/api/v1/exercises/?held_after=2025").json()["results"]) == 1
        assert client.get("/api/v1/exercises/?held_before=2023").json()["results"] == []

    def test_a_signature_before_some_day_may_lie_in_any_earlier_year(self, client):
        make_agreement(slug="notes", milestones=[{"kind": "signed", "date": "../2006-05-01"}], status="published")
        for query, number in (("year=2005", 1), ("year=2006", 1), ("year=2007", 0), ("signed_before=2001", 1)):
            assert len(client.get(f"/api/v1/agreements/?{query}").json()["results"]) == number, query
            assert client.get(f"/agreements/?{query}").content.decode().count('href="/agreements/notes/"') == number

    def test_an_end_that_nobody_knows_is_shown_as_that(self, client):
        make_exercise(slug="a-mission", dates="2001/", status="published")
        assert client.get("/api/v1/exercises/a-mission/").json()["dates"] == "2001/"
        assert "from 2001; end not known" in client.get("/exercises/a-mission/").content.decode()


@pytest.mark.django_db
class TestSigned:
    @pytest.mark.parametrize("evidence", ["planned", "claimed"])
    def test_unsigned_agreements_have_no_day_of_signature(self, client, evidence):
        steps = [
            {"kind": "talks", "date": "2026-05"},
            {"kind": "signed", "date": "2027-03", "evidence": evidence},
        ]
        make_agreement(slug="expected", milestones=steps, status="published")
        make_agreement(slug="signed", milestones=[{"kind": "signed", "date": "2020"}], status="published")
        assert client.get("/api/v1/agreements/expected/").json()["signed"] is None
        assert client.get("/api/v1/agreements/?year=2027").json()["results"] == []
        assert [row["slug"] for row in client.get("/api/v1/agreements/").json()["results"]] == ["signed", "expected"]
        assert "legislationDate" not in client.get("/agreements/expected/").content.decode()

    def test_a_signing_that_happened_is_not_put_off_by_one_that_is_planned(self):
        planned = {"key": "signed-again", "kind": "signed", "date": "2027", "evidence": "planned"}
        assert (
            Agreement.objects.get(
                pk=make_agreement(milestones=[{"kind": "signed", "date": "2020-03"}, planned]).pk
            ).signed
            == "2020-03"
        )


@pytest.mark.django_db
class TestFarAhead:
    def test_an_evidenced_step_decades_ahead_is_refused(self):
        with pytest.raises(ValueError, match=r"far ahead.*Mark the step as announced or expected"):
            make_agreement(milestones=[{"kind": "in_force", "date": "2062-03-01"}])

    def test_a_planned_step_may_lie_ahead_within_reason(self):
        make_agreement(milestones=[{"kind": "expired", "date": "2062", "evidence": "planned"}])
        with pytest.raises(ValueError, match="more than 100 years ahead"):
            make_agreement(milestones=[{"kind": "expired", "date": "2926", "evidence": "planned"}])

    @pytest.mark.parametrize(
        "make",
        [
            lambda: make_source(date="2062-01-05"),
            lambda: make_organisation(founded="2062"),
            lambda: make_assistance(state="delivered", date="2062"),
            lambda: make_agreement(
                signatures=[{"person": make_person(slug="ana", status="published").slug, "date": "2062"}]
            ),
        ],
        ids=["a source", "a body", "a delivery", "a signature"],
    )
    def test_a_date_far_ahead_is_refused_for_a_past_event(self, make):
        with pytest.raises(ValueError, match="far ahead"):
            make()

    def test_a_day_that_a_document_fixes_for_next_year_is_no_slip(self):
        soon = datetime.date.today() + datetime.timedelta(days=300)
        make_agreement(milestones=[{"kind": "in_force", "date": str(soon)}])

    def test_the_rule_is_no_part_of_the_column(self):
        field = Event._meta.get_field("date")
        assert isinstance(field, PartialDateField)
        assert "years_ahead" not in field.deconstruct()[3]


class TestUnknownEnds:
    @pytest.mark.parametrize("text", ["/", "../", "/..", "../..", "2001//", "//2001"])
    def test_an_interval_has_one_date_at_least(self, text):
        with pytest.raises(PartialDateError):
            PartialDate.parse(text)

    def test_an_unknown_end_is_no_open_end_and_has_no_bound(self):
        ended, going_on = PartialDate.parse("2001/"), PartialDate.parse("2001/..")
        assert (ended.earliest, ended.latest, ended.end) == (going_on.earliest, None, None)
        assert str(ended) != str(going_on)
        assert not ended.is_exact
        assert not ended.surely_by(datetime.date(2900, 1, 1))
