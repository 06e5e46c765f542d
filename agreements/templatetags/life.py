"""The status of an agreement on pages: the same words, and how sure they are, wherever it stands."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.codebook.coding_coverage import coding_coverage, query_of_others
from agreements.life.parties import PartyStatus
from agreements.life.status import status_words
from agreements.models import Agreement
from sources.reading.drawing import draw

register = template.Library()


BADGES = "agreements/badges.html"


@register.simple_tag
def status(code, since=None, confidence="", standing="", begins_sentence=False):
    """The badge of a status with its certainty. An old frozen version may have no confidence and no standing."""
    return draw(BADGES, "status", code, since, confidence, standing, begins_sentence)


@register.filter
def status_sentence(record):
    """The status of an agreement with its certainty as a sentence in plain text; empty in old frozen versions without it."""
    found = record.get("derived_status") or {}
    if not found.get("status"):
        return ""
    words = status_words(found["status"], found.get("since"))
    sure = {"high": _("high confidence"), "medium": _("medium confidence"), "low": _("low confidence")}
    certainty = [sure.get(found.get("confidence"), ""), _("contested") if found.get("standing") == "contested" else ""]
    more = ", ".join(filter(None, certainty))
    return f"{words[:1].upper()}{words[1:]} ({more})." if more else f"{words[:1].upper()}{words[1:]}."


@register.simple_tag
def certainty(confidence="", standing=""):
    """How sure a fact is, and whether sources differ on it."""
    return draw(BADGES, "certainty", confidence, standing)


@register.simple_tag
def party_standing(record, party):
    """Where one party stands, where it has taken steps of its own; ``record`` is the public form of the agreement."""
    return draw(BADGES, "party_standing", record, party)


def standing_of(record, party):
    """What is found of one party, or ``None``."""
    slug = (party.get("organisation") or {}).get("slug")
    rows = (record.get("derived_status") or {}).get("parties") or ()
    return next((row for row in rows if row["party"]["slug"] == slug), None)


@register.simple_tag
def coded(record):
    """How far an agreement is coded; ``record`` is its public form. Frozen versions may not know it."""
    return draw(BADGES, "coded", record)


def coded_in_part(record):
    """How far, of an agreement that is coded on some topics."""
    topics, in_all = record.get("topics_coded"), record.get("topics_in_codebook")
    return ngettext("coded in part: %(n)s of %(all)s topics", "coded in part: %(n)s of %(all)s topics", topics) % {
        "n": topics,
        "all": in_all,
    }


@register.inclusion_tag("agreements/_coding_coverage.html")
def coverage_of_coding():
    """How many agreements are recorded, how many of them coded, and what else the list can show."""
    return {**coding_coverage(), "query": query_of_others()}


@register.filter
def is_agreement(record):
    """Whether the public form is that of an agreement between parties, not of a programme, doctrine or procedure."""
    return record["type"] not in Agreement.NOT_BETWEEN_PARTIES


def party_status(code):
    """The status of a party in words."""
    return PartyStatus(code).label if code in PartyStatus.values else code


@register.filter
def drawn_as(step):
    """How the ladder draws a step: solid if it is evidenced, hollow if it is claimed or has only weak sources."""
    if step["evidence"] != "evidenced":
        return step["evidence"]
    return "planned" if step.get("is_foretold") else "claimed" if step.get("is_weak") else "evidenced"
