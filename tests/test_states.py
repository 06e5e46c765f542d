"""Comparing and joining states: nothing is lost in laying flat, one side's changes stand, and disagreement is symmetric."""

from copy import deepcopy

from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from sources.records import dossier_diff
from sources.records.dossier import canonical

PARTS = ("milestones", "clauses")
KEYS = ["art-1", "art-2", "signed", "entry"]
FIELDS = ["date", "note", "place"]


def given(*strategies):
    """Forty examples, however slow the machine is."""
    return lambda test: settings(max_examples=40, deadline=None)(any_of(*strategies)(test))


TEXT = st.sampled_from(["2025", "2025-12-15", "Asunción", "a @ b", "x.y/z", "true"])
VALUE = TEXT | st.integers(0, 9) | st.booleans() | st.lists(TEXT, min_size=1, max_size=3, unique=True).map(sorted)

citation = st.fixed_dictionaries(
    {"source": st.sampled_from(["one", "two"])},
    optional={
        "locator": st.sampled_from(["p. 1", "line 4 @ top", "a.b/c"]),
        "stance": st.sampled_from(["disputes", "mentions"]),
        "value": TEXT,
    },
)


def _evidence(cited):
    """The citations of a row as a dossier reads them: one for each place, with its fields, in order."""
    citations = {}
    for field, items in cited.items():
        places = {tuple(dossier_diff._identity(item)): item for item in items}
        for item in places.values():
            citations.setdefault(canonical(item), (item, []))[1].append(field)
    return [{"fields": sorted(fields), **item} for _key, (item, fields) in sorted(citations.items())]


@st.composite
def rows(draw, **more):
    row = draw(st.dictionaries(st.sampled_from(FIELDS), VALUE)) | more
    citations = _evidence(draw(st.dictionaries(st.sampled_from(FIELDS), st.lists(citation, min_size=1, max_size=2))))
    ruled = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=2))
    if citations:
        row["citations"] = citations
    if ruled:
        row["rulings"] = [{"field": field, "reason": draw(TEXT), "ruled_by": "Bob"} for field in sorted(ruled)]
    return row


@st.composite
def dossiers(draw):
    dossier = draw(rows())
    for name in PARTS:
        keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=3))
        if keys:
            dossier[name] = [draw(rows(key=key)) for key in keys]
    return dossier


def merge(base, theirs, mine, choices=None):
    state, conflicts = dossier_diff.merge(base, theirs, mine, PARTS, choices)
    return state, {conflict.path: (conflict.base, conflict.theirs, conflict.mine) for conflict in conflicts}


@given(dossiers())
def test_nothing_is_lost_in_laying_flat(dossier):
    assert dossier_diff.unflatten(dossier_diff.flatten(dossier, PARTS), PARTS) == dossier


@given(dossiers(), st.randoms(use_true_random=False))
def test_the_order_in_which_citations_stand_says_nothing(dossier, random):
    shuffled = deepcopy(dossier)
    for row in [shuffled, *(entry for name in PARTS for entry in shuffled.get(name, ()))]:
        random.shuffle(row.get("citations", []))
        for item in row.get("citations", ()):
            random.shuffle(item["fields"])
    assert canonical(dossier_diff.unflatten(dossier_diff.flatten(shuffled, PARTS), PARTS)) == canonical(dossier)


@given(dossiers(), dossiers())
def test_where_one_side_changed_nothing_the_other_stands(base, changed):
    assert merge(base, changed, base) == (changed, {})
    assert merge(base, base, changed) == (changed, {})


@given(dossiers(), dossiers())
def test_where_both_made_the_same_of_it_it_stands(base, changed):
    assert merge(base, changed, changed) == (changed, {})


@given(dossiers(), dossiers(), dossiers())
def test_conflicts_are_the_same_from_either_side(base, one, other):
    ours = merge(base, one, other)[1]
    theirs = merge(base, other, one)[1]
    assert ours == {path: (old, right, left) for path, (old, left, right) in theirs.items()}


@given(dossiers(), dossiers(), dossiers())
def test_each_change_is_kept_or_shown(base, theirs, mine):
    """A change of either side is in the result, or its place (or its part) is among the conflicts."""
    state, conflicts = merge(base, theirs, mine)
    result = dossier_diff.flatten(state, PARTS)
    flat_base = dossier_diff.flatten(base, PARTS)
    for side in (theirs, mine):
        flat = dossier_diff.flatten(side, PARTS)
        for path in {*flat, *flat_base} - {*PARTS}:
            if flat.get(path) != flat_base.get(path) and result.get(path) != flat.get(path):
                assert path in conflicts or dossier_diff.split(path)[0] in conflicts, path


@given(dossiers(), dossiers(), dossiers())
def test_a_choice_settles_a_conflict(base, theirs, mine):
    conflicts = merge(base, theirs, mine)[1]
    for side, dossier in (("mine", mine), ("theirs", theirs)):
        state = merge(base, theirs, mine, dict.fromkeys(conflicts, side))[0]
        result, wanted = dossier_diff.flatten(state, PARTS), dossier_diff.flatten(dossier, PARTS)
        for path in conflicts:
            if path not in PARTS:
                assert result.get(path) == wanted.get(path)


@given(dossiers(), dossiers(), st.data())
def test_edits_in_different_places_are_joined(base, other, data):
    """Each side takes some places over from another state, none of them the same."""
    places = sorted(
        {
            dossier_diff.split(path)[0] or path
            for path in {*dossier_diff.flatten(base, PARTS), *dossier_diff.flatten(other, PARTS)}
        }
    )
    first = set(data.draw(st.lists(st.sampled_from(places), unique=True))) if places else set()
    sides = [_with(base, other, {*first} - {*PARTS}), _with(base, other, {*places} - first - {*PARTS})]
    state, conflicts = merge(base, *sides)
    assert not set(conflicts) - {*PARTS}
    result = dossier_diff.flatten(state, PARTS)
    both = {**dict.fromkeys(first, sides[0]), **dict.fromkeys({*places} - first, sides[1])}
    for place, side in both.items():
        if place not in PARTS:
            assert _at(result, place) == _at(dossier_diff.flatten(side, PARTS), place)


def _at(flat, place):
    """What is at a path, or in a part."""
    return {path: value for path, value in flat.items() if place in (path, dossier_diff.split(path)[0])}


def _with(base, other, places):
    """``base`` with what ``other`` has at these places."""
    flat, source = dossier_diff.flatten(base, PARTS), dossier_diff.flatten(other, PARTS)
    for place in places:
        for path in _at(flat, place):
            del flat[path]
        flat.update(_at(source, place))
    for name in PARTS:
        present = [
            path.partition("/")[2]
            for path in flat
            if path.startswith(f"{name}/") and dossier_diff.split(path)[0] == path
        ]
        kept = [key for key in flat.pop(name, []) if key in present]
        order = kept + sorted({*present} - {*kept})
        if order:
            flat[name] = order
    return dossier_diff.unflatten(flat, PARTS)


@given(dossiers(), dossiers())
def test_the_difference_leads_from_one_to_the_other(before, after):
    changes = dossier_diff.diff(before, after, PARTS)
    old, new = dossier_diff.flatten(before, PARTS), dossier_diff.flatten(after, PARTS)
    assert all((change.before, change.after) == (old.get(change.path), new.get(change.path)) for change in changes)
    named = {change.path for change in changes} | {*PARTS}
    assert {path for path in {*old, *new} if old.get(path) != new.get(path)} <= named
    assert not dossier_diff.diff(before, before, PARTS)


@given(dossiers(), dossiers())
def test_there_and_back_one_place_at_a_time(now, then):
    """Restoring each difference restores the old state, except the order of lists."""
    state = now
    for change in dossier_diff.diff(now, then, PARTS):
        state = dossier_diff.restored(state, then, PARTS, change.path)
    assert {change.path for change in dossier_diff.diff(state, then, PARTS)} <= {*PARTS}


# Named cases


def test_a_changed_list_of_records_is_shown():
    """Recipients are a field of the record and no list of parts: a difference in them was once left out."""
    changes = dossier_diff.diff({"recipients": ["pry"]}, {"recipients": ["pry", "usa"]}, ("parts",))
    assert [change.path for change in changes] == ["recipients"]


def test_a_new_order_alone_is_news():
    before, after = ({"clauses": [{"key": key} for key in order]} for order in (["a", "b"], ["b", "a"]))
    assert [change.path for change in dossier_diff.diff(before, after, PARTS)] == ["clauses"]


def test_a_part_removed_here_and_changed_there_is_one_conflict():
    base = {"milestones": [{"key": "signed", "date": "2025", "place": "Asunción"}]}
    changed = {"milestones": [{"key": "signed", "date": "2025-12-15", "note": "New.", "place": "Asunción"}]}
    state, conflicts = merge(base, {}, changed)
    assert list(conflicts) == ["milestones/signed"]
    assert state == {}
    assert merge(base, {}, changed, {"milestones/signed": "mine"})[0] == changed


def test_a_citation_added_to_a_part_that_was_removed_does_not_bring_it_back_silently():
    base = {"milestones": [{"key": "signed", "date": "2025"}]}
    cited = {"milestones": [{"key": "signed", "date": "2025", "citations": [{"fields": ["date"], "source": "one"}]}]}
    state, conflicts = merge(base, {}, cited)
    assert list(conflicts) == ["milestones/signed"]
    assert state == {}


def test_one_side_sorts_and_the_other_adds():
    def keys(*order):
        return {"clauses": [{"key": key} for key in order]}

    for theirs, mine in ((keys("b", "a"), keys("a", "b", "c")), (keys("a", "b", "c"), keys("b", "a"))):
        assert merge(keys("a", "b"), theirs, mine) == (keys("b", "a", "c"), {})


def test_two_orders_are_a_conflict():
    def keys(*order):
        return {"clauses": [{"key": key} for key in order]}

    state, conflicts = merge(keys("a", "b", "c"), keys("b", "a", "c"), keys("a", "c", "b"))
    assert list(conflicts) == ["clauses"]
    assert state == keys("b", "a", "c")


def test_a_part_comes_back_whole():
    signed = {"key": "signed", "date": "2025", "citations": [{"fields": ["date"], "source": "one"}]}
    then = {"title": "x", "milestones": [signed]}
    for path in ("milestones/signed", "milestones/signed.date"):
        assert dossier_diff.restored({"title": "y"}, then, PARTS, path) == {"title": "y", "milestones": [signed]}
