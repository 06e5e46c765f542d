"""A second coder: blind, independent, kept apart from the coding; the comparison, and the figures that readers see."""

import pytest
from django.urls import reverse

from agreements.coding.double_coding import figures, paired, public_figures
from agreements.models import CodingPair, SecondCoding
from sources.records import dossier
from tests.cast import sign_in
from tests.factory import cite_everything, make_agreement, make_topic
from tests.forms import address, forms_of, read_form, said

pytestmark = pytest.mark.django_db
SECRET = "Quillfeather"


@pytest.fixture
def topics():
    return [make_topic(code, approaches=("host", "guest")) for code in ("A1", "B1", "C1")]


def entry(topic, stance="present", approach="", **more):
    given = {"topic": topic, "stance": stance, "codebook": "1-0", "basis": "text", **more}
    return {**given, "approach": f"{topic}/{approach}"} if approach else given


@pytest.fixture
def agreement(alice, topics):
    """Alice coded three topics and wrote down why."""
    return make_agreement(
        slug="the-sofa",
        by=alice,
        status="published",
        clauses=[{"number": "1", "heading": "Scope", "summary": "It covers the force.", "note": SECRET}],
        codings=[
            entry("a1", approach="host", summary=SECRET),
            entry("b1", approach="guest", person_class="contractor"),
            entry("c1", "silent"),
        ],
    )


def open_grid(client, agreement):
    return read_form(client, client.get(address(agreement, "second")))


def answer(form, topic, stance, approach="", person="all"):
    row = topic if f"{topic}-stance" in form else f"new-{topic}"
    form[f"{row}-stance"] = stance
    form[f"{row}-approach"] = f"{topic}/{approach}" if approach else ""
    if row.startswith("new"):
        form[f"{row}-person_class"] = person


def code_again(client, agreement, *answers):
    """Answer and finish; returns the comparison."""
    form = open_grid(client, agreement)
    for given in answers:
        answer(form, *given)
    return finish(client, agreement, form)


def finish(client, agreement, form):
    """Press “Finish for good…” and confirm it; returns the last page."""
    asked = form.post("_finish")
    confirm = forms_of(asked).get(address(agreement, "second"))
    return client.post(address(agreement, "second"), {**confirm, "_confirmed": "1"}, follow=True) if confirm else asked


# Blind and independent


def test_bob_sees_the_topics_and_the_clauses_and_nothing_of_the_coding(bob, agreement):
    client = sign_in(bob)
    page = client.get(address(agreement, "second"))
    form = read_form(client, page)
    assert {"new-a1-stance", "new-b1-stance", "new-c1-stance"} <= set(form)
    assert not {"a1-stance", "b1-contractor-stance"} & set(form)
    assert all(form[f"new-{topic}-stance"] == [""] for topic in ("a1", "b1", "c1"))
    assert "It covers the force." in page.content.decode()
    assert SECRET not in page.content.decode()


def test_whoever_worked_on_the_agreement_is_no_second_coder(alice, agreement):
    client = sign_in(alice)
    page = client.get(address(agreement, "second"))
    assert "You have worked on this agreement" in page.content.decode()
    client.post(address(agreement, "second"), {"_base": "x", "new-a1-stance": "silent"})
    assert not SecondCoding.objects.exists()


def test_whoever_reviewed_it_is_none_either(bob, topics):
    record = make_agreement(codings=[entry("a1", "silent")])
    record.publish(by=bob)
    assert "You have worked on this agreement" in sign_in(bob).get(address(record, "second")).content.decode()


def test_an_agreement_without_codings_has_nothing_to_compare(bob, topics):
    page = sign_in(bob).get(address(make_agreement(), "second"))
    assert "Nobody has coded this agreement yet" in page.content.decode()


def test_one_agreement_has_one_second_coder(bob, carol, agreement):
    first, late = open_grid(sign_in(bob), agreement), open_grid(sign_in(carol), agreement)
    answer(first, "a1", "silent")
    first.post("_save")
    answer(late, "a1", "present")
    assert "bob has begun a second coding" in late.post("_save").content.decode()
    assert SecondCoding.objects.get().coder == bob


@pytest.mark.parametrize("who", ["victor", "nobody"])
def test_viewers_and_visitors_do_not_code(request, client, agreement, who):
    browser = client if who == "nobody" else sign_in(request.getfixturevalue(who))
    assert browser.get(address(agreement, "second")).status_code in (302, 403)


# Kept apart


def test_saved_answers_can_be_continued_and_are_not_compared_yet(bob, agreement):
    before, client = agreement.dossier(), sign_in(bob)
    form = open_grid(client, agreement)
    answer(form, "a1", "present", "guest")
    assert "Saved." in said(form.post("_save"))
    form = open_grid(client, agreement)
    assert form["a1-stance"] == ["present"]
    assert form["a1-approach"] == ["a1/guest"]
    assert not CodingPair.objects.exists()
    assert agreement.dossier() == before
    assert not agreement.proposals.exists()


def test_not_coded_takes_an_answer_back(bob, agreement):
    client = sign_in(bob)
    for stance in ("silent", "not_coded"):
        form = open_grid(client, agreement)
        answer(form, "a1", stance)
        form.post("_save")
    assert SecondCoding.objects.get().answers == []


def test_a_row_that_breaks_a_rule_keeps_what_was_typed(bob, agreement):
    form = open_grid(sign_in(bob), agreement)
    answer(form, "a1", "silent", "host")
    page = form.post("_save").content.decode()
    assert "An approach needs a stance" in page
    assert not SecondCoding.objects.exists()


def test_a_stale_window_overwrites_nothing(bob, agreement):
    client = sign_in(bob)
    stale, fresh = open_grid(client, agreement), open_grid(client, agreement)
    answer(fresh, "a1", "silent")
    fresh.post("_save")
    answer(stale, "b1", "silent")
    refused = stale.post("_save")
    assert refused.status_code == 409
    assert "another window" in said(refused)
    assert [row["topic"] for row in SecondCoding.objects.get().answers] == ["a1"]


def test_without_an_answer_nothing_is_finished(bob, agreement):
    client = sign_in(bob)
    assert "no topic was coded" in said(finish(client, agreement, open_grid(client, agreement)))
    assert not SecondCoding.objects.exists()


def test_saving_for_later_never_finishes(bob, agreement):
    form = open_grid(sign_in(bob), agreement)
    answer(form, "a1", "silent")
    for more in ({}, {"_finish": "on"}):
        form = open_grid(sign_in(bob), agreement)
        answer(form, "b1", "silent")
        assert "Saved." in said(form.post("_save", **more))
    assert SecondCoding.objects.get().finished_on is None
    assert not CodingPair.objects.exists()


def test_finishing_asks_first_and_saves_the_answers(bob, agreement):
    client = sign_in(bob)
    form = open_grid(client, agreement)
    answer(form, "a1", "silent")
    asked = form.post("_finish")
    page = " ".join(asked.content.decode().split())
    assert "Finishing is final." in page
    assert "You coded 1 topic." in page
    assert "2 topics are left uncoded" in page
    assert SECRET not in page
    second = SecondCoding.objects.get()
    assert (second.finished_on, [row["topic"] for row in second.answers]) == (None, ["a1"])


def test_answers_changed_after_the_question_are_asked_about_again(bob, agreement):
    client = sign_in(bob)
    form = open_grid(client, agreement)
    answer(form, "a1", "silent")
    confirm = forms_of(form.post("_finish"))[address(agreement, "second")]
    form = open_grid(client, agreement)
    answer(form, "b1", "silent")
    form.post("_save")
    late = client.post(address(agreement, "second"), {**confirm, "_confirmed": "1"})
    assert late.status_code == 409
    assert SecondCoding.objects.get().finished_on is None


def test_a_finished_coding_cannot_be_changed(bob, agreement):
    client = sign_in(bob)
    form = open_grid(client, agreement)
    code_again(client, agreement, ("a1", "silent"))
    answer(form, "b1", "silent")
    form.post("_save")
    assert [row["topic"] for row in SecondCoding.objects.get().answers] == ["a1"]


def test_only_an_administrator_takes_a_second_coding_away(bob, carol, agreement):
    code_again(sign_in(bob), agreement, ("a1", "silent"))
    place = reverse("admin:agreements_secondcoding_delete", args=[SecondCoding.objects.get().pk])
    assert sign_in(bob).post(place, {"post": "yes"}).status_code == 403
    sign_in(carol).post(place, {"post": "yes"})
    assert not SecondCoding.objects.exists()
    assert agreement.codings.count() == 3


# The comparison


def test_the_comparison_leads_to_the_row_of_each_difference(bob, agreement):
    shown = code_again(
        sign_in(bob), agreement, ("a1", "present", "guest"), ("b1", "present", "guest", "contractor"), ("c1", "silent")
    )
    sides = shown.context["sides"]
    assert [str(side["pair"].topic.code) for side in sides["differ"]] == ["A1"]
    assert {side["pair"].topic.code for side in sides["agree"]} == {"B1", "C1"}
    assert (sides["differ"][0]["first"], sides["differ"][0]["second"]) == ("dealt with · Host", "dealt with · Guest")
    link = f"{address(agreement, 'coding')}#{sides['differ'][0]['row']}"
    assert link in shown.content.decode()
    assert 'id="row-a1"' in sign_in(bob).get(address(agreement, "coding")).content.decode()


def test_finishing_changes_no_coding(bob, agreement):
    before = agreement.dossier()
    code_again(sign_in(bob), agreement, ("a1", "present", "guest"))
    assert agreement.dossier() == before


def test_a_later_correction_does_not_change_what_was_measured(alice, bob, agreement):
    code_again(sign_in(bob), agreement, ("a1", "silent"), ("c1", "silent"))
    state = agreement.dossier()
    first = next(entry for entry in state["codings"] if entry["topic"] == "a1")
    first["stance"] = "silent"
    first.pop("approach")
    first.pop("citations")
    dossier.write(agreement, state)
    cite_everything(agreement)
    page = sign_in(bob).get(address(agreement, "second"))
    assert page.context["figures"]["stance"].agreeing == 1
    assert page.context["sides"]["differ"][0]["now"] == "silent"


# Units

HOST, GUEST, SILENT, UNREAD = (("present", "host"), ("present", "guest"), ("silent", ""), ("text_unavailable", ""))
NONE = ("not_coded", "")


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        ({"all": HOST}, {"all": GUEST}, {"all": (HOST, GUEST)}),
        ({"all": HOST}, {}, {"all": (HOST, NONE)}),
        ({"all": HOST}, {"all": NONE}, {"all": (HOST, NONE)}),
        ({"military": HOST, "civilian": GUEST}, {"all": HOST}, {"military": (HOST, HOST), "civilian": (GUEST, HOST)}),
        ({"all": HOST, "contractor": SILENT}, {"all": HOST}, {"all": (HOST, HOST), "contractor": (SILENT, HOST)}),
        ({"military": HOST}, {"contractor": HOST}, {"military": (HOST, NONE), "contractor": (NONE, HOST)}),
        ({"all": HOST, "contractor": SILENT}, {"military": HOST}, {"military": (HOST, HOST), "contractor": (SILENT, NONE)}),
    ],
)  # fmt: skip
def test_the_units_of_two_codings(first, second, pairs):
    of_topic = [{("d1", person): given for person, given in side.items()} for side in (first, second)]
    assert paired(*of_topic) == {("d1", person): pair for person, pair in pairs.items()}
    reverse_pairs = {("d1", person): pair[::-1] for person, pair in pairs.items()}
    assert paired(*reversed(of_topic)) == reverse_pairs


@pytest.mark.parametrize(
    ("first", "second", "judged"),
    [
        (SILENT, SILENT, True),
        (HOST, SILENT, True),
        (UNREAD, HOST, True),
        (UNREAD, UNREAD, False),
        (HOST, NONE, False),
        (NONE, UNREAD, False),
        (("inconclusive", ""), ("not_applicable", ""), True),
    ],
)
def test_units_that_can_be_compared(bob, agreement, topics, first, second, judged):
    coding = SecondCoding.objects.create(agreement=agreement, coder=bob, coder_name="bob", codebook=topics[0].since)
    pair = coding.pairs.create(
        topic=topics[0], person_class="all", first_stance=first[0], first_approach=first[1],
        second_stance=second[0], second_approach=second[1],
    )  # fmt: skip
    assert pair.is_judged is judged
    assert CodingPair.objects.judged().exists() is judged
    measured = figures(coding.pairs.all())
    assert (measured["stance"].pairs, measured["left_out"]) == ((1, 0) if judged else (0, 1))


# What readers see


def test_readers_see_figures_of_published_agreements_only(client, alice, bob, agreement, topics):
    draft = make_agreement(by=alice, codings=[entry("a1", "silent")])
    for record in (agreement, draft):
        code_again(sign_in(bob), record, ("a1", "silent"), ("b1", "silent"))
    measured = public_figures()
    # B1 was coded first for contractors; Bob's “all” answers for them as well.
    assert (measured["agreements"], measured["stance"].pairs, measured["stance"].agreeing, measured["left_out"]) == (
        1,
        2,
        0,
        1,
    )
    page = client.get("/topics/").content.decode()
    assert "1 agreement was coded a second time" in page
    assert "0 % of 2 units" in page
    assert "reliability" in client.get("/about/").content.decode()
    topic = client.get("/api/v1/topics/a1/").json()
    assert (topic["double_coded"], topic["double_coded_alike"]) == (1, 0)
    agreement.withdraw(by=None, reason="Found to be wrong.")
    assert public_figures()["stance"].pairs == 0
    assert client.get("/api/v1/topics/a1/").json()["double_coded"] == 0


def test_unfinished_codings_do_not_count(client, bob, agreement):
    form = open_grid(sign_in(bob), agreement)
    answer(form, "a1", "silent")
    form.post("_save")
    assert "No agreement has been coded a second time yet" in client.get("/topics/").content.decode()


def test_readers_see_neither_the_coder_nor_the_answers(client, bob, agreement):
    code_again(sign_in(bob), agreement, ("a1", "inconclusive"))
    places = (
        "/topics/",
        "/topics/a1/",
        "/about/",
        "/agreements/the-sofa/",
        "/api/v1/agreements/the-sofa/",
        "/api/v1/topics/",
    )
    for place in places:
        page = client.get(place).content.decode()
        assert "bob" not in page
    assert "inconclusive" not in client.get("/api/v1/agreements/the-sofa/?include=codings").content.decode()
