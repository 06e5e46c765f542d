"""Pages of agreements, topics and activities."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from agreements import api
from agreements.codebook.headlines import headlines_of
from agreements.codebook.immunity_matrix import matrix_of, merged
from agreements.codebook.provisions import provisions_of
from agreements.codebook.similarity import relatives
from agreements.codebook.topic_counts import counts_of, filtered
from agreements.coding.double_coding import public_figures
from agreements.filters import TopicFilter
from agreements.life import legal_basis
from agreements.life.ladder import ladder_of
from agreements.models import Codebook
from agreements.rows_naming import positions_about
from sources.lib import paging
from sources.lib.filters import PAGE_PARAMETERS, BadParameters
from sources.reading.store import answers
from sources.reading.views import (
    PublicPage,
    RecordListPage,
    RecordPage,
    changed_query,
    chips,
    page_links,
    plain,
    refusal,
    refused,
    with_count,
)


class AgreementList(RecordListPage):
    viewset = api.AgreementViewSet
    title = _("Agreements")
    ordering_labels = {"signed": _("date of signature"), **RecordListPage.ordering_labels}
    newest_first = ("signed",)
    intro = _("Status-of-forces agreements, memoranda, exchanges of notes and their kin, with their lives and clauses.")
    covers = _(
        "This list covers the instruments that the editors have entered from their own texts, official summaries and the press."
    )

    def more(self, filterset):
        """The filters alone, for the pictures, which take the same."""
        return {"filter_query": changed_query(self.request.GET, **dict.fromkeys(PAGE_PARAMETERS, ""))}


class AgreementPage(RecordPage):
    viewset = api.AgreementViewSet
    whole_template = "agreements/agreement_whole.html"

    @staticmethod
    def worked_out(data, on=None):
        codings = data.get("codings") or []
        matrix = matrix_of(codings)
        return {
            "matrix": matrix,
            "matrix_rows": merged(matrix["rows"]),
            "ladder": ladder_of(data, on),
            "headlines": headlines_of(codings, matrix, data),
            "provisions": provisions_of(codings, data.get("clauses") or []),
        }

    def more(self, record, data):
        return {"positions": positions_about(record), "relatives": relatives(record.slug)}


class ActivityPage(RecordPage):
    """An exercise, assistance or event, with the check of its legal basis."""

    def more(self, record, data):
        return {"positions": positions_about(record), "legal_basis": legal_basis.check(record)}


class ExerciseList(RecordListPage):
    viewset = api.ExerciseViewSet
    title = _("Exercises and deployments")
    unit = ngettext_lazy("%(n)s exercise or deployment", "%(n)s exercises and deployments", "n")
    menu_label = _("Exercises")
    intro = _("Joint exercises, training, deployments and missions, with the instrument each rests on.")
    covers = _("This list covers the activities named by the sources read so far.")


class ExercisePage(ActivityPage):
    viewset = api.ExerciseViewSet


class SeriesPage(RecordPage):
    viewset = api.ExerciseSeriesViewSet
    template_name = "agreements/series_page.html"
    # The editions are listed, each with its series.
    has_list = False


class AssistanceList(RecordListPage):
    viewset = api.AssistanceViewSet
    title = _("Assistance")
    unit = ngettext_lazy("%(n)s delivery, sale or plan", "%(n)s deliveries, sales and plans", "n")
    intro = _("Equipment, training, works and funds given or sold under or beside an instrument.")
    covers = _("This list covers the deliveries, sales and plans named by the sources read so far.")


class AssistancePage(ActivityPage):
    viewset = api.AssistanceViewSet


class EventList(RecordListPage):
    viewset = api.EventViewSet
    title = _("Events")
    intro = _("Meetings, calls, letters, votes and decisions beside the instruments.")
    covers = _("This list covers events that touch an instrument or a person in this collection.")


class EventPage(ActivityPage):
    viewset = api.EventViewSet


class PositionList(RecordListPage):
    viewset = api.PositionViewSet
    title = _("Positions")
    intro = _("What persons and bodies publicly said of an agreement, an exercise or an event.")
    covers = _("This list covers statements found in the sources read so far; silence here is not a position.")


class TopicList(PublicPage):
    """The codebook: every topic with its definition and approaches."""

    def get(self, request):
        filterset = TopicFilter(request.GET, api.TopicSerializer.rows(), extra=(), is_form=True)
        try:
            topics = api.TopicSerializer(filterset.check().qs, many=True).data
        except BadParameters as error:
            return refused(request, error.errors)
        context = {
            "topics": topics,
            "chips": chips(filterset, request.GET),
            "codebooks": Codebook.objects.all(),
            "figures": public_figures(),
            "api_address": "/api/v1/topics/",
        }
        return render(request, "agreements/topic_list.html", context)


class TopicPage(PublicPage):
    """One topic: how many agreements take each approach, and what each of them says."""

    def get(self, request, slug):
        topic = get_object_or_404(api.TopicSerializer.rows(), slug=slug)
        filterset = filtered(topic, request.GET, is_form=True)
        context = {
            "topic": plain(api.TopicSerializer(topic).data),
            "filter": filterset,
            "api_list": "codings",
            "api_address": "/api/v1/codings/",
            "map_query": urlencode({"colour": "approach", "topic": topic.code}),
        }
        try:
            found = found_of(topic, filterset, request.GET)
        except BadParameters as error:
            context |= refusal(error, filterset, request.GET)
            return render(request, "agreements/topic_page.html", context, status=400)
        page = paging.Page([], **found["page"])
        query = request.GET.copy()
        query["topic"] = topic.code
        counted = ngettext("%(n)s coding", "%(n)s codings", page.count) % {"n": page.count}
        context |= {**found, "page": page, "counted": counted, "chips": chips(filterset, request.GET)}
        context |= page_links(request.GET, page, query)
        return render(request, "agreements/topic_page.html", context)


def found_of(topic, filterset, params):
    """``of_topic``, kept for what many readers ask for: the first page of one choice, or of all. Raises ``BadParameters``."""
    query = None if {*params} & {*PAGE_PARAMETERS} else filterset.check().brief_query()
    return of_topic(topic, filterset, params) if query is None else of_topic_by(topic.slug, query)


@answers.kept("topic")
def of_topic_by(slug, query):
    topic, params = api.TopicSerializer.rows().get(slug=slug), QueryDict(query)
    return of_topic(topic, filtered(topic, params, is_form=True), params)


def of_topic(topic, filterset, params):
    """``{"counts", "codings", "page"}`` of a topic for the parameters of its page; ``page`` says where in the list the codings are.
    Raises ``BadParameters``."""
    query = params.copy()
    query["topic"] = topic.code
    orderings = api.CodingViewSet.orderings.through(filterset.check().aliases())
    page = paging.paginate(filterset.qs, with_count(query), orderings)
    place = {name: getattr(page, name) for name in ("count", "next_cursor", "previous_cursor")}
    codings = plain(api.CodingRowSerializer(page.rows, many=True).data)
    return {"counts": counts_of(topic, params, is_form=True), "codings": codings, "page": place}
