"""The tables of the index, by the names of their models."""

from django.apps import apps


def table(name):
    """A model of this app. The models stand on the records, and these on the store, which calls the search: none is imported here."""
    return apps.get_model("sources", name)
