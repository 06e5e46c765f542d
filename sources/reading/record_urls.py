"""The addresses of lists and records: the same for every kind."""

from django.urls import path

from sources.history.version_views import HistoryPage, VersionPage
from sources.reading import kinds
from sources.reading.views import RecordListPage, RecordPage
from sources.records.base import record_models


def of_everything():
    """The addresses of every kind of record, and of every other list that an app declares."""
    models = record_models()
    others = (page for page in kinds.lists() if page.viewset.serializer_class.Meta.model not in models)
    return [*(address for model in models for address in of_kind(model)), *map(of_list, others)]


def of_kind(model):
    """``/<kind>/`` (where the kind has a list), ``/<kind>/<slug>/`` and, below it, the whole record (where the page is
    an extract), the history and the frozen versions."""
    kind, viewset = model.KIND, kinds.viewset_of(model)
    page = kinds.page_of(model) or RecordPage.of(viewset)
    lists = [of_list(kinds.list_of(model) or RecordListPage.of(viewset))] if page.has_list else []
    whole = (
        [path(f"{kind}/<slug:slug>/full/", page.whole().as_view(), name=f"{kind}-full")] if page.whole_template else []
    )
    return [
        *lists,
        path(f"{kind}/<slug:slug>/", page.as_view(), name=f"{kind}-page"),
        *whole,
        path(f"{kind}/<slug:slug>/history/", HistoryPage.as_view(page=page), name=f"{kind}-history"),
        path(f"{kind}/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=page), name=f"{kind}-version"),
    ]


def of_list(page):
    name = kinds.name_of(page.viewset)
    return path(f"{name}/", page.as_view(), name=name)
