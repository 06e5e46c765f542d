"""The addresses that every kind of record has."""

from django.urls import path

from sources.history.version_views import HistoryPage, VersionPage


def of_kind(kind, page, listing=None, **options):
    """``/<kind>/`` (if there is a ``listing``), ``/<kind>/<slug>/`` and, below it, the history and the frozen versions.

    ``page`` and ``listing`` are view classes; ``options`` are the page's.
    """
    lists = [path(f"{kind}/", listing.as_view(), name=kind)] if listing else []
    return [
        *lists,
        path(f"{kind}/<slug:slug>/", page.as_view(**options), name=f"{kind}-page"),
        path(f"{kind}/<slug:slug>/history/", HistoryPage.as_view(page=page), name=f"{kind}-history"),
        path(f"{kind}/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=page), name=f"{kind}-version"),
    ]
