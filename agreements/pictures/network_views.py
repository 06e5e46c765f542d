"""The page of a network, and the same network as files: a picture, GraphML, JSON and CSV."""

from urllib.parse import urlencode
from xml.etree import ElementTree

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.filters import published_record
from agreements.models import Agreement
from agreements.pictures.network import POINTS, network_of
from agreements.pictures.network_layout import laid_out
from agreements.pictures.views import AloneMixin, DrawingFilter, PicturePage, csv_file, svg_file
from people.models import Organisation, Person
from sources.lib.csv_columns import TableColumn
from sources.lib.filter_sets import StrictFilterSet
from sources.lib.filters import BadParameters, RefsFilter
from sources.reading.api import link
from sources.reading.drawing import draw
from sources.reading.store import reading

NEAREST, WIDER = "1", "2"
# A page shows at most this many lines of the table; the files have all.
MOST_LINES_SHOWN = 200


class NetworkFilter(StrictFilterSet):
    """The record in the middle, and how far the network goes."""

    record = RefsFilter(
        lookup=published_record,
        condition=lambda rows: Q(),
        label=gettext_lazy("Around which record (its name, or kind/slug)"),
    )
    depth = DrawingFilter(
        choices=[
            (NEAREST, gettext_lazy("what it is connected with")),
            (WIDER, gettext_lazy("and what that is connected with")),
        ],
        label=gettext_lazy("Show"),
        empty_label=None,
        null_label=None,
    )

    class Meta:
        model = Agreement
        fields = ()

    @property
    def centre(self):
        chosen = self.cleaned.get("record")
        return chosen[0] if chosen else None

    @property
    def depth_chosen(self):
        return int(self.cleaned.get("depth") or NEAREST)

    def check(self):
        super().check()
        if len(self.cleaned.get("record") or ()) > 1:
            raise BadParameters({"record": [_("Choose one record.")]})
        if self.centre and self.centre.KIND not in POINTS:
            names = ", ".join(str(model._meta.verbose_name_plural) for model in POINTS.values())
            raise BadParameters({"record": [_("Networks are drawn around: %(kinds)s.") % {"kinds": names}]})
        return self


class NetworkFileFilter(NetworkFilter):
    """As ``NetworkFilter``; a file has no form to choose a record in."""

    def check(self):
        super().check()
        if self.centre is None:
            raise BadParameters({"record": [_("Name the record in the middle.")]})
        return self


class NetworkPage(PicturePage):
    """Who is a party, signed, gave, took part, held a post or spoke, around one record."""

    template_name = "agreements/network.html"
    filterset_class = NetworkFilter

    def answer(self, request, filterset):
        if filterset.centre is None:
            return self.page(request, filterset, {"examples": _examples()})
        context = connected(filterset)
        lines, network = by_pair(in_one_row(context["rows"])), context["network"]
        context |= {
            "drawn": laid_out(network) if lines else None,
            "legend": _legend(network),
            "lines": lines[:MOST_LINES_SHOWN],
            "lines_left": max(len(lines) - MOST_LINES_SHOWN, 0),
            "this": _("this %(kind)s") % {"kind": filterset.centre._meta.verbose_name},
        }
        return self.page(request, filterset, context)


class NetworkFile(AloneMixin, PicturePage):
    """The network of the same address as a file."""

    filterset_class = NetworkFileFilter

    @staticmethod
    def named(response, filterset, ending):
        """The response, to be saved under the name of the record."""
        name = f"concordance-network-{filterset.centre.slug}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class NetworkPicture(NetworkFile):
    """The picture alone, as SVG."""

    def answer(self, request, filterset):
        context = connected(filterset)
        words = (context["title"], context["described"])
        return svg_file(draw("agreements/pictures.html", "network", laid_out(context["network"]), *words, linked=False))


class NetworkTable(NetworkFile):
    """The connections as CSV."""

    COLUMNS = [
        TableColumn(keys)
        for keys in (
            *((end, name) for end in ("source", "target") for name in ("kind", "slug", "name")),
            ("words",),
            ("page",),
        )
    ]

    def answer(self, request, filterset):
        return self.named(csv_file("network", self.COLUMNS, connected(filterset)["rows"]), filterset, "csv")


class NetworkJSON(NetworkFile):
    """Points and connections as JSON."""

    def answer(self, request, filterset):
        network = connected(filterset)["network"]
        answer = JsonResponse(
            {
                "record": filterset.centre.ref,
                "depth": filterset.depth_chosen,
                "points": [{"ref": _ref(link), **link} for link in network.points.values()],
                "connections": _rows(network, _ref),
                "left_out": network.left_out,
                "has_more": network.has_more,
            }
        )
        return self.named(answer, filterset, "json")


class NetworkGraph(NetworkFile):
    """Points and connections as GraphML, for programs that draw graphs."""

    def answer(self, request, filterset):
        body = ElementTree.tostring(graph_of(connected(filterset)["network"]), encoding="utf-8", xml_declaration=True)
        return self.named(HttpResponse(body, content_type="application/graphml+xml"), filterset, "graphml")


def connected(filterset):
    """The network with its title, its description in words, and its connections as rows."""
    record = filterset.centre
    network = network_of(record, filterset.depth_chosen)
    counts = {"points": len(network.points) - 1, "ties": len(network.connections)}
    others = ngettext("%(points)s record", "%(points)s records", counts["points"]) % counts
    ties = ngettext("%(ties)s connection", "%(ties)s connections", counts["ties"]) % counts
    return {
        "record": link(record),
        "network": network,
        "rows": _rows(network, lambda point: point),
        "title": _("Network: %(record)s") % {"record": record},
        "described": _("%(records)s around it, %(connections)s.") % {"records": others, "connections": ties},
    }


def in_one_row(rows):
    """The rows with how many ``times`` each connection stands among them; several statements have the list of them as ``page``."""
    same = {}
    for row in rows:
        same.setdefault((_ref(row["source"]), _ref(row["target"]), row["words"]), []).append(row)
    return [
        {**first, "times": 1 + len(others), "page": _list_of(first) if others and first["page"] else first["page"]}
        for first, *others in same.values()
    ]


def by_pair(rows):
    """``[{"source", "target", "ties": rows}]``: all that connects one record with another stands in one line."""
    lines = {}
    for row in rows:
        ends = {"source": row["source"], "target": row["target"]}
        lines.setdefault((_ref(row["source"]), _ref(row["target"])), {**ends, "ties": []})["ties"].append(row)
    return [*lines.values()]


def _list_of(row):
    """The address of the list of all that the source said of the target."""
    who = {"people": "person", "organisations": "organisation"}[row["source"]["kind"]]
    query = {who: row["source"]["slug"], "about": _ref(row["target"])}
    return f"{reverse('positions')}?{urlencode(query)}"


def _ref(point):
    return f"{point['kind']}/{point['slug']}"


def _rows(network, shown):
    """The connections as dictionaries, with both ends as ``shown(point)`` gives them."""
    return [
        {
            "source": shown(network.points[connection.source]),
            "target": shown(network.points[connection.target]),
            "words": connection.words,
            "page": connection.page,
        }
        for connection in network.connections
    ]


def _legend(network):
    """``[(kind, name of the kind, number of points)]``."""
    kinds = [kind for kind, _key in network.points]
    names = {kind: capfirst(str(model._meta.verbose_name_plural)) for kind, model in POINTS.items()}
    return [(kind, names[kind], kinds.count(kind)) for kind in POINTS if kind in kinds]


def _examples():
    """Links to the best documented record of some kinds."""
    forms = (reading.most_cited(model) for model in (Agreement, Person, Organisation))
    models = {model.KIND: model for model in (Agreement, Person, Organisation)}
    records = (models[form.kind].objects.published().filter(slug=form.slug).first() for form in forms if form)
    return [link(record) for record in records if record]


def graph_of(network):
    """The ``graphml`` element."""
    root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for owner, name in (("node", "name"), ("node", "kind"), ("node", "ring"), ("edge", "words"), ("edge", "page")):
        kind = "int" if name == "ring" else "string"
        ElementTree.SubElement(root, "key", {"id": name, "for": owner, "attr.name": name, "attr.type": kind})
    graph = ElementTree.SubElement(root, "graph", edgedefault="directed")
    for point in network.points.values():
        _with_data(graph, "node", {"id": _ref(point)}, point, ("name", "kind", "ring"))
    for row in _rows(network, _ref):
        _with_data(graph, "edge", {name: row[name] for name in ("source", "target")}, row, ("words", "page"))
    return root


def _with_data(graph, tag, attributes, row, names):
    element = ElementTree.SubElement(graph, tag, attributes)
    for name in names:
        ElementTree.SubElement(element, "data", key=name).text = str(row[name])
