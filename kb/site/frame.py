"""What the frame of every page takes from the roof: the sections of the site, and the addresses of its own pages."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sources.reading import kinds

# The sections that are no list: name, label, and where it stands among the lists (see ``READING_ORDER`` of the kinds).
SECTIONS = (
    ("compare", _("Compare"), 11),
    ("topics", _("Topics"), 12),
    ("data", _("Data"), 200),
    ("about", _("About"), 201),
)


def frame(request):
    """The context processor: ``site`` has the addresses and, when asked, the sections."""
    pages = {name: reverse(name) for name in ("home", "about", "data")}
    return {"site": {**pages, "sections": partial(sections, request.path)}}


def sections(path):
    """The sections of the site in the order of the menu, each with whether the page at ``path`` is in it."""
    for name, label, _order in sorted([*_lists(), *SECTIONS], key=lambda section: section[2]):
        address = reverse(name)
        current = "page" if path == address else "true" if path.startswith(address) else ""
        # From here on they are about the site and not of its content.
        yield {"label": label, "address": address, "current": current, "is_late": name == "data"}


def _lists():
    for page in kinds.lists():
        model = page.viewset.serializer_class.Meta.model
        yield kinds.name_of(page.viewset), page.menu_label or page.title, kinds.order_of(model)
