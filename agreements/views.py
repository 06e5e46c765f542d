"""Pages of agreements, topics and activities."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from agreements import api
from agreements.related import positions_about

from kb.core.views import PublicPage, RecordListPage, RecordPage



class AgreementList(RecordListPage):
    viewset = api.AgreementViewSet
    template_name = "agreements/agreement_list.html"
    title = _("Agreements")
    intro = _("Status-of-forces agreements, memoranda, programmes and strategies, with their lives and clauses.")


class AgreementPage(RecordPage):
    viewset = api.AgreementViewSet
    template_name = "agreements/agreement_page.html"

    def more(self, record, data):
        return {"positions": positions_about(record)}


class ExerciseList(RecordListPage):
    viewset = api.ExerciseViewSet
    template_name = "agreements/exercise_list.html"
    title = _("Exercises and deployments")
    intro = _("Joint exercises, training, deployments and missions, with the instrument each rests on.")


class ExercisePage(RecordPage):
    viewset = api.ExerciseViewSet
    template_name = "agreements/exercise_page.html"

    def more(self, record, data):
        return {"positions": positions_about(record)}


class SeriesPage(RecordPage):
    viewset = api.ExerciseSeriesViewSet
    template_name = "agreements/series_page.html"


class AssistanceList(RecordListPage):
    viewset = api.AssistanceViewSet
    template_name = "agreements/assistance_list.html"
    title = _("Assistance")
    intro = _("Equipment, training, works and funds given or sold under or beside an instrument.")


class AssistancePage(RecordPage):
    viewset = api.AssistanceViewSet
    template_name = "agreements/assistance_page.html"

    def more(self, record, data):
        return {"positions": positions_about(record)}


class EventList(RecordListPage):
    viewset = api.EventViewSet
    template_name = "agreements/event_list.html"
    title = _("Events")
    intro = _("Meetings, calls, letters, votes and decisions beside the instruments.")


class EventPage(RecordPage):
    viewset = api.EventViewSet
    template_name = "agreements/event_page.html"

    def more(self, record, data):
        return {"positions": positions_about(record)}


class PositionList(RecordListPage):
    viewset = api.PositionViewSet
    template_name = "agreements/position_list.html"
    title = _("Positions")
    intro = _("What persons and bodies publicly said of an agreement, an exercise or an event.")


class PositionPage(RecordPage):
    viewset = api.PositionViewSet
    template_name = "agreements/position_page.html"


class TopicList(PublicPage):
    """The codebook: every topic with its definition and approaches."""

    def get(self, request):
        topics = api.TopicSerializer(api.TopicSerializer.rows(), many=True).data
        return render(request, "agreements/topic_list.html", {"topics": topics})


class TopicPage(PublicPage):
    """One topic, with the agreements coded on it."""

    def get(self, request, slug):
        topic = get_object_or_404(api.TopicSerializer.rows(), slug=slug)
        codings = api.CodingRowSerializer.rows().filter(topic=topic).order_by("agreement__slug", "person_class")
        context = {
            "topic": api.TopicSerializer(topic).data,
            "codings": api.CodingRowSerializer(codings, many=True).data,
        }
        return render(request, "agreements/topic_page.html", context)
