"""List and detail pages. They use the queryset, filter set, orderings and serializer of the API."""

import orjson
from django.core.paginator import Paginator
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.gzip import gzip_page

from sources.history import versions
from sources.lib import paging
from sources.lib.conditional import set_etag
from sources.lib.filters import PAGE_PARAMETERS, BadParameters, check_names
from sources.reading import jsonld, kinds
from sources.reading.api import absent_record, api_address
from sources.reading.footnotes import Footnotes
from sources.reading.store import reading
from sources.reading.store.cards import Cards, filtered
from sources.records.base import Record
from sources.records.status import Status


@method_decorator(gzip_page, name="dispatch")
class PublicPage(View):
    """A page that is the same for everybody. Sets caching headers and compresses: it holds no secret that compression could leak."""

    http_method_names = ("get", "head", "options")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if response.status_code == 200:
            set_etag(request, response)
        return response


class RecordListPage(PublicPage):
    """The list of one kind. ``viewset`` is its API twin; the page and the API read the same rows.

    Without a ``template_name`` it is drawn by ``<app>/<model>_list.html`` or, where there is none, as plain names.
    """

    viewset = None
    template_name = ""
    title = ""
    # Its name in the menu, if that is shorter than the title.
    menu_label = ""
    intro = ""
    covers = ""
    # The word for the counted rows, as a lazy ``ngettext`` of ``n``, if it is not the name of the kind.
    unit = None
    # What the orderings are called on the page; those not named here are for programs.
    ordering_labels = {"date": _("date"), "dates": _("date"), "title": _("title"), "name": _("name")}
    newest_first = ("date", "dates")

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "viewset" in vars(cls):
            meta = cls.viewset.serializer_class.Meta.model._meta
            cls.template_name = cls.template_name or [f"{meta.app_label}/{meta.model_name}_list.html", "list.html"]
            kinds.declare_list(cls)

    @classmethod
    def of(cls, viewset):
        """The list page of a kind whose app declares none."""
        model = viewset.serializer_class.Meta.model
        about = {"title": capfirst(model._meta.verbose_name_plural), "intro": viewset.__doc__ or ""}
        return type(f"{model.__name__}List", (cls,), {"viewset": viewset, **about})

    def get(self, request):
        viewset = self.viewset
        serializer = viewset.serializer_class
        filterset = viewset.filterset_class(request.GET, extra=PAGE_PARAMETERS, is_form=True)
        context = {"title": self.title, "intro": self.intro, "covers": self.covers, "filter": filterset}
        context["viewset"] = viewset
        try:
            page = self.page_of(filterset, with_count(request.GET))
        except BadParameters as error:
            context |= {**refusal(error, filterset, request.GET), "rows": []}
            return render(request, self.template_name, context, status=400)
        context["chips"] = chips(filterset, request.GET)
        context |= {"rows": self.rows_of(page), "page": page, "counted": self.counted(page.count)}
        context |= page_links(request.GET, page)
        context["api_list"] = kinds.name_of(viewset)
        context["api_address"] = f"/api/v1/{context['api_list']}/"
        context |= {"orderings": self.orderings(page.ordering, request.GET), **self.more(filterset)}
        if issubclass(serializer.Meta.model, Record):
            context["as_of"] = last_published(serializer.Meta.model)
        return render(request, self.template_name, context)

    def page_of(self, filterset, params):
        """The page of the list that ``params`` ask for. Raises ``BadParameters``."""
        serializer = self.viewset.serializer_class
        model, includes = serializer.Meta.model, self.viewset.list_includes
        is_kept = issubclass(model, Record)
        rows = filtered(filterset, model) if is_kept else filterset.rows(lambda: serializer.rows(include=includes))
        orderings = self.viewset.orderings.through(filterset.aliases())
        reader = Cards(model, include=includes) if is_kept else paging.INSTANCES
        return paging.paginate(rows, params, orderings, reader, filterset.counted)

    def rows_of(self, page):
        """The rows of a page as the template shows them."""
        serializer = self.viewset.serializer_class
        if issubclass(serializer.Meta.model, Record):
            return [card.data for card in page.rows]
        context = {"include": set(self.viewset.list_includes), "fields": None}
        return serializer(page.rows, many=True, context=context).data

    def more(self, filterset):
        """What else the page says of all the rows that the filters leave."""
        return {}

    def counted(self, number):
        """The number of rows with the name of what is counted: “53 facts”."""
        if self.unit:
            return self.unit % {"n": number}
        meta = self.viewset.serializer_class.Meta.model._meta
        return f"{number} {meta.verbose_name if number == 1 else meta.verbose_name_plural}"

    def orderings(self, current, params):
        """Links that order the list; the one in use turns it round."""
        links = []
        for name in self.viewset.orderings.columns:
            if name in self.ordering_labels:
                in_use = current.removeprefix("-") == name
                falls = not current.startswith("-") if in_use else name in self.newest_first
                query = changed_query(params, ordering=f"-{name}" if falls else name, cursor="")
                links.append({"label": self.ordering_labels[name], "in_use": in_use, "query": query, "falls": falls})
        return links


def last_published(model):
    """When readers first saw the newest version of a record of the kind, or ``None``."""
    newest = model.objects.published().order_by("-published_at", "slug")
    return newest.values_list("published_at", flat=True).first()


def name_of(item):
    """The label of a filter, without the hint in parentheses, which is for the form."""
    return str(item.label).partition(" (")[0]


def chips(filterset, params):
    """The filters in use, each with the query that leaves it out."""
    in_use = []
    for name, item in filterset.filters.items():
        values = [value for value in params.getlist(name) if value]
        in_words = _value_in_words(item, filterset.form.fields[name])
        for value in values:
            rest = params.copy()
            rest.setlist(name, [other for other in params.getlist(name) if other and other != value])
            rest.pop("cursor", None)
            in_use.append({"filter": name_of(item), "value": in_words(value), "query": rest.urlencode()})
    return in_use


def _value_in_words(item, field):
    """The function that names a value of a filter for people; ``field`` is the form's, which has looked the value up."""
    if hasattr(field, "in_words"):
        return field.in_words
    if hasattr(field, "choices"):
        labels = {str(key): str(label) for key, label in field.choices}
        return lambda value: labels.get(value, value)
    return getattr(item, "in_words", str)


def refusal(error, filterset, params):
    """What a page says of ``BadParameters``: the errors, and links to what may be meant."""
    meant = [(name_of(filterset.filters[name]), offered(name, offers, params)) for name, offers in error.offers.items()]
    return {"errors": named(error.errors, filterset), "meant": meant, "chips": chips(filterset, params)}


def offered(name, offers, params):
    """Links that ask the same with another value for the refused one."""
    return [{"name": label, "query": replaced(params, name, typed, value)} for typed, value, label in offers]


def replaced(params, name, typed, value):
    """The query with ``value`` for the text ``typed`` in a parameter, where it may stand among others between commas."""
    params = params.copy()
    texts = [
        text.strip()
        for given in params.getlist(name)
        for text in ([given] if given.strip() == typed else given.split(","))
    ]
    params.setlist(name, [value if text == typed else text for text in texts])
    return changed_query(params, cursor="")


def named(errors, filterset):
    """``[(label in the form or None, name, messages)]`` of refused parameters."""
    labels = {name: item.label for name, item in filterset.filters.items()}
    return [(labels.get(name), name, messages) for name, messages in errors.items()]


def with_count(params):
    """A page always says how many rows there are."""
    params = params.copy()
    if params.get("count", "") in ("", "false"):
        params["count"] = "true"
    return params


def changed_query(params, **changes):
    """The query string with changes, without empty parameters; an empty value removes a parameter."""
    params = params.copy()
    for name, values in list(params.lists()):
        params.setlist(name, [value for value in values if value.strip()])
    for name, value in changes.items():
        params.pop(name, None)
        if value:
            params[name] = value
    return params.urlencode()


def page_links(params, page, for_api=None):
    """The query strings of the next, previous and first page; and for the API, of the same page (``json_query``) and of the whole
    list (``whole_query``, to which the template adds a format). ``for_api``: the API's parameters, if they differ."""
    api_params = for_api or params
    whole = changed_query(api_params, cursor="", page_size="", count="")
    return {
        "next_query": changed_query(params, cursor=page.next_cursor),
        "previous_query": changed_query(params, cursor=page.previous_cursor),
        "query": changed_query(params, cursor=""),
        "json_query": changed_query(api_params),
        "whole_query": f"{whole}&" if whole else "",
    }


class RecordPage(PublicPage):
    """One record, drawn from the API's own representation by ``<app>/<model>_page.html``."""

    viewset = None
    template_name = ""
    # For a kind whose page is an extract: the template of the whole record with all its notes, at ``full/``. Frozen versions are
    # drawn by it too.
    whole_template = ""
    # Whether the kind has a list of its own.
    has_list = True
    # The parameters that the page takes.
    parameters = ()
    # The nested parts of the form that the page does not draw.
    left_out = ()
    # Functions that find for a record what the page shows beside it, ``{name: rows}``.
    additions = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "viewset" in vars(cls):
            meta = cls.viewset.serializer_class.Meta.model._meta
            cls.template_name = cls.template_name or f"{meta.app_label}/{meta.model_name}_page.html"
            kinds.declare_page(cls)

    @classmethod
    def of(cls, viewset):
        """The page of a kind whose app declares none."""
        return type(f"{viewset.serializer_class.Meta.model.__name__}Page", (cls,), {"viewset": viewset})

    @classmethod
    def whole(cls):
        """The page at ``full/`` of a kind whose page is an extract."""
        return type(f"Whole{cls.__name__}", (cls,), {"template_name": cls.whole_template, "whole_template": ""})

    @classmethod
    def add(cls, function):
        """Show what ``function(record)`` finds: so an app adds its own rows to a page of a floor below. A decorator."""
        cls.additions = (*cls.additions, function)
        return function

    def get(self, request, slug):
        if refusal := refuse_parameters(request, self.parameters):
            return refusal
        serializer = self.viewset.serializer_class
        form = reading.form_of(serializer.Meta.model, slug)
        record = form and versions.with_current(serializer.bare_rows()).filter(pk=form.record_id).first()
        if record is None:
            return absence(request, serializer.Meta.model, slug)
        data = {name: value for name, value in orjson.loads(form.form).items() if name not in self.left_out}
        context = self.context(record, data)
        context |= {
            "api_address": api_address(record),
            "json_ld": jsonld.describe(data, serializer, request.build_absolute_uri),
        }
        context |= self.addresses(record)
        response = render(request, self.template_name, context)
        response["Link"] = (
            f'<{api_address(record)}>; rel="alternate"; type="application/json", '
            f'<{context["history_address"]}>; rel="version-history"'
        )
        return response

    @staticmethod
    def addresses(record):
        """The addresses of the record's history and of its newest version, which is the one to cite."""
        number = record.current_version
        lasting = reverse(f"{record.KIND}-version", args=[record.slug, number]) if number else ""
        return {"history_address": reverse(f"{record.KIND}-history", args=[record.slug]), "lasting_address": lasting}

    def context(self, record, data):
        context = {**self.drawn(data), **self.more(record, data)}
        if self.whole_template:
            # Relative, since it stands hundreds of times on the page.
            context["notes"].address = "full/"
        return context

    @classmethod
    def drawn(cls, data, on=None):
        """The context from the representation alone, the same for the living record and for a frozen version."""
        return {"record": data, "notes": Footnotes(data), **cls.worked_out(data, on)}

    @staticmethod
    def worked_out(data, on=None):
        """Further context that is computed from the representation, as of a day (default: today)."""
        return {}

    def more(self, record, data):
        """What the page shows besides the representation: rows of other kinds that name this one."""
        return {name: rows for addition in self.additions for name, rows in addition(record).items()}


def refuse_parameters(request, known=()):
    """For a page that takes no parameters but those ``known``: a 400 response if there are others, else ``None``."""
    try:
        check_names(request.GET, known)
    except BadParameters as error:
        return refused(request, error.errors)


def refused(request, errors):
    """A page that names the refused parameters."""
    rows = [(None, name, messages) for name, messages in errors.items()]
    return render(request, "problem.html", {"errors": rows}, status=400)


def numbered_page(rows, size, number):
    """The ``Page`` of Django's paginator that the parameter ``page`` asks for. Raises ``Http404`` where there is none."""
    paginator = Paginator(rows, size)
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= paginator.num_pages:
        raise Http404
    return paginator.page(int(number[:6]))


def plain(data):
    """Serializer output as the plain data that a frozen version holds."""
    return orjson.loads(orjson.dumps(data, default=str))


def absence(request, model, slug, name="page"):
    """The response for a record that is not published: a redirect to the page ``name`` of its target, 410, or ``Http404``."""
    former = absent_record(model, slug)
    if former is None:
        raise Http404
    if former.status == Status.MERGED:
        target = former.merged_into
        return HttpResponsePermanentRedirect(reverse(f"{target.KIND}-{name}", args=[target.slug]))
    return render(request, "gone.html", {"record": former}, status=410)
