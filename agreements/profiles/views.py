"""The pages of the list of states and of a whole timeline."""

from django.shortcuts import render

from agreements.profiles.countries import counts_by_state, number_of_states
from agreements.profiles.timeline import length_of, timeline_of
from people.models import Organisation
from sources.reading.api import api_address, link
from sources.reading.views import PublicPage, absence, numbered_page, refuse_parameters


class CountriesPage(PublicPage):
    """Every state with what is recorded of it."""

    def get(self, request):
        if refusal := refuse_parameters(request):
            return refusal
        rows = counts_by_state()
        context = {"rows": rows, "others": number_of_states() - len(rows)}
        return render(request, "agreements/countries.html", {**context, "api_address": "/api/v1/organisations/"})


class TimelinePage(PublicPage):
    """All that is dated in the profile of a state or body, in pages."""

    SIZE = 100

    def get(self, request, slug):
        if refusal := refuse_parameters(request, ("page",)):
            return refusal
        organisation = Organisation.objects.published().filter(slug=slug).first()
        if organisation is None:
            return absence(request, Organisation, slug)
        page = numbered_page(_Timeline(organisation), self.SIZE, request.GET.get("page", "1"))
        context = {"organisation": link(organisation), "page": page, "entries": page.object_list}
        return render(
            request, "agreements/organisation_timeline.html", {**context, "api_address": api_address(organisation)}
        )


class _Timeline:
    """A timeline as Django's paginator takes a list."""

    def __init__(self, organisation):
        self.organisation = organisation

    def __len__(self):
        return length_of(self.organisation)

    def __getitem__(self, part):
        return timeline_of(self.organisation, part.start, part.stop - part.start)
