"""What readers can ask for: every list of the API, and the pages of every kind of record.

An app declares its viewsets in a module ``api`` and its pages in a module ``views``. They are found there as Django finds the
screens in ``admin``, so that a new kind of record is listed nowhere by hand.
"""

from functools import cache

from django.utils.module_loading import autodiscover_modules

from sources.records.dossier.kinds import documented_models, owner_of

# By model, and for viewsets in the order of their declaration.
_viewsets, _pages, _lists = [], {}, {}
# After every kind of record.
LAST = 100


def declare_viewset(viewset):
    """Note a viewset that says its ``serializer_class``."""
    _viewsets.append(viewset)


def declare_page(page):
    """Note a page of one record; its ``viewset`` says of which kind."""
    _pages[_model_of(page.viewset)] = page


def declare_list(page):
    """Note a list page; its ``viewset`` says of what."""
    _lists[_model_of(page.viewset)] = page


@cache
def _discover():
    autodiscover_modules("api", "views")


def viewsets():
    """``{name of the list: viewset}``, in the order in which readers meet them."""
    _discover()
    return {
        name_of(viewset): viewset for viewset in sorted(_viewsets, key=lambda viewset: order_of(_model_of(viewset)))
    }


def viewset_of(model):
    """The viewset that lists the rows of ``model``."""
    _discover()
    return next(viewset for viewset in _viewsets if _model_of(viewset) is model)


def serializer_of(model):
    """The serializer that makes the public form of a record of this kind."""
    return viewset_of(model).serializer_class


def page_of(model):
    """The page that an app declares for a kind of record, or ``None``."""
    _discover()
    return _pages.get(model)


def facts_address(kind, page):
    """The address of the page that shows every fact of a record: its own ``page``, or the one below it if that is an extract."""
    declared = page_of(documented_models()[kind])
    return f"{page}full/" if declared and declared.whole_template else page


def list_of(model):
    """The list page that an app declares for a model, or ``None``."""
    _discover()
    return _lists.get(model)


def lists():
    """Every list page that an app declares."""
    _discover()
    return list(_lists.values())


def name_of(viewset):
    """The name of the list in addresses: the kind of its records, unless the viewset gives another."""
    return viewset.listed_as or _model_of(viewset).KIND


def order_of(model):
    """Where a kind stands among the others; a part stands with what it belongs to."""
    owner = owner_of(model) if getattr(model, "PARENT", "") else model
    return getattr(owner, "READING_ORDER", LAST)


def _model_of(viewset):
    return viewset.serializer_class.Meta.model
