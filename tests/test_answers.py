"""Answers that are worked out from many records are kept until anything public changes, and are never told later than that."""

import datetime

import pytest
from django.db import DatabaseError
from django.utils.translation import get_language

from agreements.codebook.similarity import relatives
from agreements.models import Agreement
from agreements.profiles.countries import counts_by_state
from agreements.rows_naming import profile_of
from kb.site import coverage
from kb.site.views import home
from people.models import Organisation
from sources.lib import clock
from sources.models import PublicAnswer, PublicForm
from sources.reading.store import answers, checking, counter, reading
from sources.records import dossier
from tests import factory

pytestmark = pytest.mark.django_db
KEPT_PAGES = (
    "/", "/about/", "/organisations/pry/", "/timeline/?record=organisations/pry", "/countries/", "/agreements/treaty/",
    "/timeline/", "/map/", "/map.svg?type=sofa", "/map.csv?colour=status&region=latin-america-caribbean", "/topics/d2/?party=pry",
)  # fmt: skip


@pytest.fixture
def treaty():
    parties = [{"organisation": factory.make_state().slug}, {"organisation": factory.make_state("USA", "Utopia").slug}]
    treaty = factory.make_agreement(slug="treaty", status="published", parties=parties)
    reading.refresh_stale()
    return treaty


def rename(record, title):
    dossier.write(record, {**record.dossier(), "title": title})


def titles():
    return [row["title"] for group in profile_of("pry")["agreements"] for row in group["rows"]]


def kept_names():
    return {answer.name for answer in PublicAnswer.objects.filter(tick=counter.now(), day=clock.today())}


def named(answer):
    return f"{get_language()}/{answer}"


def refuse(*_arguments):
    raise AssertionError("It was worked out again.")


def test_an_answer_is_worked_out_once(treaty, monkeypatch):
    first = profile_of("pry")
    monkeypatch.setitem(answers._WORKED_OUT, "profile", refuse)
    assert profile_of("pry") == first
    assert titles() == [treaty.title]


def test_an_answer_is_the_same_whether_kept_or_not(treaty):
    for answer in (home, coverage.of_methods, counts_by_state, lambda: profile_of("pry")):
        first = answer()
        assert answer() == first
    assert len(kept_names()) == 4


def test_a_change_is_told_at_once(treaty):
    assert titles() == [treaty.title]
    rename(treaty, "Treaty of Asunción")
    assert titles() == ["Treaty of Asunción"]


def test_a_filtered_picture_tells_a_change_at_once(treaty, client, bob):
    paths = "/map.csv?type=sofa", "/map.csv?party=pry", "/timeline/?type=sofa"
    before = [client.get(path).text for path in paths]
    assert ["USA" in text or "1 agreement" in text for text in before] == [True] * 3
    treaty.withdraw(bob, "It was wrong.")
    assert ["USA" in client.get(path).text or "1 agreement" in client.get(path).text for path in paths] == [False] * 3


def test_one_choice_is_kept_once_however_it_is_written(treaty, client):
    for party in ("pry", "PRY", "Paraguay", "paraguay", "pry,"):
        client.get("/map/", {"party": party})
    assert kept_names() == {named("map/party=pry")}


def test_choices_of_which_there_is_no_end_are_not_kept(treaty, client):
    factory.make_topic("D2")
    for query in (
        {"q": "treaty"},
        {"signed_after": "2001-02-03"},
        {"type": "sofa", "party": "pry"},
        {"type": ["sofa", "mou"]},
    ):
        for path in ("/map/", "/timeline/", "/topics/d2/"):
            client.get(path, query)
    assert kept_names() == set()


def test_what_is_withdrawn_is_told_no_more(treaty, bob):
    assert titles() and [row["slug"] for row in counts_by_state()] == ["pry", "usa"]
    treaty.withdraw(bob, "It was wrong.")
    assert titles() == [] and counts_by_state() == []


def test_on_the_next_day_it_is_worked_out_again(treaty, monkeypatch):
    profile_of("pry")
    tomorrow = clock.today() + datetime.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert kept_names() == set()
    profile_of("pry")
    assert PublicAnswer.objects.get().day == tomorrow


def test_nothing_is_kept_while_a_form_waits_to_be_made_anew(treaty):
    PublicForm.objects.filter(kind="organisations", slug="usa").update(marked=counter.advance())
    assert titles() == [treaty.title]
    assert kept_names() == set()
    reading.refresh_stale()
    profile_of("pry")
    assert kept_names() == {named("profile/pry")}


def test_what_was_told_while_forms_were_missing_stands_no_longer_than_that(treaty):
    """As while ``rebuild_public`` runs, or in a restored database that has no forms yet."""
    reading.throw_away()
    counter.advance()
    assert counted_agreements() == 0
    reading.refresh_stale()
    assert counted_agreements() == 1
    assert checking.check()[1] == []


def test_numbers_read_before_a_form_was_made_anew_are_not_kept(treaty, monkeypatch):
    """Another reader makes the stale form anew while this one works the answer out, so that nothing is stale at its end."""
    PublicForm.objects.filter(slug="treaty").update(marked=counter.advance())
    work_out = answers._WORKED_OUT["profile"]

    def work_out_beside_another(slug):
        found = work_out(slug)
        reading.refresh_stale()
        return found

    monkeypatch.setitem(answers._WORKED_OUT, "profile", work_out_beside_another)
    profile_of("pry")
    assert kept_names() == set()


def counted_agreements():
    return next(row["published"] for row in coverage.of_methods()["records"] if row["kind"] == "agreements")


def test_a_change_while_it_is_worked_out_lets_nobody_keep_it(treaty, monkeypatch):
    work_out = answers._WORKED_OUT["profile"]

    def work_out_and_be_late(slug):
        found = work_out(slug)
        rename(Agreement.objects.get(), "Treaty of Asunción")
        return found

    monkeypatch.setitem(answers._WORKED_OUT, "profile", work_out_and_be_late)
    profile_of("pry")
    monkeypatch.undo()
    assert titles() == ["Treaty of Asunción"]


def test_it_is_told_where_it_cannot_be_kept(treaty, monkeypatch):
    def fail(*_arguments):
        raise DatabaseError("The database takes no writes.")

    monkeypatch.setattr(answers, "_keep", fail)
    assert titles() == [treaty.title]
    assert kept_names() == set()


def test_readers_of_each_language_have_their_own(treaty, client):
    client.get("/")
    client.get("/", headers={"accept-language": "es"})
    assert {"en/home", "es/home"} <= kept_names()


def test_nothing_of_what_is_removed_stays(treaty, bob):
    profile_of("pry"), home(), relatives("treaty")
    assert PublicAnswer.objects.filter(text__contains=treaty.title).exists()
    treaty.remove(bob, "A court said so.", "Letter of May", closes_elsewhere=True)
    assert not PublicAnswer.objects.filter(text__contains=treaty.title).exists()


def test_check_public_names_an_answer_that_is_wrong(treaty):
    profile_of("pry")
    assert checking.check()[1] == []
    PublicAnswer.objects.update(text="{}")
    assert checking.check()[1] == [f"{named('profile/pry')}: not what the tables say."]


def test_the_pages_show_the_kept_answers(treaty, client, monkeypatch):
    factory.make_topic("D2")
    reading.refresh_stale()
    for path in KEPT_PAGES:
        client.get(path)
    for name in answers._WORKED_OUT:
        monkeypatch.setitem(answers._WORKED_OUT, name, refuse)
    for path in KEPT_PAGES:
        assert client.get(path).status_code == 200
    assert Organisation.objects.get(slug="pry").name in client.get("/countries/").text
