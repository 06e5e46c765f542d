"""The questions that the home page starts from. Each leads to the list or page that answers it."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Topic
from sources.templatetags.reading import display_name

# Words, the list that answers, and what it is asked for.
OF_LISTS = (
    (gettext_lazy("Which agreements are in force?"), "agreements", {"status": "in_force"}),
    (
        gettext_lazy("Of which agreements is no text known to be public?"),
        "agreements",
        {"text": ["none", "summary", "unknown"]},
    ),
    (gettext_lazy("On what do the sources still contradict one another?"), "contested", {"state": "contested"}),
    (gettext_lazy("Who objected, and to what?"), "positions", {"stance": ["concern", "opposes"]}),
    (gettext_lazy("For which exercises does no source name a legal basis?"), "exercises", {"legal_basis": "none"}),
    (gettext_lazy("What was delivered, and to whom?"), "assistance", {"state": "delivered"}),
    (gettext_lazy("Which sources are not usually reliable, and why?"), "sources", {"reliability": ["D", "E"]}),
)
# Words, the code of the topic that answers, and what its page is asked for.
OF_TOPICS = (
    (gettext_lazy("Who may try a soldier who commits a crime abroad?"), "D2", {}),
    (
        gettext_lazy("Which agreements let the host state try contractors?"),
        "D2",
        {
            "person_class": ["contractor", "contractor_employee"],
            "approach": ["host_state", "concurrent_with_primary_rights"],
        },
    ),
    (gettext_lazy("How long before leaving must a party give notice?"), "L6", {}),
)


def questions(featured=None):
    """``[{"words", "address"}]``; those about the agreement that the page features come last."""
    return [*_of_topics(), *_of_lists(), *(_of_agreement(featured) if featured else ())]


def _of_lists():
    return [_row(words, reverse(name), query) for words, name, query in OF_LISTS]


def _of_topics():
    """The questions whose topic, with the approaches asked for, is in the codebook."""
    codes = {code for _words, code, _query in OF_TOPICS}
    approaches = {}
    for code, slug, approach in Topic.objects.filter(code__in=codes).values_list("code", "slug", "approaches__code"):
        approaches.setdefault(code, (slug, set()))[1].add(approach)
    return [
        _row(words, reverse("topics-page", args=[approaches[code][0]]), query)
        for words, code, query in OF_TOPICS
        if code in approaches and approaches[code][1] >= {*query.get("approach", ())}
    ]


def _of_agreement(record):
    name, page = display_name(record), record["page"]
    return [
        _row(_("How did the chambers vote on the %(name)s?") % {"name": name}, f"{page}#life", {}),
        _row(_("Is the %(name)s in force, and who says so?") % {"name": name}, f"{page}#life", {}),
        _row(
            _("Who spoke for the %(name)s, and who against?") % {"name": name},
            reverse("positions"),
            {"about": record["ref"]},
        ),
    ]


def _row(words, address, query):
    return {"words": str(words), "address": f"{address}?{urlencode(query, doseq=True)}" if query else address}
