"""Every public address, read from the URL configuration, so that a new one is tested without being named here."""

from django.urls import get_resolver

from kb.api import VIEWSETS
from sources.reading.views import RecordListPage, RecordPage


def patterns(url_patterns=None, prefix=""):
    """``(address pattern, URL pattern)`` for every address of the site."""
    for pattern in get_resolver().url_patterns if url_patterns is None else url_patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern.url_patterns, address)
        else:
            yield address, pattern


def _pages(kind):
    """``{name: (address, view class)}`` of the pages that are a ``kind``."""
    addresses = {}
    for address, pattern in patterns():
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and issubclass(view, kind):
            addresses[pattern.name] = (f"/{address}", view)
    return addresses


PAGE_LISTS = {name: (address, view.viewset) for name, (address, view) in _pages(RecordListPage).items()}
API_LISTS = {f"api-{name}": (f"/api/v1/{name}/", viewset) for name, viewset in VIEWSETS.items()}
LISTS = {**PAGE_LISTS, **API_LISTS}
# The kind of record behind each page, with the start of its address.
PAGES = {name: (address.partition("<")[0], view.viewset) for name, (address, view) in _pages(RecordPage).items()}


def is_api(address):
    return address.startswith("/api/")


def details(viewset):
    """The address in the API of one published row, or ``None`` where there is none."""
    name = next(name for name, known in VIEWSETS.items() if known.serializer_class is viewset.serializer_class)
    row = viewset.serializer_class.rows().order_by("pk").last()
    return row and f"/api/v1/{name}/{identifier(row)}/"


def identifier(row):
    """The part of an address that names the row."""
    for name in ("public_id", "uid", "slug"):
        if value := getattr(row, name, ""):
            return value
    raise AssertionError(f"{row!r} has no public identifier")


def refused_parameters(answer):
    """The parameters that a 400 of the API names, with what it says of each."""
    return {error["parameter"]: error["detail"] for error in answer.json()["errors"]}
