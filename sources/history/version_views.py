"""Pages of frozen versions: the history of a record, and the record as one version shows it.

Both depend on the present status: if the record is withdrawn, they answer 410; if it was merged, they redirect.
"""

import orjson
from django.http import Http404
from django.shortcuts import render
from django.urls import register_converter

from sources.history import versions
from sources.lib.filters import BadParameters
from sources.reading.api import api_address, link
from sources.reading.views import PublicPage, absence, refuse_parameters, refused

register_converter(versions.VersionNumber, "version")


class OfRecordPage(PublicPage):
    """A page beside a record's own page, whose class is ``page``."""

    page = None

    @property
    def model(self):
        return self.page.viewset.serializer_class.Meta.model

    def find(self, slug):
        return self.page.viewset.serializer_class.bare_rows().filter(slug=slug).first()


class HistoryPage(OfRecordPage):
    """The versions of a record with what changed from one to the next, the newest first."""

    def get(self, request, slug):
        try:
            before = versions.asked(request.GET)
        except BadParameters as error:
            return refused(request, error.errors)
        record = self.find(slug)
        if record is None:
            return absence(request, self.model, slug, "history")
        history = versions.history_of(record, before)
        context = {**history, "before": before, "of": link(record), "api_address": f"{api_address(record)}history/"}
        response = render(request, "history.html", context)
        response["Link"] = f'<{context["api_address"]}>; rel="alternate"; type="application/json"'
        return response


class VersionPage(OfRecordPage):
    """The record as one version froze it, drawn by the template of the living page."""

    def get(self, request, slug, number):
        if refusal := refuse_parameters(request):
            return refusal
        record = self.find(slug)
        if record is None:
            return absence(request, self.model, slug)
        version = record.versions.filter(number=number).first()
        if version is None:
            raise Http404
        if version.is_closed:
            context = {
                "record": versions.closure(record, number),
                "history_address": f"{record.get_absolute_url()}history/",
            }
            return render(request, "gone.html", context, status=410)
        frozen = self.frozen(record, version)
        context = self.page.drawn(orjson.loads(version.body), on=version.at.date())
        context |= {"frozen": frozen, "api_address": frozen["api"], "history_address": frozen["history"]}
        response = render(request, self.page.whole_template or self.page.template_name, context)
        response["Link"] = self.relations(frozen)
        return response

    def frozen(self, record, version):
        """The version, its neighbours' addresses, and what changed since it."""
        newest = record.versions.first()
        frozen = versions.described(record, version, newest.number)
        page = record.get_absolute_url()
        frozen |= {"record": page, "history": f"{page}history/", "current": newest.number}
        if not frozen["is_current"]:
            frozen |= versions.compared(*(orjson.loads(row.body) for row in (version, newest)))
        numbers = {"previous": version.number - 1, "next": version.number + 1}
        return frozen | {name: f"{page}v/{number}/" for name, number in numbers.items() if 1 <= number <= newest.number}

    @staticmethod
    def relations(frozen):
        """The ``Link`` header: relations to other versions (RFC 5829), and ``canonical`` to the living record."""
        addresses = {
            "canonical": frozen["record"],
            "latest-version": frozen["record"],
            "version-history": frozen["history"],
            "predecessor-version": frozen.get("previous"),
            "successor-version": frozen.get("next"),
        }
        links = [f'<{address}>; rel="{rel}"' for rel, address in addresses.items() if address]
        return ", ".join([*links, f'<{frozen["api"]}>; rel="alternate"; type="application/json"'])
