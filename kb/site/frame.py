"""What the frame of every page takes from the roof: the menu, all lists of the site, and the addresses of its own pages."""

import json
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.site.facet_words import kind_in_words
from sources.reading import kinds
from sources.reading.search.ranking import typed_kinds

# What the menu names, in its order: at most seven, the lists and pages that most readers want. The foot of each page names all.
MENU = ("agreements", "compare", "topics", "countries", "people", "exercises", "contested")
# The sections that are no list: name, label, and where it stands among the lists (see ``READING_ORDER`` of the kinds).
SECTIONS = (
    ("compare", _("Compare"), 11),
    ("topics", _("Topics"), 12),
    ("countries", _("Countries"), 13),
    ("map", _("Map"), 14),
    ("timeline", _("Timeline"), 15),
    ("network", _("Network"), 16),
)


def frame(request):
    """The context processor: ``site`` has the addresses and, when asked, the menu and all sections."""
    pages = {name: reverse(name) for name in ("home", "about", "data")}
    own = {"menu": partial(menu, request.path), "sections": partial(sections, request.path), "kinds": kinds_in_words}
    return {"site": {**pages, **own}}


def kinds_in_words():
    """The kinds that are suggested while somebody types, in words, as JSON for the script."""
    return json.dumps({kind: kind_in_words(kind) for kind in typed_kinds()}, ensure_ascii=False)


def menu(path):
    """The entries of the menu, each with whether the page at ``path`` is in it."""
    known = {section["name"]: section for section in sections(path)}
    return [known[name] for name in MENU]


def sections(path):
    """The sections of the site in the order of their kinds, each with whether the page at ``path`` is in it."""
    return [
        {"name": name, "label": label, "address": reverse(name), "current": is_in(path, reverse(name))}
        for name, label, _order in sorted([*_lists(), *SECTIONS], key=lambda section: section[2])
    ]


def is_in(path, address):
    """``page`` for the address itself, ``true`` for a page below it, else nothing: the values of ``aria-current``."""
    return "page" if path == address else "true" if path.startswith(address) else ""


def addresses():
    """The addresses of all sections."""
    return [section["address"] for section in sections("")]


def lists():
    """The lists of records, as ``{"label", "address"}``."""
    return [
        {"label": label, "address": reverse(name)} for name, label, _order in sorted(_lists(), key=lambda row: row[2])
    ]


def _lists():
    for page in kinds.lists():
        model = page.viewset.serializer_class.Meta.model
        yield kinds.name_of(page.viewset), page.menu_label or page.title, kinds.order_of(model)
