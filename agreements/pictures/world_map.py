"""The world map of agreements: every state of the chosen agreements, coloured by how many there are or by what they say.

A state is coloured by its own agreements only. The table beside the map has the same rows and numbers.
"""

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agreements.codebook.answer_comparison import ALL, CORE_CLASSES
from agreements.life.status import InForce
from agreements.models import Coding, PartyEntry, StatusSpan
from agreements.models.list_entries import under_party
from agreements.pictures.picture_tallies import PARTIES, status_of
from agreements.pictures.world import world
from people.models import Organisation
from sources.reading.store.reading import tallies_of

NUMBER, STATUS, APPROACH = "number", "status", "approach"
COLOURINGS = {NUMBER: _("how many agreements"), STATUS: _("whether in force"), APPROACH: _("approach to a topic")}

# The least number of each class of colour, from pale to strong.
STEPS = (1, 2, 4, 8, 16)
# What tells most about a state that has several agreements stands first.
_STATUS_CLASSES = (
    ("in-force", _("an agreement in force"), (InForce.YES, InForce.PROVISIONALLY)),
    ("suspended", _("suspended, none in force"), (InForce.SUSPENDED,)),
    ("open", _("entry into force or renewal not established"), (InForce.NOT_ESTABLISHED, InForce.NOT_APPLICABLE)),
    ("ended", _("not in force or ended, as a cited step shows"), (InForce.NO,)),
)
# Colours for approaches, the most frequent first; a state with several approaches has a class of its own.
APPROACH_CLASSES = 6


def map_of(agreements, colouring=NUMBER, topic=None, is_all=False):
    """The map of ``agreements``, a queryset of published agreements; ``is_all``: of every one between parties.

    ``{"rows": [{"code", "slug", "name", "number", "colour", "words"}], "legend": [{"colour", "label", "states"}]}``, most
    agreements first. ``colour`` is the name of a class of colour, ``words`` what it stands for.
    """
    rows = _states(tallies_of(PARTIES)[0] if is_all else _numbers(agreements))
    if colouring == STATUS:
        legend = _colour_by_status(rows, _tallied_statuses() if is_all else _statuses(agreements))
    elif colouring == APPROACH:
        legend = _colour_by_approach(rows, _approaches(agreements, topic))
    else:
        legend = _colour_by_number(rows)
    for entry in legend:
        entry["states"] = sum(row["colour"] == entry["colour"] for row in rows)
    return {"rows": rows, "legend": [entry for entry in legend if entry["states"]]}


def _parties(agreements):
    """The entries of the agreements under their parties, each once."""
    # Whatever begins so: on both databases a range of an index.
    headings = {"heading__gte": under_party(""), "heading__lt": under_party("a")}
    return PartyEntry.objects.filter(agreement__in=agreements.order_by().values("pk"), **headings).order_by()


def _by_slug(found):
    """``{slug of a state: value}`` from ``{heading of a party: value}``."""
    states = Organisation.objects.published().filter(kind=Organisation.Kind.STATE).order_by()
    return {slug: found[under_party(pk)] for pk, slug in states.values_list("pk", "slug") if under_party(pk) in found}


def _states(numbers):
    """The rows of states with a code, from ``{slug: number of agreements}``."""
    keys = ("code", "slug", "name", "name_es")
    states = Organisation.objects.published().filter(kind=Organisation.Kind.STATE).exclude(iso_alpha3="").order_by()
    found = [dict(zip(keys, row, strict=True)) for row in states.values_list("iso_alpha3", *keys[1:])]
    rows = [{**row, "number": numbers[row["slug"]]} for row in found if row["slug"] in numbers]
    return sorted(rows, key=lambda row: (-row["number"], row["name"]))


def _numbers(agreements):
    return _by_slug(dict(_parties(agreements).values_list("heading").annotate(number=Count("pk"))))


def _tallied_statuses():
    """``{slug: statuses of its agreements}``, of all agreements."""
    held = {}
    for status, slugs in zip(InForce.values, tallies_of(*map(status_of, InForce.values)), strict=True):
        for slug in slugs:
            held.setdefault(slug, set()).add(status)
    return held


def _statuses(agreements):
    """``{slug: statuses of its agreements}``."""
    of_agreement = StatusSpan.objects.today().filter(agreement=OuterRef("agreement")).values("in_force")[:1]
    status = Coalesce(Subquery(of_agreement), Value(InForce.NOT_ESTABLISHED))
    return _by_slug(_gathered(_parties(agreements).values_list("heading", status).distinct()))


def _approaches(agreements, topic):
    """``{slug: names of the approaches that its agreements take}`` for the force and its civilian component."""
    codings = Coding.objects.published().filter(
        topic=topic, person_class__in=[ALL, *CORE_CLASSES], approach__isnull=False
    )
    taken = _parties(agreements).filter(agreement__codings__in=codings)
    return _by_slug(_gathered(taken.values_list("heading", "agreement__codings__approach__name").distinct()))


def _gathered(pairs):
    held = {}
    for slug, value in pairs:
        held.setdefault(slug, set()).add(value)
    return held


def _colour_by_number(rows):
    for row in rows:
        step = max(index for index, least in enumerate(STEPS) if row["number"] >= least)
        row["colour"] = f"step-{step}"
        row["words"] = ngettext("%(n)s agreement", "%(n)s agreements", row["number"]) % {"n": row["number"]}
    return [{"colour": f"step-{index}", "label": _span_words(index)} for index in range(len(STEPS))]


def _span_words(index):
    least = STEPS[index]
    if index == len(STEPS) - 1:
        return gettext("%(n)s or more agreements") % {"n": least}
    most = STEPS[index + 1] - 1
    if least == most:
        return ngettext("%(n)s agreement", "%(n)s agreements", least) % {"n": least}
    return gettext("%(least)s to %(most)s agreements") % {"least": least, "most": most}


def _colour_by_status(rows, held):
    for row in rows:
        statuses = held[row["slug"]]
        colour, label, _codes = next(entry for entry in _STATUS_CLASSES if statuses & {*entry[2]})
        row["colour"], row["words"] = colour, str(label)
    return [{"colour": colour, "label": str(label)} for colour, label, _codes in _STATUS_CLASSES]


def _colour_by_approach(rows, held):
    held = {row["slug"]: held.get(row["slug"], set()) for row in rows}
    classes = _approach_classes(held)
    several = {"colour": "several", "label": gettext("several approaches")}
    none = {"colour": "none", "label": gettext("no agreement coded with an approach")}
    for row in rows:
        names = held[row["slug"]]
        entry = none if not names else several if len(names) > 1 else classes[next(iter(names))]
        row["colour"], row["words"] = entry["colour"], ", ".join(sorted(names)) or entry["label"]
    return [*{entry["colour"]: entry for entry in classes.values()}.values(), several, none]


def _approach_classes(held):
    """``{approach: {"colour", "label"}}``; those beyond ``APPROACH_CLASSES`` share one colour."""
    alone = [next(iter(names)) for names in held.values() if len(names) == 1]
    ranked = sorted(set(alone), key=lambda name: (-alone.count(name), name))
    other = {"colour": "other", "label": gettext("another approach")}
    return {
        name: {"colour": f"approach-{rank}", "label": name} if rank < APPROACH_CLASSES else other
        for rank, name in enumerate(ranked)
    }


def drawn(chart):
    """The shapes and points to draw: those of ``world()``, each with its row of the chart or ``None``."""
    rows = {row["code"]: row for row in chart["rows"]}
    outline = world()
    return {
        "width": outline["width"],
        "height": outline["height"],
        "shapes": [{**shape, "row": rows.get(shape["code"])} for shape in outline["shapes"]],
        "points": [{**point, "row": rows.get(point["code"])} for point in outline["points"]],
    }


def without_outline(chart):
    """Rows of states that the map cannot draw: former states, and codes that it does not know."""
    outline = world()
    known = {entry["code"] for entry in (*outline["shapes"], *outline["points"])}
    return [row for row in chart["rows"] if row["code"] not in known]
