"""``/search/``: the page that is drawn from the search index (see ``sources.reading.search``)."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kb.site import frame
from kb.site.facet_words import kind_in_words, words_of
from sources.lib.filters import BadParameters
from sources.lib.text import fold
from sources.reading.search.request import FACETS, MOST_PAGES, PAGE, SearchRequest
from sources.reading.views import PublicPage, changed_query, refused

# How many values of a facet are shown at once, and how many unfold below them.
SHOWN, UNFOLDED = 6, 40


class SearchPage(PublicPage):
    """``/search/?q=``: what matches, the best first, twenty a page, with the facets to narrow it by."""

    def get(self, request):
        try:
            asked = SearchRequest.read(request.GET, is_form=True)
            asked.facets = tuple(FACETS)
            found = asked.search()
            last = last_page(found.count)
            if asked.page > last:
                raise BadParameters({"page": [_("Give a number from 1 to %(n)s.") % {"n": last}]})
        except BadParameters as error:
            return refused(request, error.errors)
        for entry in found.results:
            entry.kind_in_words = kind_in_words(entry.kind)
        context = {"q": asked.text.strip(), "found": found, "lists": frame.lists(), "has_words": bool(fold(asked.text))}
        context |= shown_facets(found, asked.chosen, request.GET)
        context |= pages(request.GET, asked.page, last)
        context["clear_query"] = changed_query(request.GET, page="", **dict.fromkeys(FACETS, ""))
        return render(request, "search.html", context)


def last_page(count):
    return max(1, min(MOST_PAGES, -(-count // PAGE)))


def pages(params, page, last):
    """The queries of the pages around, empty where there is none; and whether there are more results than can be looked through."""
    return {
        "page_number": page,
        "previous_query": changed_query(params, page=str(page - 1) if page > 2 else "") if page > 1 else "",
        "next_query": changed_query(params, page=str(page + 1)) if page < last else "",
        "is_at_end": page == MOST_PAGES,
    }


def shown_facets(found, chosen, params):
    """``chips``: the values in use, each with the query that leaves it out; ``facets``: the others, each with the query that adds it."""
    described = [
        facet_of(name, found.facets.get(name, ()), list(dict.fromkeys(chosen.get(name, ()))), params) for name in FACETS
    ]
    facets = [facet for facet in described if facet["chips"] or tells_apart(facet["values"], found.count)]
    return {
        "chips": [chip for facet in described for chip in facet["chips"]],
        "facets": [facet for facet in facets if facet["values"]],
    }


def facet_of(name, counted, used, params):
    """One facet as the page shows it; ``used`` are the values chosen of it."""
    counted = [pair for pair in in_order(name, counted) if pair[0] not in used][:UNFOLDED]
    words = words_of(name, [*used, *(value for value, _number in counted)])
    title, query = capfirst(FACETS[name]), with_values(params, name)
    rows = [
        {"label": capfirst(words[value]), "number": number, "query": query([*used, value])} for value, number in counted
    ]
    chips = [
        {"filter": title, "value": words[value], "query": query([one for one in used if one != value])}
        for value in used
    ]
    return {"title": title, "chips": chips, "values": rows, "rows": rows[:SHOWN], "more": rows[SHOWN:]}


def in_order(name, pairs):
    """Years from the last; other values from the most frequent."""
    return sorted(pairs, key=lambda pair: pair[0], reverse=True) if name == "year" else pairs


def tells_apart(rows, count):
    """Whether choosing one of the values would leave out any result."""
    return any(row["number"] < count for row in rows)


def with_values(params, name):
    """A function that gives the query of the first page with other values of a facet."""
    others = changed_query(params, page="", **{name: ""})

    def query(values):
        return "&".join(filter(None, (others, urlencode([(name, value) for value in values]))))

    return query
