"""The status of an instrument: a table of cases, each a few steps and what they show on some day."""

import datetime
from itertools import count, pairwise

import pytest

from agreements.life.course import Life
from agreements.life.parties import parties_on
from agreements.life.spans import spans_of, turning_days
from agreements.life.status import InForce, InstrumentStatus, status_of, status_words
from agreements.models import Milestone
from sources.lib.dates import PartialDate

_TODAY = datetime.date(2026, 11, 28)
A, B, C = 1, 2, 3


def step(kind, date="", party=None, outcome="", body=None, **fields):
    """A milestone that is in no database; its key is numbered, so that a case can name a step."""
    milestone = Milestone(kind=kind, party_id=party, outcome=outcome, body_id=body, **fields)
    milestone.date = PartialDate.parse(date) if date else None
    return milestone


def life(*steps, parties=2, **fields):
    numbers = count(1)
    for milestone in steps:
        milestone.key = f"{milestone.kind}-{next(numbers)}"
    return Life(steps, parties, **fields)


def chamber(outcome, date, body=None, **fields):
    return step("chamber", date, outcome=outcome, body=body, **fields)


MULTILATERAL = {"parties": 12}

# (what it is about, the life, the day, the status, whether in force, a word of the reason)
CASES = [
    # What is not known is not denied.
    ("nothing is recorded", life(), "2026-11-28", "unknown", "not_established", "no dated"),
    ("only signed", life(step("signed", "2000-01-10")), "2026-11-28", "signed", "not_established", "signed"),
    ("only ratified", life(step("ratified", "2000-01-10")), "2026-11-28", "approved", "not_established", "ratified"),
    ("a claim changes nothing", life(step("signed", "2000"), step("in_force", "2001", evidence="claimed")), "2026-11-28",
     "signed", "not_established", "is claimed"),
    ("an announced day that passed", life(step("signed", "2024-12-10"), step("in_force", "2025-01-01", evidence="planned")),
     "2026-11-28", "signed", "not_established", ""),
    ("weak sources alone", life(step("signed", "2000"), step("in_force", "2001", is_weak=True)), "2026-11-28", "signed",
     "not_established", "weak sources alone"),
    ("weak sources on a later day", life(step("signed", "2000"), step("in_force", "2021", is_weak=True)), "2010-01-01",
     "signed", "not_established", "signed"),
    # Not in force, shown by a step.
    ("before a later entry into force", life(step("signed", "2000-01-10"), step("in_force", "2001-06-01")), "2001-05-31",
     "signed_not_in_force", "no", "only 1 June 2001"),
    ("in the year of a partial entry", life(step("signed", "2000-01-10"), step("in_force", "2001")), "2001-05-31",
     "signed", "not_established", "may fall before or after"),
    ("before it was signed", life(step("in_force", "2001-06-01")), "1999-01-01", "unknown", "no", "only 1 June 2001"),
    ("before a later ratification", life(step("signed", "2000-01-10"), step("ratified", "2000-05-01", A)), "2000-02-01",
     "signed_not_in_force", "no", "ratified only"),
    ("another party's later ratification", life(step("signed", "2000"), step("ratified", "2005-05-01", A), parties=12),
     "2004-01-01", "signed", "not_established", ""),
    ("announced for a later day", life(step("signed", "2026-10-01"), step("in_force", "2027-01-01", evidence="planned")),
     "2026-11-28", "signed_not_in_force", "no", "announces"),
    ("a vote is announced", life(step("signed", "2026-10-01"), chamber("", "2026-12-01", evidence="planned")),
     "2026-11-28", "signed_not_in_force", "no", "announces"),
    ("a vote was pending on that day", life(step("signed", "2026-01-01"), chamber("pending", "2026-03-05")), "2026-03-05",
     "signed_not_in_force", "no", "pending"),
    ("the day after nothing is known", life(step("signed", "2026-01-01"), chamber("pending", "2026-03-05")), "2026-03-06",
     "signed", "not_established", "nothing is known since"),
    ("a vote is pending ever since", life(step("signed", "2026-01-01"), chamber("pending", "2026-03-05/..")), "2026-11-28",
     "signed_not_in_force", "no", "pending"),
    ("a source saw it not in force", life(step("ratified", "2020"), step("not_in_force", "2024-05-02")), "2022-01-01",
     "approved_not_in_force", "no", "seen not in force"),
    ("a source saw it so in some month", life(step("signed", "2020"), step("not_in_force", "2024-05")), "2024-05-20",
     "signed", "not_established", ""),
    ("a weak source saw it so", life(step("signed", "2020"), step("not_in_force", "2024-05-02", is_weak=True)),
     "2024-05-02", "signed", "not_established", ""),
    # Overlapping dates.
    ("ended in the year of its entry", life(step("in_force", "2006"), step("terminated", "2006-08-01")), "2026-11-28",
     "terminated", "no", "terminated on 1 August 2006"),
    ("on a day between", life(step("in_force", "2006"), step("terminated", "2006-08-01")), "2006-09-01", "terminated",
     "no", "terminated"),
    ("signed and in force in one year", life(step("in_force", "2006"), step("signed", "2006-03-01")), "2026-11-28",
     "in_force", "yes", "entered into force, 2006"),
    ("in force and suspended in one year", life(step("suspended", "2006-05"), step("in_force", "2006")), "2026-11-28",
     "suspended", "suspended", ""),
    ("renewed and ended in one year",
     life(step("in_force", "2000"), step("renewed", "2006"), step("terminated", "2006-08-01")), "2026-11-28",
     "terminated", "no", "do not tell whether"),
    ("rejected and approved in one year", life(step("signed", "2018"), chamber("rejected", "2019"),
     chamber("approved", "2019-05")), "2026-11-28", "signed", "not_established", "do not tell whether"),
    ("ended and in force again, in order", life(step("in_force", "2000"), step("terminated", "2005"),
     step("in_force", "2008")), "2026-11-28", "in_force", "yes", "2008"),
    # A second try.
    ("rejected", life(step("signed", "2018"), chamber("rejected", "2019-04-01")), "2026-11-28", "rejected", "no", ""),
    ("approved at the second try", life(step("signed", "2018"), chamber("rejected", "2019"), chamber("approved", "2021"),
     step("ratified", "2021")), "2026-11-28", "approved", "not_established", "ratified"),
    ("voted again, not ratified", life(step("signed", "2018"), chamber("rejected", "2019"), chamber("approved", "2021")),
     "2026-11-28", "signed", "not_established", "approved"),
    ("the other chamber undoes nothing", life(step("signed", "2018"), chamber("rejected", "2019", body=7),
     chamber("approved", "2021", body=8)), "2026-11-28", "rejected", "no", ""),
    ("the same chamber does", life(step("signed", "2018"), chamber("rejected", "2019", body=7),
     chamber("approved", "2021", body=7)), "2026-11-28", "signed", "not_established", ""),
    ("signed anew", life(step("signed", "2018"), chamber("rejected", "2019"), step("signed", "2022")), "2026-11-28",
     "signed", "not_established", "signed, 2022"),
    ("a vote does not end what is in force", life(step("in_force", "2001"), chamber("rejected", "2019")), "2026-11-28",
     "in_force", "yes", ""),
    ("a court may", life(step("in_force", "2001"), step("court", "2010", outcome="struck_down")), "2026-11-28",
     "rejected", "not_established", "ruled on by a court"),
    ("a challenge that failed", life(step("signed", "2001"), step("court", "2010", outcome="rejected")), "2026-11-28",
     "signed", "not_established", ""),
    # What was voted on.
    ("a motion to shelve is no approval", life(step("signed", "2018"), chamber("approved", "2019", motion="shelving")),
     "2026-11-28", "signed", "not_established", "signed"),
    ("nor does it open a rejection again", life(step("signed", "2018"), chamber("rejected", "2019"),
     chamber("approved", "2021", motion="shelving")), "2026-11-28", "rejected", "no", ""),
    ("its failure is no rejection", life(step("signed", "2018"), chamber("rejected", "2019", motion="shelving")),
     "2026-11-28", "signed", "not_established", ""),
    ("a motion to reject that passed", life(step("signed", "2018"), chamber("approved", "2019", motion="rejection")),
     "2026-11-28", "rejected", "no", ""),
    ("a vote to leave does not end it", life(step("in_force", "2001"), chamber("approved", "2019", motion="ending")),
     "2026-11-28", "in_force", "yes", ""),
    ("a chamber without a signature", life(chamber("approved", "2025-12-15")), "2026-11-28", "approved",
     "not_established", "approved"),
    ("a committee decides nothing", life(step("signed", "2018"), step("committee", "2019", outcome="favourable")),
     "2026-11-28", "signed", "not_established", ""),
    # One party's acts.
    ("one of a convention's parties left, however many are recorded",
     life(step("in_force", "1999"), step("left", "2004", C), parties=1, type="convention"), "2026-11-28", "in_force", "yes", ""),
    ("one of many left", life(step("in_force", "1999"), step("terminated", "2004-05-01", C), **MULTILATERAL),
     "2026-11-28", "in_force", "yes", "1999"),
    ("a chamber of one of many", life(step("in_force", "1999"), chamber("rejected", "2010", party=C), **MULTILATERAL),
     "2026-11-28", "in_force", "yes", ""),
    ("a chamber of one before the entry", life(step("signed", "1999"), chamber("rejected", "2001", party=C), **MULTILATERAL),
     "2026-11-28", "signed", "not_established", ""),
    ("one of many ratified", life(step("signed", "1999"), step("ratified", "2000", C), **MULTILATERAL), "2026-11-28",
     "signed", "not_established", ""),
    ("one of many suspended it", life(step("in_force", "1999"), step("suspended", "2000", C), **MULTILATERAL), "2026-11-28",
     "in_force", "yes", ""),
    ("bound: one is not enough", life(step("signed", "1999"), step("bound", "2000", A), **MULTILATERAL), "2026-11-28",
     "signed", "not_established", ""),
    ("bound: two are", life(step("signed", "1999"), step("bound", "2000", A), step("bound", "2001", B), **MULTILATERAL),
     "2026-11-28", "in_force", "yes", "one party, 2001"),
    ("a reservation changes nothing", life(step("in_force", "1999"), step("reservation", "2000", C), **MULTILATERAL),
     "2026-11-28", "in_force", "yes", ""),
    ("one of two left", life(step("in_force", "1999"), step("terminated", "2004-05-01", B)), "2026-11-28", "terminated",
     "no", ""),
    ("one of two has signed", life(step("signed", "2021-03-31", A), step("signed", "2021-04-16", B)), "2021-04-01",
     "unknown", "not_established", ""),
    ("both of two have", life(step("signed", "2021-03-31", A), step("signed", "2021-04-16", B)), "2021-04-16", "signed",
     "not_established", "16 April 2021"),
    ("accession of one of many", life(step("in_force", "1999"), step("acceded", "2004", C), **MULTILATERAL), "2026-11-28",
     "in_force", "yes", ""),
    # Terms.
    ("within the term", life(step("in_force", "2014-12-16"), term_kind="fixed", term_years=10), "2024-12-16", "in_force",
     "yes", ""),
    ("the term ran out", life(step("in_force", "2014-12-16"), term_kind="fixed", term_years=10), "2024-12-17",
     "term_ended", "not_established", "no renewal is recorded"),
    ("in a year in which it may have", life(step("in_force", "2014"), term_kind="fixed", term_years=10), "2024-06-01",
     "in_force", "yes", "may have ended"),
    ("it was renewed", life(step("in_force", "2004-12-16"), step("renewed", "2014-12-16"), term_kind="renewable",
     term_years=10), "2024-01-01", "in_force", "yes", ""),
    ("renewed, and that ran out", life(step("in_force", "2004-12-16"), step("renewed", "2014-10-01"),
     term_kind="renewable", term_years=10), "2025-01-01", "term_ended", "not_established", ""),
    ("it renews itself", life(step("in_force", "1990"), term_kind="automatic", term_years=5), "2026-11-28", "in_force",
     "yes", ""),
    ("an announced last day", life(step("in_force", "2026-01-01"), step("expired", "2026-06-30", evidence="planned")),
     "2026-07-01", "term_ended", "not_established", ""),
    ("a recorded end says more", life(step("in_force", "2005-06-01"), step("expired", "2006-12-31"), term_kind="fixed",
     term_years=1), "2026-11-28", "terminated", "no", "expired"),
    ("a term from a leap day", life(step("in_force", "2012-02-29"), term_kind="fixed", term_years=5), "2017-03-01",
     "term_ended", "not_established", ""),
    ("provisional application ran out", life(step("provisional", "2000-04-01~"), term_kind="renewable", term_years=10),
     "2026-11-28", "term_ended", "not_established", ""),
    ("an end by the terms alone", life(step("in_force", "2009-01-01"), step("expired", "2010-08-17", is_foretold=True)),
     "2026-11-28", "term_ended", "not_established", "no renewal is recorded"),
    ("an end of uncertain day", life(step("in_force", "2009-01-01"), step("expired", "2010-08-17?")), "2026-11-28",
     "term_ended", "not_established", "no renewal is recorded"),
    # Undated steps.
    ("happened on no known day", life(step("signed", "1959"), step("in_force")), "2026-11-28", "in_force", "yes",
     "no source gives the day"),
    ("no day in the past can be told", life(step("signed", "1959"), step("in_force")), "1990-01-01", "signed",
     "not_established", "no source gives the day"),
    ("an end that is dated stands", life(step("terminated", "2010"), step("in_force")), "2026-11-28", "terminated", "no", ""),
    ("a programme is launched", life(step("launched", "2001-06-22")), "2026-11-28", "launched", "not_applicable", ""),
]  # fmt: skip


def test_the_cases(subtests):
    for name, one, day, status, in_force, word in CASES:
        with subtests.test(name):
            derived = status_of(one, datetime.date.fromisoformat(day), today=_TODAY)
            assert (derived.status, derived.in_force) == (status, in_force)
            assert word in derived.because


def test_every_status_and_every_answer_has_a_case():
    # “Under negotiation” needs no rule; a suspended agreement is among those with overlapping dates.
    assert {case[3] for case in CASES} >= {*InstrumentStatus.values} - {"negotiating", "provisional"}
    assert {case[4] for case in CASES} >= {*InForce.values} - {"provisionally"}


def test_not_in_force_is_said_only_with_what_shows_it(subtests):
    for name, one, *_rest in CASES:
        for day in turning_days(one):
            with subtests.test(f"{name}, {day}"):
                derived = status_of(one, day, today=_TODAY)
                says_so = "not in force" in derived.label or derived.in_force == InForce.NO
                assert not says_so or derived.status in ("terminated", "rejected") or "not " in derived.because


def test_spans_agree_with_the_status_on_every_day(subtests):
    for name, one, *_rest in CASES:
        with subtests.test(name):
            spans = spans_of(one)
            assert (spans[0].first, spans[-1].last) == (datetime.date.min, datetime.date.max)
            for before, after in pairwise(spans):
                assert before.last + datetime.timedelta(days=1) == after.first
            for day in _days_around(one):
                derived = status_of(one, day, today=day)
                span = next(span for span in spans if span.first <= day <= span.last)
                since = str(derived.since) if derived.since else ""
                assert span.content[:4] == (derived.status, derived.in_force, since, derived.milestone)


def _days_around(one):
    near = {day + datetime.timedelta(days=more) for day in turning_days(one)[1:] for more in (-1, 0, 1, 40)}
    return sorted(near | {_TODAY})


PARTY_CASES = [
    ("signed", [step("signed", "1999", C)], "signed"),
    ("approved", [step("signed", "1999", C), step("ratified", "2000", C)], "approved"),
    ("acceded", [step("acceded", "2000", C)], "approved"),
    ("bound", [step("ratified", "2000", C), step("bound", "2000-09-01", C)], "bound"),
    ("bound, as the entry into force of one party", [step("in_force", "2000-09-01", C)], "bound"),
    ("left", [step("bound", "2000", C), step("terminated", "2004-05-01", C)], "left"),
    ("left and bound again", [step("bound", "2000", C), step("left", "2004", C), step("bound", "2010", C)], "bound"),
    ("its chamber rejected it", [step("signed", "1999", C), chamber("rejected", "2010", party=C)], "rejected"),
    ("and approved it later", [step("signed", "1999", C), chamber("rejected", "2010", party=C),
     chamber("approved", "2012", party=C)], "signed"),
    ("its chamber cannot unbind it", [step("bound", "1999", C), chamber("rejected", "2010", party=C)], "bound"),
    ("a reservation", [step("bound", "1999", C), step("reservation", "1999", C)], "bound"),
    ("steps of others", [step("bound", "1999", B), step("signed", "1999")], None),
]  # fmt: skip


def test_where_one_party_stands(subtests):
    for name, steps, status in PARTY_CASES:
        with subtests.test(name):
            derived = parties_on(life(*steps, parties=12), _TODAY, _TODAY).get(C)
            assert (derived and derived.status) == status


@pytest.mark.parametrize(
    ("status", "since", "words"),
    [
        ("term_ended", "2024-06-25?", "term ended in 2024; renewal not established"),
        ("term_ended", "2024-08-12/2033-01-17", "term ended; renewal not established"),
        ("signed", "2024", "signed; entry into force not established"),
        ("a code that is no more", None, "a code that is no more"),
    ],
)
def test_words(status, since, words):
    assert status_words(status, since) == words


def test_a_report_for_a_later_day_raises_no_doubt_yet():
    one = life(step("signed", "2000"), step("in_force", "2021", is_weak=True, standing="contested"))
    standings = [status_of(one, datetime.date(year, 1, 1)).standing for year in (2010, 2022)]
    assert standings == ["", "contested"]


def test_a_status_beside_a_contested_step_is_as_sure_as_that_step():
    signed = step("signed", "2000", confidence="high", standing="supported")
    doubts = [
        step("in_force", "2021", evidence="claimed", standing="contested", confidence=level)
        for level in ("high", "low", "medium")
    ]
    day = datetime.date(2022, 1, 1)
    assert status_of(life(signed), day).confidence == "high"
    assert status_of(life(signed, doubts[1]), day).confidence == "low"
    assert status_of(life(signed, *doubts), day).confidence == "low"
    assert status_of(life(signed, doubts[0]), day).confidence == "medium"


def test_a_status_on_which_sources_differ_is_never_of_high_confidence():
    one = life(step("in_force", "2000", confidence="high", standing="contested"))
    assert status_of(one, datetime.date(2022, 1, 1)).confidence == "medium"
