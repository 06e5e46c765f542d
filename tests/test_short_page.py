"""The page of an agreement answers first and is short; its whole page has every note."""

import re

import pytest

from agreements.models import Agreement

FULLEST = "/agreements/us-paraguay-sofa/"
LARGEST = 120 * 1024


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.django_db
class TestOfAllAgreements:
    def test_no_page_is_larger_than_a_phone_likes(self, read):
        slugs = Agreement.objects.published().values_list("slug", flat=True)
        sizes = {slug: len(read(f"/agreements/{slug}/").encode()) for slug in slugs}
        assert {slug: size for slug, size in sizes.items() if size > LARGEST} == {}

    def test_every_number_leads_to_a_note_of_the_whole_page(self, content, client):
        for slug in ("us-paraguay-sofa", "nato-sofa-1951"):
            page, whole = (text_of(client, f"/agreements/{slug}/{last}") for last in ("", "full/"))
            numbers = set(re.findall(r'href="full/#(note-\d+)"', page))
            assert numbers
            assert numbers <= set(re.findall(r'id="(note-\d+)"', whole))
            marks = set(re.findall(r'href="full/#(about-[^"]+)"', page))
            assert marks <= set(re.findall(r'id="(about-[^"]+)"', whole))

    def test_nothing_coded_and_no_clause_is_left_out(self, content, client):
        for agreement in Agreement.objects.published().filter(clauses__isnull=False).distinct()[:10]:
            page = text_of(client, agreement.get_absolute_url())
            missing = [
                f"{kind}-{row.key}"
                for kind, rows in (("clause", agreement.clauses.all()), ("coding", agreement.codings.all()))
                for row in rows
                if page.count(f'id="{kind}-{row.key}"') != 1
            ]
            assert missing == []

    def test_the_first_screen_answers_and_names_what_is_open(self, content, client):
        page = text_of(client, FULLEST)
        first = page[: page.index('id="life"')]
        for question in ("Who may try members of the force?", "Who may try contractors?", "How can a party leave?"):
            assert question in first
        assert "365 days" in first
        assert "Still open" in first

    def test_an_open_question_is_named_in_words(self, content, client):
        page = text_of(client, FULLEST)
        still_open = page[page.index('id="open"') : page.index('id="life"')]
        assert "Contractors (firms) · which rule applies" in still_open
        assert not re.search(r">[A-L]\d+ |\(contractors|· (stance|approach)", still_open)

    def test_the_whole_page_has_the_rest_and_leads_back(self, content, client):
        whole = text_of(client, f"{FULLEST}full/")
        for section in ("facts", "life", "clauses", "topics", "disputed", "notes", "bibliography"):
            assert f'id="{section}"' in whole, section
        assert f'<a href="{FULLEST}">' in whole

    def test_a_frozen_version_is_drawn_whole(self, content, client):
        assert 'id="notes"' in text_of(client, f"{FULLEST}v/1/")

    def test_the_full_page_answers_404_and_400(self, content, client):
        assert client.get("/agreements/nobody/full/").status_code == 404
        assert client.get(f"{FULLEST}full/?x=1").status_code == 400
