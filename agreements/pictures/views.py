"""Pages of pictures: the world map of agreements, and timelines. Each has its rows as a table, and the picture and the table as files."""

from dataclasses import asdict

import django_filters
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.filters import AgreementFilter, published_record
from agreements.models import Agreement
from agreements.pictures import bars, dated, timeline, world_map
from sources.lib import clock
from sources.lib.csv_columns import TableColumn
from sources.lib.filters import NO_ALIASES, BadParameters, RefsFilter
from sources.lib.renderers import CSVRenderer
from sources.reading.api import link
from sources.reading.drawing import draw
from sources.reading.store import answers, reading
from sources.reading.views import PublicPage, changed_query, chips, named


class DrawingFilter(django_filters.ChoiceFilter):
    """How something is drawn. It leaves no row out."""

    def filter(self, queryset, value, aliases=NO_ALIASES):
        return queryset


class MapFilter(AgreementFilter):
    """The filters of the list of agreements, and what the colours of the map stand for."""

    colour = DrawingFilter(
        choices=[*world_map.COLOURINGS.items()], label=gettext_lazy("Colours show"), empty_label=None, null_label=None
    )

    @property
    def colouring(self):
        return self.cleaned.get("colour") or world_map.NUMBER

    @property
    def topic_coloured(self):
        """The topic whose approaches the colours show, or ``None``."""
        return self.cleaned["topic"][0] if self.colouring == world_map.APPROACH else None

    def check(self):
        super().check()
        if self.colouring == world_map.APPROACH and len(self.cleaned.get("topic") or ()) != 1:
            raise BadParameters({"topic": [_("Choose one topic: the colours show the approaches to it.")]})
        return self


class PicturePage(PublicPage):
    """A page with a picture of what its filters choose. ``Picture`` twins of a page send the picture alone."""

    template_name = ""
    filterset_class = None

    def get(self, request):
        reading.freshen()
        filterset = self.filterset_class(request.GET, Agreement.objects.published(), extra=(), is_form=True)
        try:
            filterset.check()
        except BadParameters as error:
            return self.refused(request, filterset, error.errors)
        return self.answer(request, filterset)

    def refused(self, request, filterset, errors):
        context = {"filter": filterset, "chips": self.chips(filterset, request.GET), "errors": named(errors, filterset)}
        return render(request, self.template_name, context, status=400)

    @staticmethod
    def chips(filterset, params):
        """The filters in use, each with the query that leaves it out."""
        return chips(filterset, params)

    def page(self, request, filterset, context):
        """The page with ``context``."""
        context |= {
            "filter": filterset,
            "chips": self.chips(filterset, request.GET),
            "query": changed_query(request.GET),
        }
        return render(request, self.template_name, context)


class AloneMixin:
    """Sends a picture or a table without its page, so it refuses in plain text."""

    def refused(self, request, filterset, errors):
        lines = [f"{name}: {' '.join(map(str, messages))}\n" for name, messages in errors.items()]
        return HttpResponse(lines, status=400, content_type="text/plain; charset=utf-8")


def svg_file(svg):
    return HttpResponse(svg, content_type="image/svg+xml")


def csv_file(name, columns, rows):
    renderer = CSVRenderer()
    body = renderer.head(columns) + renderer.lines(rows, columns)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="concordance-{name}.csv"'
    return response


class MapPage(PicturePage):
    """Agreements on the world map, by number, status or approach to a topic; the filters are those of their list."""

    template_name = "agreements/map.html"
    filterset_class = MapFilter

    @staticmethod
    def chips(filterset, params):
        """As elsewhere; without their topic, the colours of approaches go too."""
        in_use = chips(filterset, params)
        for chip in in_use:
            rest = QueryDict(chip["query"])
            if rest.get("colour") == world_map.APPROACH and not rest.get("topic"):
                chip["query"] = changed_query(rest, colour="")
        return in_use

    def answer(self, request, filterset):
        context = charted(filterset)
        context |= {
            "list_query": changed_query(request.GET, colour=""),
            # With a party chosen, a second one would choose other agreements, and chains of such links have no end.
            "has_lists": "party" not in filterset.cleaned,
            # Where the colours show the number, the table has it already.
            "is_explained": filterset.colouring != world_map.NUMBER,
            "drawn": world_map.drawn(context["chart"]),
            "undrawn": world_map.without_outline(context["chart"]),
        }
        return self.page(request, filterset, context)


class MapPicture(AloneMixin, MapPage):
    """The map of the same address as an SVG file, which other pages show too."""

    def answer(self, request, filterset):
        context = charted(filterset)
        drawn = world_map.drawn(context["chart"])
        words = (context["title"], context["described"])
        return svg_file(draw("agreements/pictures.html", "world", drawn, *words, linked=False))


class MapTable(AloneMixin, MapPage):
    """The rows of the map of the same address as CSV."""

    COLUMNS = [TableColumn((name,)) for name in ("code", "slug", "name", "number", "words")]

    def answer(self, request, filterset):
        return csv_file("map", self.COLUMNS, charted(filterset)["chart"]["rows"])


def charted(filterset):
    """The chart of the map with its title and its description in words."""
    query = filterset.brief_query(beside=("colour", "topic"))
    return _charted(filterset) if query is None else _charted_by(query)


@answers.kept("map")
def _charted_by(query):
    return _charted(_checked(MapFilter, query))


def _checked(filterset_class, query):
    """The filter set of what a query chooses among all agreements. Raises ``BadParameters``."""
    return filterset_class(QueryDict(query), Agreement.objects.published(), extra=(), is_form=True).check()


def _charted(filterset):
    topic = filterset.topic_coloured
    is_all = not any(value for name, value in filterset.cleaned.items() if name != "colour")
    chart = world_map.map_of(filterset.qs, filterset.colouring, topic, is_all)
    title = {
        world_map.NUMBER: _("Agreements by state"),
        world_map.STATUS: _("States by whether their agreements are in force"),
        world_map.APPROACH: topic and _("Approach to %(topic)s by state") % {"topic": topic},
    }[filterset.colouring]
    counts = {"agreements": filterset.qs.count(), "states": len(chart["rows"])}
    states = ngettext("%(states)s state is party", "%(states)s states are parties", counts["states"]) % counts
    number = counts["agreements"]
    agreements = ngettext("%(agreements)s agreement", "%(agreements)s agreements", number) % counts
    description = _("%(states)s to %(agreements)s.") % {"states": states, "agreements": agreements}
    return {"chart": chart, "title": title, "described": description}


class TimelineFilter(AgreementFilter):
    """The filters of the list of agreements, or one record whose own timeline is drawn."""

    record = RefsFilter(
        lookup=published_record, condition=lambda rows: Q(), label=gettext_lazy("Of one record (as kind/slug)")
    )

    @property
    def record_chosen(self):
        chosen = self.cleaned.get("record")
        return chosen[0] if chosen else None

    def check(self):
        super().check()
        records = self.cleaned.get("record") or ()
        if records and (len(records) > 1 or sum(map(bool, self.cleaned.values())) > 1):
            raise BadParameters({"record": [_("Choose one record, or filter agreements; not both.")]})
        return self


class TimelinePage(PicturePage):
    """The dated things around one record, or the agreements of a list by their signature."""

    template_name = "agreements/timeline.html"
    filterset_class = TimelineFilter

    def answer(self, request, filterset):
        return self.page(request, filterset, timed(filterset))


class TimelinePicture(AloneMixin, TimelinePage):
    """The timeline of the same address as an SVG file."""

    def answer(self, request, filterset):
        context = timed(filterset)
        macro, picture = ("years", "years") if context["years"] else ("timeline", "line")
        words = (context["title"], context["described"])
        return svg_file(draw("agreements/pictures.html", macro, context[picture], *words))


class TimelineTable(AloneMixin, TimelinePage):
    """The rows of the table of the same address as CSV."""

    COLUMNS = [TableColumn((name,)) for name in ("date", "label", "page", "mark", "is_contested")]
    YEARS = [TableColumn((name,)) for name in ("year", "number")]

    def answer(self, request, filterset):
        context = timed(filterset)
        if context["entries"]:
            return csv_file("timeline", self.COLUMNS, [asdict(entry) for entry in context["entries"]])
        return csv_file("timeline", self.YEARS, context["years"]["years"] if context["years"] else ())


def timed(filterset):
    """What the timeline shows, with its title and its description in words; see ``_around`` and ``_listed``."""
    record = filterset.record_chosen
    return _around(record) if record else _listed(filterset)


def _around(record):
    """Around one record: ``entries``, drawn as a ``line``, or all counted by ``years`` if there are too many; ``unread`` ones are older
    than those in ``entries``."""
    entries, number = dated.entries_around(record)
    unread = number - len(entries)
    drawn = [] if unread else timeline.to_draw(entries)
    is_counted = bool(entries) and not drawn
    return {
        "record": link(record),
        "title": _("Timeline: %(record)s") % {"record": record},
        "described": _in_words(number),
        "entries": timeline.in_order(entries),
        "left_out": len(entries) - len(drawn) if drawn else 0,
        "unread": unread,
        "years": _by_year(record, entries, unread) if is_counted else None,
        "line": None if is_counted else timeline.timeline_of(drawn, clock.today()),
    }


def _by_year(record, entries, unread):
    return bars.bars(*dated.years_around(record)) if unread else bars.by_year(entries)


def _listed(filterset):
    """The agreements of a list by their signature: ``entries`` with a ``line``; many are counted by ``years`` alone."""
    query = filterset.brief_query()
    number, years = _numbers(filterset) if query is None else _numbers_by(query)
    is_counted = years is not None
    entries = [] if is_counted else timeline.in_order(dated.entries_of(filterset.qs))
    return {
        "record": None,
        "title": _("Agreements by the date of their signature"),
        "described": ngettext("%(n)s agreement.", "%(n)s agreements.", number) % {"n": number},
        "entries": entries,
        # A second year would choose other agreements.
        "has_years": "year" not in filterset.cleaned,
        "years": bars.bars(dict(years["sure"]), years["others"]) if is_counted else None,
        "line": None if is_counted else timeline.timeline_of(entries, clock.today()),
    }


@answers.kept("years")
def _numbers_by(query):
    return _numbers(_checked(TimelineFilter, query))


def _numbers(filterset):
    """``[number, years]`` of the agreements of a list; ``years`` counts those of each year, ``None`` if they are few enough to name.

    ``{"sure": [(year, number)], "others": number}``, see ``dated.signed_by_year``.
    """
    number = filterset.qs.count()
    if number <= timeline.MOST_ROWS:
        return number, None
    sure, others = dated.signed_by_year(filterset.qs, is_all=not any(filterset.cleaned.values()))
    return number, {"sure": sorted(sure.items()), "others": others}


def _in_words(number):
    words = ngettext("%(n)s entry, the earliest first.", "%(n)s entries, the earliest first.", number)
    return words % {"n": number}
