"""Maps and timelines: drawn as the evidence carries, the same as their tables, and nothing of drafts."""

import datetime
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from agreements.models import Agreement
from agreements.pictures import bars, dated, timeline, world_map
from agreements.pictures.lettering import lines_of, width_of
from agreements.pictures.time_scale import LABEL_SIZE
from agreements.pictures.timeline import Entry, timeline_of
from agreements.pictures.world import world
from tests.factory import (
    cite,
    code,
    make_agreement,
    make_organisation,
    make_person,
    make_position,
    make_source,
    make_state,
    make_topic,
)

SVG = "{http://www.w3.org/2000/svg}"
TODAY = datetime.date(2026, 6, 1)


def signed(*states, **fields):
    """A published agreement between states, signed on a day of 2020."""
    parties = [{"organisation": state.slug} for state in states]
    steps = fields.pop("milestones", [{"kind": "signed", "date": "2020-05-04"}])
    return make_agreement(status="published", parties=parties, milestones=steps, **fields)


def svg(answer):
    """The root of our own SVG."""
    return ElementTree.fromstring(answer.content)  # noqa: S314


def rows(answer):
    return {row["code"]: row for row in answer.context["chart"]["rows"]}


class TestOutlines:
    def test_every_shape_can_be_drawn_and_no_code_stands_twice(self):
        outline = world()
        codes = [entry["code"] for entry in (*outline["shapes"], *outline["points"]) if entry["code"]]
        assert len(codes) > 230
        assert len(codes) == len(set(codes))
        assert all(shape["path"].startswith("M") and shape["path"].endswith("z") for shape in outline["shapes"])

    def test_points_lie_on_the_map(self):
        outline = world()
        for point in outline["points"]:
            assert 0 <= point["x"] <= outline["width"], point
            assert 0 <= point["y"] <= outline["height"], point


@pytest.mark.django_db
class TestMap:
    def test_a_state_counts_its_published_agreements(self, client):
        peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
        signed(peru, chile)
        signed(peru)
        make_agreement(status="draft", parties=[{"organisation": chile.slug}])
        found = rows(client.get("/map/"))
        assert {name: row["number"] for name, row in found.items()} == {"PER": 2, "CHL": 1}

    def test_the_filters_are_those_of_the_list(self, client):
        peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
        signed(peru, type="sofa")
        signed(chile, type="memorandum")
        assert set(rows(client.get("/map/?type=sofa"))) == {"PER"}
        assert client.get("/map/?typ=sofa").status_code == 400
        assert client.get("/map.svg?type=sofas").status_code == 400

    def test_each_number_leads_to_as_many_agreements_and_no_link_adds_a_second_party(self, client):
        peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
        signed(peru, chile, type="sofa")
        signed(peru, type="memorandum")
        assert 'href="/agreements/?type=sofa&amp;party=CHL"' in client.get("/map/?type=sofa").content.decode()
        assert client.get("/agreements/?type=sofa&party=CHL").context["page"].count == 1
        page = client.get("/map/?party=PER").content.decode()
        assert "party=CHL" not in page

    def test_each_chip_leads_to_a_map(self, client):
        make_topic("D2")
        answer = client.get("/map/?colour=approach&topic=D2&type=sofa")
        assert len(answer.context["chips"]) == 3
        for chip in answer.context["chips"]:
            assert client.get(f"/map/?{chip['query']}").status_code == 200, chip

    def test_the_number_grows_with_the_colour(self):
        steps = [{"number": number, "name": "", "code": ""} for number in (1, 2, 3, 4, 15, 16, 1000)]
        world_map._colour_by_number(steps)
        assert [row["colour"][-1] for row in steps] == ["0", "1", "1", "2", "3", "4", "4"]

    def test_a_state_without_evidence_of_force_is_not_drawn_as_without_force(self, client):
        peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
        signed(peru)
        signed(chile, milestones=[{"kind": "in_force", "date": "2020-05-04"}])
        found = rows(client.get("/map/?colour=status"))
        assert found["PER"]["colour"] == "open"
        assert found["CHL"]["colour"] == "in-force"

    def test_approaches_need_one_topic_and_several_have_a_colour_of_their_own(self, client):
        peru, chile = make_state("PER", "Peru"), make_state("CHL", "Chile")
        make_topic("D2", approaches=("host", "sender"))
        code(signed(peru, chile), "D2", approach="host")
        code(signed(peru), "D2", approach="sender")
        found = rows(client.get("/map/?colour=approach&topic=D2"))
        assert found["CHL"]["words"] == "Host"
        assert found["PER"]["colour"] == "several"
        refused = client.get("/map/?colour=approach")
        assert refused.status_code == 400
        assert "topic" in refused.content.decode()

    def test_a_state_that_is_no_more_is_named_below_the_map(self, client):
        signed(make_state("CSK", "Czechoslovakia"))
        answer = client.get("/map/")
        assert [row["name"] for row in answer.context["undrawn"]] == ["Czechoslovakia"]
        assert "Czechoslovakia" in answer.content.decode()

    def test_the_file_is_sound_whatever_the_names(self, client):
        signed(make_state("PER", 'Pe"ru</title><script>alert(1)</script> & Co'))
        picture = svg(client.get("/map.svg"))
        assert not list(picture.iter(f"{SVG}script"))
        assert 'Pe"ru</title><script>' in next(
            title.text for title in picture.iter(f"{SVG}title") if title.text.startswith("Pe")
        )


def rows_of(line):
    """The rows of all sections of a timeline."""
    return [row for section in line["sections"] for row in section["rows"]]


def place_of(text, x, anchor, size):
    """From where to where a text reaches."""
    width = width_of(text, size)
    start = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return start, start + width


def drawn(date, **fields):
    """The row of one date beside two that stretch the scale."""
    entries = [Entry("1990-01-01", "first"), Entry(date, **{"label": "this", **fields}), Entry("2030-12-31", "last")]
    return next(row for row in rows_of(timeline_of(entries, TODAY)) if row["entry"].label == "this")


class TestTimeline:
    def test_a_day_is_a_dot(self):
        row = drawn("2010-07-01")
        assert row["form"] == "day"
        assert row["x"] == row["x_end"]

    def test_a_year_covers_all_its_days(self):
        year, day = drawn("2010"), drawn("2010-07-01")
        assert year["form"] == "within"
        assert year["x"] < day["x"] < year["x_end"]

    def test_an_interval_is_a_span_with_known_ends(self):
        row = drawn("2001/2005")
        assert (row["form"], row["opens"], row["ends"]) == ("span", True, True)

    def test_what_goes_on_runs_to_the_edge(self):
        row = drawn("2001/..")
        assert row["goes_on"]
        assert row["x_end"] == timeline.WIDTH - timeline.MARGIN

    def test_an_end_that_nobody_knows_is_not_drawn_as_going_on(self):
        row = drawn("2001/")
        assert not row["goes_on"]
        assert not row["ends"]

    def test_a_doubtful_date_is_marked(self):
        assert drawn("2010?")["is_uncertain"]
        assert not drawn("2010")["is_uncertain"]

    def test_rows_stand_in_the_order_of_time_and_undated_ones_are_not_drawn(self):
        line = timeline_of([Entry("2020", "b"), Entry("", "c"), Entry("2019-12-31", "a")], TODAY)
        assert [row["entry"].label for row in rows_of(line)] == ["a", "b"]

    def test_every_mark_lies_within_the_picture(self):
        entries = [Entry(date, date) for date in ("1066", "2026-06-01", "1951/..", "2999-12-31", "../1990", "2005~")]
        line = timeline_of(entries, TODAY)
        assert len(rows_of(line)) == len(entries)
        assert all(0 <= row["x"] <= row["x_end"] <= line["width"] for row in rows_of(line))
        ticks = [tick for section in line["sections"] for tick in section["ticks"]]
        assert ticks and all(0 <= tick["x"] <= line["width"] for tick in ticks)
        assert all(0 <= end <= line["width"] for span in line["strip"]["spans"] for end in span)

    def test_years_in_which_nothing_begins_are_cut_out_and_said(self):
        days = ("1943-12-10", "1947-12-10", *(f"2025-0{month}-01" for month in range(1, 7)))
        line = timeline_of([Entry(day, day) for day in days], TODAY)
        assert [section["gap"] for section in line["sections"]] == ["", "about 77 years left out"]
        assert [len(section["rows"]) for section in line["sections"]] == [2, 6]
        months = [row["x"] for row in line["sections"][-1]["rows"]]
        assert min(after - before for before, after in pairwise(months)) > timeline.WIDTH / 12
        assert len(line["strip"]["marks"]) == len(days) and len(line["strip"]["spans"]) == 2

    def test_no_gap_is_cut_where_entries_are_few_or_something_lasts(self, subtests):
        close = [f"2025-0{month}-01" for month in range(1, 7)]
        for days in (["1943-12-10", "2025-01-01"], ["1943/2024", *close], ["2024-06-01", *close]):
            with subtests.test(days):
                line = timeline_of([Entry(day, day) for day in days], TODAY)
                assert len(line["sections"]) == 1 and line["strip"] is None

    def test_on_paper_no_row_is_cut_in_two(self):
        days = ("1943-12-10", *(f"20{year}-0{month}-01" for year in range(10, 14) for month in range(1, 10)))
        line = timeline_of([Entry(day, day) for day in days], TODAY)
        assert len(line["leaves"]) > 1 and all(0 < leaf["height"] <= timeline.LEAF for leaf in line["leaves"])
        ends = [0, *(leaf["top"] + leaf["height"] for leaf in line["leaves"])]
        assert ends[:-1] == [leaf["top"] for leaf in line["leaves"]] and ends[-1] == line["height"]
        for section in line["sections"]:
            rows = [row["y"] for row in section["rows"]]
            for start, end in pairwise([*rows, section["bottom"]]):
                assert not [cut for cut in ends[1:-1] if start < cut < end]
            assert not [cut for cut in ends[1:-1] if section["start"] < cut <= rows[0]]

    @pytest.mark.django_db
    def test_the_page_draws_each_row_once(self, client):
        days = [
            {"kind": "hearing", "key": f"hearing-{month}-{day}", "date": f"2020-{month:02}-{day:02}"}
            for month in range(1, 11)
            for day in (1, 9, 17)
        ]
        signed(make_state(), slug="pact", milestones=days)
        page = client.get("/timeline/?record=agreements/pact").content.decode()
        assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="timeline"') > 1
        assert page.count("<title>Hearing held</title>") == len(days)
        assert page.count('id="timeline-title"') == 1

    def test_each_scale_has_few_labels_that_stay_within_the_picture(self, subtests):
        for first, last in (
            ("2025-12-15", "2026-03-17"),
            ("2025-12-15", "2025-12-15"),
            ("1951-06", "1953-08"),
            ("1066", "2026"),
        ):
            with subtests.test(f"{first} to {last}"):
                [section] = timeline_of([Entry(first, "first"), Entry(last, "last")], TODAY)["sections"]
                places = [place_of(tick["label"], tick["x"], tick["anchor"], LABEL_SIZE) for tick in section["ticks"]]
                assert 2 <= len(places) <= 7
                assert places[0][0] >= 0 and places[-1][1] <= timeline.WIDTH
                assert all(one[1] < other[0] for one, other in pairwise(places))

    def test_a_date_stands_beside_its_mark_where_there_is_room(self, subtests):
        for date in ("1991", "2010-07-01", "2029", "2001/..", "../1995", "1991/", "1990/2030"):
            with subtests.test(date):
                row = drawn(date)
                words = row["date"]
                if words is None:
                    assert row["x_end"] - row["x"] > timeline.WIDTH / 2
                    continue
                start, end = place_of(words["text"], words["x"], words["anchor"], timeline.DATE_SIZE)
                assert start >= 0 and end <= timeline.WIDTH
                assert start > row["x_end"] or end < row["x"]

    def test_a_long_label_has_three_lines_and_is_cut_after_them(self):
        sentence = "The two governments agreed on the status of forces in "
        assert drawn("2010", label="this")["lines"] == ["this"]
        for times, most in ((1, 2), (2, 3), (4, 3)):
            [row] = rows_of(timeline_of([Entry("2010", f"{sentence * times}1951")], TODAY))
            lines = row["lines"]
            assert len(lines) <= most
            assert all(width_of(line, timeline.LABEL_SIZE) <= timeline.WIDTH for line in lines)
            is_whole = " ".join(lines) == f"{sentence * times}1951"
            assert is_whole == (times < 4) == (not lines[-1].endswith("…"))

    def test_a_label_is_cut_between_words(self, subtests):
        for width in range(80, 300, 7):
            with subtests.test(width):
                [line] = lines_of("Agreement of 1951 on the status of forces of 1993", width, 11, most=1)
                words = line.removesuffix("…").split()
                assert (
                    words
                    == ["Agreement", "of", "1951", "on", "the", "status", "of", "forces", "of", "1993"][: len(words)]
                )
        [line] = lines_of("Donaudampfschifffahrtsgesellschaft", 60, 11, most=1)
        assert line.startswith("Donau") and line.endswith("…")

    def test_an_entry_that_would_be_alone_on_a_scale_has_none(self):
        days = ("1943-12-10", *(f"2025-0{month}-01" for month in range(1, 7)))
        line = timeline_of([Entry(day, day) for day in days], TODAY)
        alone, others = line["sections"]
        assert (alone["is_bare"], alone["ticks"], alone["today"]) == (True, [], None)
        assert alone["rows"][0]["x"] == line["strip"]["marks"][0]
        assert alone["bottom"] - alone["top"] == timeline.LINE + timeline.MARK
        assert others["ticks"] and not others["is_bare"] and line["has_bare"]
        assert not timeline_of([Entry("2020", "one")], TODAY)["has_bare"]

    def test_steps_of_one_day_stand_in_the_order_of_a_life(self):
        entries = [Entry("2020-05-04", "Entered into force", rank=16), Entry("2020-05-04", "Signed", rank=3)]
        assert [entry.label for entry in timeline.in_order(entries)] == ["Signed", "Entered into force"]

    def test_by_year_counts_only_what_surely_lies_in_the_year(self):
        dates = ("2019-05-01", "2019", "2019-03~", "2018/2019", "", "2021")
        found = bars.by_year([Entry(date, "x") for date in dates])
        assert {row["year"]: row["number"] for row in found["years"]} == {2019: 2, 2020: 0, 2021: 1}
        assert found["unplaced"] == 3

    def test_bars_stand_within_labelled_lines(self, subtests):
        for numbers in ({2020: 1}, {1936: 1, 2014: 8, 2026: 3}, {1000: 40, 2026: 12345}):
            with subtests.test(numbers):
                chart = bars.bars(numbers, 0)
                by_number = {line["number"]: line["y"] for line in chart["lines"]}
                assert by_number[0] == bars.BOTTOM and max(by_number) >= max(numbers.values()) > 0
                assert 2 <= len(by_number) <= 6 and len(chart["ticks"]) <= 7
                for row in chart["years"]:
                    assert row["y"] >= bars.TOP and row["y"] + row["height"] == pytest.approx(bars.BOTTOM)
                    assert row["x"] >= bars.LEFT and row["x"] + row["width"] <= bars.WIDTH
                tallest = max(chart["years"], key=lambda row: row["height"])
                assert tallest["number"] == max(numbers.values())

    def test_statements_give_way_before_steps_do(self):
        steps = [Entry("2020", "step")] * 50
        said = [Entry("2020", "said", is_statement=True)] * 50
        assert timeline.to_draw(steps + said) == steps
        assert timeline.to_draw(steps + steps) == []
        assert timeline.to_draw(steps) == steps


@pytest.mark.django_db
class TestTimelinePages:
    def test_an_agreement_shows_its_steps_and_what_was_said(self, client):
        step = {"kind": "signed", "date": "2020-05-04"}
        agreement = signed(make_state(), slug="pact", milestones=[step, {"kind": "in_force", "evidence": "claimed"}])
        make_position(status="published", about=agreement.ref, date="2021-02", statement="Too quick.")
        make_position(status="draft", about=agreement.ref, date="2021-03", statement="Not public.")
        answer = client.get("/timeline/?record=agreements/pact")
        entries = [(entry.label, entry.mark) for entry in answer.context["entries"]]
        assert entries == [
            ("Signed", "evidenced"),
            ("A senator: Too quick.", "evidenced"),
            ("Entered into force", "claimed"),
        ]

    def test_a_statement_names_who_said_it_unless_it_is_their_timeline(self, client):
        ana, pact = make_person(status="published", slug="ana", name="Ana Paz"), signed(make_state(), slug="pact")
        make_position(
            status="published", person="ana", holder_note="", about=pact.ref, date="2021", statement="Too quick."
        )
        for record, words in ((pact, "Ana Paz: Too quick."), (ana, "Too quick.")):
            answer = client.get(f"/timeline/?record={record.ref}")
            assert words in [entry.label for entry in answer.context["entries"]]

    def test_a_person_shows_what_they_signed(self, client):
        ana = make_person(status="published", slug="ana")
        signed(make_state(), title="The pact", signatures=[{"person": "ana", "party": "pry"}])
        assert [entry.label for entry in client.get(f"/timeline/?record={ana.ref}").context["entries"]] == [
            "Signed: The pact"
        ]

    def test_a_state_reads_what_a_chamber_decided_and_what_only_weak_sources_say(self, client):
        state = make_state()
        senate = make_organisation(slug="senate", name="Senate", kind="legislature", country="pry", status="published")
        vote = {"kind": "chamber", "date": "2020-06-01", "body": senate.slug, "outcome": "approved", "votes_for": 28}
        steps = [
            {"kind": "signed", "date": "2020-05-04"},
            {**vote, "votes_against": 7},
            {"kind": "expired", "date": "2021"},
        ]
        pact = signed(state, slug="pact", title="The pact", milestones=steps)
        pact.milestones.filter(kind="signed").update(is_weak=True, standing="contested")
        pact.milestones.filter(kind="expired").update(is_foretold=True)
        entries = client.get("/timeline/?record=organisations/pry").context["entries"]
        assert [(entry.label, entry.mark, entry.is_contested) for entry in entries] == [
            ("Signed: The pact", "claimed", True),
            ("Voted on by a chamber: The pact (approved 28–7, Senate)", "evidenced", False),
            ("Expired: The pact", "foretold", False),
        ]

    def test_sources_that_differ_on_something_else_do_not_make_the_signing_contested(self, client):
        pact = signed(
            make_state(), slug="pact", signatures=[{"person": make_person(status="published", slug="ana").slug}]
        )
        Agreement.objects.filter(pk=pact.pk).update(is_contested=True)
        for address in ("/timeline/", "/timeline/?record=people/ana"):
            assert [entry.is_contested for entry in client.get(address).context["entries"]] == [False]
        pact.milestones.update(standing="contested")
        for address in ("/timeline/", "/timeline/?record=people/ana"):
            assert [entry.is_contested for entry in client.get(address).context["entries"]] == [True]

    def test_a_draft_is_called_as_unknown_as_what_never_was(self, client):
        make_person(status="draft", slug="ana")
        hidden = client.get("/timeline/?record=people/ana").content
        assert hidden.replace(b"ana", b"eva") == client.get("/timeline/?record=people/eva").content

    def test_a_record_and_a_filter_exclude_each_other(self, client):
        signed(make_state(), slug="pact")
        assert client.get("/timeline/?record=agreements/pact&type=sofa").status_code == 400

    @pytest.mark.parametrize("address", ["/timeline.svg", "/timeline.svg?record=agreements/pact"])
    def test_the_file_is_sound(self, client, address):
        signed(make_state(), slug="pact", title="A <b>bold</b> & “quoted” pact")
        assert svg(client.get(address)).tag == f"{SVG}svg"

    def test_of_a_state_with_very_much_all_is_counted_and_the_table_has_the_latest(self, client, monkeypatch):
        monkeypatch.setattr(dated, "MOST_READ", 3)
        monkeypatch.setattr(dated, "MOST_ROWS", 2)
        state = make_state("PER", "Peru")
        for year in (2001, 2002, 2003, 2004):
            signed(state, title=f"Pact of {year}", milestones=[{"kind": "signed", "date": str(year)}])
        answer = client.get("/timeline/?record=organisations/per")
        assert [entry.date for entry in answer.context["entries"]] == ["2003", "2004"]
        assert answer.context["unread"] == 2
        counted = {row["year"]: row["number"] for row in answer.context["years"]["years"]}
        assert counted == {2001: 1, 2002: 1, 2003: 1, 2004: 1}
        page = " ".join(answer.content.decode().split())
        assert "2 earlier entries are not in it" in page
        assert 'href="/organisations/per/timeline/"' in page

    def test_few_are_drawn_and_more_are_counted_however_many_there_are(self, client, monkeypatch):
        """Of a state and of a list alike; the state also where not all is read."""
        monkeypatch.setattr(timeline, "MOST_ROWS", 2)
        monkeypatch.setattr(dated, "MOST_ROWS", 2)
        monkeypatch.setattr(dated, "MOST_READ", 4)
        state, drawn = make_state("PER", "Peru"), []
        for year in range(2001, 2008):
            signed(state, title=f"Pact of {year}", milestones=[{"kind": "signed", "date": str(year)}])
            pictures = [
                client.get(f"/timeline/?{query}").context for query in ("record=organisations/per", "party=PER")
            ]
            assert all(bool(picture["line"]) != bool(picture["years"]) for picture in pictures)
            drawn.append([bool(picture["line"]) for picture in pictures])
            if not drawn[-1][0]:
                assert sum(row["number"] for row in pictures[0]["years"]["years"]) == len(drawn)
        assert drawn == [[True, True]] * 2 + [[False, False]] * 5

    def test_many_agreements_are_counted_by_year(self, client):
        agreements = [signed(make_state())]
        for number in range(timeline.MOST_ROWS):
            row = Agreement.objects.get(pk=agreements[0].pk)
            row.pk, row.slug = None, f"copy-{number}"
            row.save()
        query = f"type={agreements[0].type}"
        answer = client.get(f"/timeline/?{query}")
        [year] = answer.context["years"]["years"]
        assert (year["year"], year["number"]) == (2020, timeline.MOST_ROWS + 1)
        assert f'href="/agreements/?{query}&amp;year=2020"' in answer.content.decode()
        svg(client.get(f"/timeline.svg?{query}"))
        assert client.get(f"/timeline.csv?{query}").content.decode().split() == ["year,number", "2020,61"]


@pytest.mark.django_db
class TestWaysToPictures:
    def test_records_lead_to_their_timeline_and_network(self, client, subtests):
        state, person = make_state(), make_person(status="published", slug="ana")
        for record in (state, person, signed(state, slug="pact")):
            with subtests.test(record.ref):
                page = client.get(record.get_absolute_url()).content.decode()
                frozen = client.get(f"{record.get_absolute_url()}v/1/").content.decode()
                for name in ("timeline", "network"):
                    address = f"/{name}/?record={record.ref}"
                    assert f'href="{address}"' in page
                    assert f'href="{address}"' not in frozen
                    assert client.get(address).status_code == 200

    def test_the_list_hands_its_filters_to_the_pictures(self, client):
        signed(make_state(), type="sofa")
        page = client.get("/agreements/?type=sofa&ordering=title&page_size=5&party=").content.decode()
        for name in ("map", "timeline"):
            assert f'href="/{name}/?type=sofa"' in page

    def test_a_topic_shows_its_map(self, client):
        make_topic("D2")
        page = client.get("/topics/d2/").content.decode()
        assert 'src="/map.svg?colour=approach&amp;topic=D2"' in page
        assert client.get("/map.svg?colour=approach&topic=D2").status_code == 200

    def test_home_and_the_foot_of_each_page_name_the_pictures(self, client):
        signed(make_state())
        page = client.get("/").content.decode()
        assert 'src="/map.svg"' in page
        foot = page[page.index('id="more"') :]
        assert all(f'href="/{name}/"' in foot for name in ("map", "timeline", "network"))

    def test_the_map_explains_its_colours_unless_the_numbers_do(self, client):
        signed(make_state())
        assert ">Colour<" not in client.get("/map/").content.decode()
        assert ">Colour<" in client.get("/map/?colour=status").content.decode()


@pytest.mark.django_db
def test_a_source_tells_how_often_it_supports_disputes_and_mentions(client):
    report = make_source(slug="report")
    agreement = signed(make_state())
    cite(agreement, "title", report)
    for value in ("one", "two"):
        cite(agreement, "title", report, stance="disputes", value=value, locator=value)
    cite(make_agreement(status="draft"), "title", report)
    assert client.get("/sources/report/").context["stances"] == {"supports": 1, "disputes": 2, "mentions": 0}
