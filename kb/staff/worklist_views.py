"""The worklists on the editing site: their counts on its home, and a screen for each."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from kb.staff import worklists

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """``rows`` of a worklist; ``goes_on``: whether more follow. How many is not counted: it takes longer than to find the page.
    ``is_cut``: whether there may be more than were looked for (see ``Sifted``)."""

    number: int
    rows: list
    goes_on: bool
    is_cut: bool

    @property
    def start(self):
        return (self.number - 1) * PER_PAGE + 1

    @property
    def is_last(self):
        """Whether the list ends here, as it does after ``COUNTED`` rows."""
        return not self.goes_on or self.number >= worklists.COUNTED // PER_PAGE


def page_of(found, asked):
    """The ``Page`` of this number; of one that is not there, the nearest that is, since work goes away meanwhile."""
    last = worklists.COUNTED // PER_PAGE
    number = min(max(int(asked[:9]), 1), last) if asked.isdecimal() else 1
    rows = _rows(found, number)
    if not rows and number > 1:
        number = max(-(-len(list(found[: number * PER_PAGE])) // PER_PAGE), 1)
        rows = _rows(found, number)
    return Page(number, rows[:PER_PAGE], len(rows) > PER_PAGE, getattr(found, "is_cut", False))


def _rows(found, number):
    """Those of a page, and one more if there is one."""
    start = (number - 1) * PER_PAGE
    return list(found[start : start + PER_PAGE + 1])


class WorklistSite:
    """Mixed into the admin's site."""

    def get_urls(self):
        screen = path("worklists/<slug:name>/", self.admin_view(self.worklist), name="worklist")
        return [screen, *super().get_urls()]

    def index(self, request, extra_context=None):
        context = {"worklists": worklists.summary(request.user)} if self.has_permission(request) else {}
        return super().index(request, {**context, **(extra_context or {})})

    def worklist(self, request, name):
        """One page of a list."""
        if not worklists.offered(request.user):
            raise PermissionDenied
        worklist = worklists.named(name, request.user)
        if worklist is None:
            raise Http404
        page = page_of(worklist.find(request.user), request.GET.get("page", ""))
        context = {
            **self.each_context(request),
            "title": worklist.title,
            "worklist": worklist,
            "page": page,
            "rows": list(worklist.show(page.rows)),
        }
        return TemplateResponse(request, "admin/worklist.html", context)
