"""The world map of agreements: every state of the chosen agreements, coloured by how many there are or by what they say.

A state is coloured by its own agreements only. The table beside the map has the same rows and numbers.
"""

from django.db.models import Count
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agreements.codebook.answer_comparison import ALL, CORE_CLASSES
from agreements.life.status import InForce
from agreements.models import Coding, Party, StatusSpan
from agreements.pictures.world import world
from people.models import Organisation

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


def map_of(agreements, colouring=NUMBER, topic=None):
    """The map of ``agreements``, a queryset of published agreements.

    ``{"rows": [{"code", "slug", "name", "number", "colour", "words"}], "legend": [{"colour", "label", "states"}]}``, most
    agreements first. ``colour`` is the name of a class of colour, ``words`` what it stands for.
    """
    rows = _states(agreements)
    if colouring == STATUS:
        legend = _colour_by_status(rows, agreements)
    elif colouring == APPROACH:
        legend = _colour_by_approach(rows, agreements, topic)
    else:
        legend = _colour_by_number(rows)
    for entry in legend:
        entry["states"] = sum(row["colour"] == entry["colour"] for row in rows)
    return {"rows": rows, "legend": [entry for entry in legend if entry["states"]]}


def _parties(agreements):
    """Published parties of the agreements that are states with a code."""
    parties = Party.objects.published().filter(agreement__in=agreements, organisation__kind=Organisation.Kind.STATE)
    return parties.exclude(organisation__iso_alpha3="").order_by()


def _states(agreements):
    names = ("organisation__iso_alpha3", "organisation__slug", "organisation__name", "organisation__name_es")
    counted = _parties(agreements).values_list(*names).annotate(number=Count("agreement", distinct=True))
    keys = ("code", "slug", "name", "name_es", "number")
    rows = [dict(zip(keys, row, strict=True)) for row in counted]
    return sorted(rows, key=lambda row: (-row["number"], row["name"]))


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


def _colour_by_status(rows, agreements):
    spans = StatusSpan.objects.today().filter(agreement__in=agreements)
    of_agreement = dict(spans.values_list("agreement", "in_force"))
    held = {}
    for code, agreement in _parties(agreements).values_list("organisation__iso_alpha3", "agreement"):
        held.setdefault(code, set()).add(of_agreement.get(agreement, InForce.NOT_ESTABLISHED))
    for row in rows:
        colour, label, _codes = next(entry for entry in _STATUS_CLASSES if held[row["code"]] & {*entry[2]})
        row["colour"], row["words"] = colour, str(label)
    return [{"colour": colour, "label": str(label)} for colour, label, _codes in _STATUS_CLASSES]


def _colour_by_approach(rows, agreements, topic):
    """By the approach that the state's agreements take for the force and its civilian component."""
    codings = Coding.objects.published().filter(
        topic=topic, agreement__in=agreements, person_class__in=[ALL, *CORE_CLASSES], approach__isnull=False
    )
    taken = {}
    for agreement, name in codings.order_by("approach__order").values_list("agreement", "approach__name"):
        taken.setdefault(agreement, set()).add(name)
    held = {}
    for code, agreement in _parties(agreements).values_list("organisation__iso_alpha3", "agreement"):
        held[code] = held.get(code, set()) | taken.get(agreement, set())
    classes = _approach_classes(held)
    several = {"colour": "several", "label": gettext("several approaches")}
    none = {"colour": "none", "label": gettext("no agreement coded with an approach")}
    for row in rows:
        names = held[row["code"]]
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
