"""Pages of pictures: the world map of agreements. Each has its rows as a table, and the picture and the table as files."""

import django_filters
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.filters import AgreementFilter
from agreements.models import Agreement
from agreements.pictures import world_map
from sources.lib.csv_columns import TableColumn
from sources.lib.filters import BadParameters
from sources.lib.renderers import CSVRenderer
from sources.reading.drawing import draw
from sources.reading.views import PublicPage, changed_query, chips, named


class MapFilter(AgreementFilter):
    """The filters of the list of agreements, and what the colours of the map stand for."""

    colour = django_filters.ChoiceFilter(
        choices=[*world_map.COLOURINGS.items()],
        method="keep",
        label=gettext_lazy("Colours show"),
        empty_label=None,
        null_label=None,
    )

    def keep(self, queryset, name, value):
        """The choice of colours leaves no agreement out."""
        return queryset

    @property
    def colouring(self):
        return self.form.cleaned_data["colour"] or world_map.NUMBER

    @property
    def topic_coloured(self):
        """The topic whose approaches the colours show, or ``None``."""
        return self.form.cleaned_data["topic"][0] if self.colouring == world_map.APPROACH else None

    def check(self):
        super().check()
        if self.colouring == world_map.APPROACH and len(self.form.cleaned_data["topic"] or ()) != 1:
            raise BadParameters({"topic": [_("Choose one topic: the colours show the approaches to it.")]})
        return self


class MapPage(PublicPage):
    """Agreements on the world map, by number, status or approach to a topic; the filters are those of their list."""

    def get(self, request):
        filterset = MapFilter(request.GET, Agreement.objects.published(), extra=(), is_form=True)
        context = {"filter": filterset, "chips": chips(filterset, request.GET)}
        try:
            agreements = filterset.check().qs
        except BadParameters as error:
            context["errors"] = named(error.errors, filterset)
            return self.refused(request, context)
        chart = world_map.map_of(agreements, filterset.colouring, filterset.topic_coloured)
        return self.answer(request, {**context, **described(filterset, chart, agreements.count())})

    def refused(self, request, context):
        return render(request, "agreements/map.html", context, status=400)

    def answer(self, request, context):
        query = changed_query(request.GET)
        context |= {
            "query": query,
            "list_query": changed_query(request.GET, colour=""),
            "drawn": world_map.drawn(context["chart"]),
            "undrawn": world_map.without_outline(context["chart"]),
        }
        return render(request, "agreements/map.html", context)


def described(filterset, chart, number):
    """The chart with its title and its description in words."""
    topic = filterset.topic_coloured
    title = {
        world_map.NUMBER: _("Agreements by state"),
        world_map.STATUS: _("States by whether their agreements are in force"),
        world_map.APPROACH: topic and _("Approach to %(topic)s by state") % {"topic": topic},
    }[filterset.colouring]
    counts = {"agreements": number, "states": len(chart["rows"])}
    states = ngettext("%(states)s state", "%(states)s states", counts["states"]) % counts
    of_agreements = ngettext("%(agreements)s agreement", "%(agreements)s agreements", number) % counts
    description = _("%(states)s are parties to %(agreements)s.") % {"states": states, "agreements": of_agreements}
    return {"chart": chart, "title": title, "described": description}


class MapPicture(MapPage):
    """The map of the same address as an SVG file, which other pages show too."""

    def refused(self, request, context):
        return HttpResponse(
            "\n".join(f"{name}: {' '.join(said)}" for _label, name, said in context["errors"]),
            status=400,
            content_type="text/plain; charset=utf-8",
        )

    def answer(self, request, context):
        svg = draw(
            "agreements/pictures.html",
            "world",
            world_map.drawn(context["chart"]),
            context["title"],
            context["described"],
            linked=False,
        )
        return HttpResponse(svg, content_type="image/svg+xml")


class MapTable(MapPicture):
    """The rows of the map of the same address as CSV."""

    COLUMNS = [TableColumn((name,)) for name in ("code", "slug", "name", "number", "words")]

    def answer(self, request, context):
        renderer = CSVRenderer()
        body = renderer.head(self.COLUMNS) + renderer.lines(context["chart"]["rows"], self.COLUMNS)
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="concordance-map.csv"'
        return response
