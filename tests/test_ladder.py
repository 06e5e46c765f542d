"""The ladder: steps for all and for each party, the next one, and why a status is not known."""

import datetime

import pytest

from agreements.life.ladder import ladder_of

TODAY = datetime.date(2026, 11, 22)
PARAGUAY = {"slug": "paraguay", "name": "Paraguay", "kind": "organisations"}


def step(kind, date="", evidence="evidenced", party=None, **fields):
    empty = dict.fromkeys(("votes_for", "votes_against", "votes_abstaining", "votes_absent"))
    return {
        "key": kind, "kind": kind, "date": date or None, "evidence": evidence, "party": party, "outcome": "",
        "description": "", **empty, **fields,
    }  # fmt: skip


def ladder(*steps, status="signed", **record):
    record = {
        "milestones": list(steps),
        "parties": [{"organisation": PARAGUAY}],
        "derived_status": {"status": status},
        **record,
    }
    return ladder_of(record, TODAY)


class TestSteps:
    def test_steps_of_a_party_stand_on_its_own_ladder(self):
        drawn = ladder(step("signed", "2025-12-15"), step("submitted", "2026-01-15", party=PARAGUAY))
        assert [entry["kind"] for entry in drawn["steps"]] == ["signed"]
        assert [(own["party"]["slug"], [entry["kind"] for entry in own["steps"]]) for own in drawn["parties"]] == [
            ("paraguay", ["submitted"])
        ]

    def test_votes_are_numbers_with_their_sum(self):
        vote = step("chamber", "2026-03-04", votes_for=28, votes_against=7, votes_abstaining=6, votes_absent=4)
        assert ladder(vote)["steps"][0]["votes"] == {"for": 28, "against": 7, "abstaining": 6, "absent": 4, "total": 45}
        assert ladder(step("chamber", "2026-03-04"))["steps"][0]["votes"] is None

    def test_evidenced_claimed_and_planned_are_told_apart(self):
        drawn = ladder(
            step("talks", evidence="claimed"), step("signed", "2025-12-15"), step("in_force", evidence="planned")
        )
        assert [(s["is_evidenced"], s["is_claimed"], s["is_planned"]) for s in drawn["steps"]] == [
            (False, True, False), (True, False, False), (False, False, True),
        ]  # fmt: skip
        assert [entry["kind"] for entry in drawn["claimed"]] == ["talks"]

    def test_a_step_on_weak_sources_alone_is_claimed(self):
        drawn = ladder(step("signed", "2025-12-15"), step("in_force", "2026-03-17", is_weak=True))
        assert [entry["kind"] for entry in drawn["claimed"]] == ["in_force"]
        assert not drawn["steps"][1]["is_evidenced"]


class TestWhatComesNext:
    @pytest.mark.parametrize(
        ("steps", "kind"),
        [
            ([step("signed", "2024-11-22")], "in_force"),
            ([step("signed", "2024-11-21")], None),
            ([step("signed", "1954-08-13")], None),
            ([step("signed", "1954-08-13"), step("in_force", "2027-01-01", "planned")], "in_force"),
            ([step("signed", "2014-09-30"), step("in_force", "2015-01-01", "planned")], None),
            ([step("signed", "2014-09-30"), step("in_force", evidence="planned")], None),
        ],
    )
    def test_a_step_is_awaited_while_it_is_recent_or_announced(self, steps, kind):
        drawn = ladder(*steps)["next"]
        assert (drawn and drawn["kind"]) == kind

    def test_the_usual_next_step_and_its_waiting_time(self):
        drawn = ladder(step("signed", "2026-11-12"))["next"]
        assert (drawn["kind"], drawn["announced"], drawn["waiting_days"], drawn["since"]) == (
            "in_force",
            False,
            10,
            "2026-11-12",
        )
        assert drawn["because"] == "Usually follows “signed”."

    def test_a_partial_date_waits_from_its_last_day(self):
        assert ladder(step("signed", "2026-10"))["next"]["waiting_days"] == 22

    def test_an_announced_step_comes_before_the_usual_one(self):
        drawn = ladder(
            step("signed", "2026-11-12"), step("chamber", "2026-12", "planned", description="On the agenda.")
        )["next"]
        assert (drawn["kind"], drawn["announced"], drawn["date"], drawn["overdue_days"]) == (
            "chamber",
            True,
            "2026-12",
            None,
        )

    def test_an_announced_step_whose_day_is_past_is_overdue(self):
        assert (
            ladder(step("signed", "2026-01-01"), step("chamber", "2026-11-20", "planned"))["next"]["overdue_days"] == 2
        )

    def test_a_claim_is_named_beside_the_step_it_claims(self):
        drawn = ladder(step("notes", "2026-11-12"), step("in_force", "2026-11-15", "claimed"))["next"]
        assert (drawn["kind"], [claim["date"] for claim in drawn["claims"]]) == ("in_force", ["2026-11-15"])

    def test_each_party_waits_for_its_own_step(self):
        drawn = ladder(step("signed", "2025-12-15"), step("submitted", "2026-11-12", party=PARAGUAY))
        assert drawn["parties"][0]["next"]["kind"] == "chamber"

    @pytest.mark.parametrize("status", ["in_force", "terminated", "rejected", "launched"])
    def test_nothing_is_awaited_at_the_end(self, status):
        assert ladder(step("signed", "2026-11-12"), status=status)["next"] is None

    def test_nothing_follows_a_rejection(self):
        assert ladder(step("signed", "2026-01-01"), step("chamber", "2026-02-01", outcome="rejected"))["next"] is None

    def test_nothing_is_expected_where_nothing_is_known(self):
        assert ladder(status="unknown")["next"] is None


class TestUnknown:
    @pytest.mark.parametrize(
        ("steps", "word"),
        [
            ([], "No step"),
            ([step("signed", "2009", "claimed")], "claimed"),
            ([step("signed", "2027", "planned")], "announced"),
            ([step("hearing")], "no source gives the day"),
            ([step("hearing", "2026-01-01")], "No dated"),
        ],
    )
    def test_there_is_always_a_because(self, steps, word):
        reasons = ladder(*steps, status="unknown")["unknown_because"]
        assert reasons
        assert any(word in reason for reason in reasons)

    def test_the_editors_word_is_among_the_reasons(self):
        assert (
            "A label has no dates." in ladder(status="unknown", status_note="A label has no dates.")["unknown_because"]
        )

    def test_a_known_status_needs_none(self):
        assert ladder(step("signed", "2026-11-12"))["unknown_because"] == []

    def test_a_claimed_step_is_told_with_its_date_in_words(self):
        reasons = ladder(step("signed", "2009-05~", "claimed"), status="unknown")["unknown_because"]
        assert reasons == ["“signed, about May 2009” is claimed, and no document shows it."]
