"""The worklists on the editing site: their counts on its home, and a screen for each."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from kb.staff import worklists

PER_PAGE = 50


class WorklistSite:
    """Mixed into the admin's site."""

    def get_urls(self):
        screen = path("worklists/<slug:name>/", self.admin_view(self.worklist), name="worklist")
        return [screen, *super().get_urls()]

    def index(self, request, extra_context=None):
        context = {"worklists": worklists.summary(request.user)} if self.has_permission(request) else {}
        return super().index(request, {**context, **(extra_context or {})})

    def worklist(self, request, name):
        """One page of a list. A page that is not there is the nearest that is, since work goes away meanwhile."""
        if not worklists.offered(request.user):
            raise PermissionDenied
        worklist = worklists.named(name, request.user)
        if worklist is None:
            raise Http404
        page = Paginator(worklist.find(request.user), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.each_context(request),
            "title": worklist.title,
            "worklist": worklist,
            "page": page,
            "rows": list(worklist.show(list(page.object_list))),
        }
        return TemplateResponse(request, "admin/worklist.html", context)
