"""What a search asks for, read from an address."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.lib.filters import MAX_TEXT, BadParameters, check_names, check_not_blank
from sources.lib.problems import hint
from sources.reading.search import query

PAGE = 20
MOST_PAGES = query.CANDIDATES // PAGE
# By parameter, what it is in words.
FACETS = {
    "kind": gettext_lazy("kind"),
    "type": gettext_lazy("type of agreement"),
    "status": gettext_lazy("status"),
    "party": gettext_lazy("state or body"),
    "region": gettext_lazy("region"),
    "topic": gettext_lazy("topic"),
    "year": gettext_lazy("year"),
    "contested": gettext_lazy("contested"),
    "source_kind": gettext_lazy("kind of source"),
    "language": gettext_lazy("language of the source"),
}


@dataclass
class SearchRequest:
    """``chosen``: lists of values by facet; ``facets``: the facets to count; ``page`` from 1."""

    text: str
    chosen: dict = field(default_factory=dict)
    facets: tuple = ()
    page: int = 1

    @classmethod
    def read(cls, params, also=(), is_form=False):
        """Raises ``BadParameters``. ``also``: further parameters that this address takes."""
        text = read_text(params, ("q", "page", *FACETS, *also), FACETS, is_form)
        return cls(text, _chosen(params), facets_named(params), _page(params))

    def search(self):
        """The answer (see ``sources.reading.search.query.Found``)."""
        return query.search(self.text, self.chosen, self.facets, (self.page - 1) * PAGE, PAGE)


def read_text(params, known, repeatable=(), is_form=False):
    """The words to look for. Raises ``BadParameters`` also for unknown and repeated parameters."""
    check_names(params, known, repeatable)
    if not is_form:
        check_not_blank(params)
        if "q" not in params:
            raise BadParameters({"q": [_("Say what to look for.")]})
    text = params.get("q", "")
    if len(text) > MAX_TEXT:
        raise BadParameters({"q": [_("Give at most %(n)s letters.") % {"n": MAX_TEXT}]})
    return text


def _chosen(params):
    given = {name: [value for value in params.getlist(name) if value.strip()] for name in FACETS}
    return {name: values for name, values in given.items() if values}


def facets_named(params):
    """The facets to count that ``facets=`` names. Raises ``BadParameters`` for unknown ones."""
    names = tuple(filter(None, (name.strip() for name in params.get("facets", "").split(","))))
    for name in names:
        if name not in FACETS:
            known = ", ".join(FACETS)
            raise BadParameters({"facets": [f"“{name[:60]}” is not one of: {known}.{hint(name[:60], list(FACETS))}"]})
    return names


def _page(params):
    page = params.get("page") or "1"
    if not page.isascii() or not page.isdigit() or len(page) > 2 or not 1 <= int(page) <= MOST_PAGES:
        raise BadParameters({"page": [_("Give a number from 1 to %(n)s.") % {"n": MOST_PAGES}]})
    return int(page)
