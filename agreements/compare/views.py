"""Pages that compare: agreements side by side, clauses word by word, and the basket that collects them."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from agreements import compare as comparison
from agreements.codebook.immunity_matrix import merged
from agreements.compare import basket_cookie
from agreements.compare.word_diff import compare_clauses
from agreements.models import Agreement, Clause, Topic
from sources.lib.filters import MAX_TEXT, BadParameters, check_names
from sources.reading.api import api_address, link
from sources.reading.views import PublicPage

# How many agreements the picker shows; others can be found by its search box.
PICKER_ROWS = 200
PICKER_PARAMETERS = ("agreement", "only", "group", "q", "change")


class ComparePage(PublicPage):
    """Two to six agreements side by side; without any, a form to pick them."""

    def get(self, request):
        if not request.GET.getlist("agreement") or request.GET.get("change") == "true":
            return self.picker(request)
        try:
            query = comparison.read_query(request.GET)
            table = comparison.build(query)
        except BadParameters as error:
            return self.picker(request, error.errors, status=400)
        except comparison.UnknownAgreements as error:
            text = _("No published agreement is called “%(slug)s”.") % {"slug": error.slugs[0][:60]}
            return self.picker(request, {"agreement": [text]}, status=404)
        if query.format == "csv":
            response = HttpResponse(comparison.as_csv(table), content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = 'attachment; filename="comparison.csv"'
            return response
        if query.format == "json":
            return HttpResponseRedirect(_address(reverse("api-compare"), query))
        response = render(request, "agreements/compare.html", self.context(query, table))
        response["Link"] = f'<{_address(reverse("api-compare"), query)}>; rel="alternate"; type="application/json"'
        return response

    def context(self, query, table):
        own = reverse("compare")
        slugs = query.slugs
        heads = [
            {**head, "without": _address(own, query, agreement=[slug for slug in slugs if slug != head["slug"]])}
            for head in table["agreements"]
        ]
        return {
            "table": table,
            "alike": sum(table["counts"][result] for result in comparison.ALIKE),
            "query": query,
            "notes": [{"number": note["number"], "citation": note} for note in table["notes"]],
            "groups": _groups(),
            "matrix_columns": table["matrices"][0]["columns"],
            "matrix_rows": _matrix_rows(table),
            "sections": [_told_apart(section) for section in table["sections"]],
            "csv_address": _address(own, query, format="csv"),
            "api_address": _address(reverse("api-compare"), query),
            "change_address": _address(own, query) + "&change=true",
            "all_address": _address(own, query, only="all", group=()),
            "heads": heads,
            "can_drop": len(slugs) > comparison.FEWEST,
        }

    def picker(self, request, errors=None, status=200):
        """The form to choose agreements; those in the address or the basket are ticked."""
        if errors is None:
            try:
                check_names(request.GET, PICKER_PARAMETERS, repeatable=("agreement", "group"))
                if len(request.GET.get("q", "")) > MAX_TEXT:
                    raise BadParameters({"q": [_("The text is too long.")]})
            except BadParameters as error:
                errors, status = error.errors, 400
        named = [(None, name, messages) for name, messages in (errors or {}).items()]
        words = "" if errors else request.GET.get("q", "")
        ticked = request.GET.getlist("agreement")[: comparison.MOST + 1] or basket_cookie.read(request)
        rows, is_cut = _rows_to_pick(words, ticked)
        context = {
            "errors": named,
            "rows": rows,
            "is_cut": is_cut,
            "q": words,
            "ticked": ticked,
            "basket": basket_cookie.read(request),
            "fewest": comparison.FEWEST,
            "most": comparison.MOST,
            "groups": _groups(),
        }
        return render(request, "agreements/compare_pick.html", context, status=status)


def _rows_to_pick(words, ticked):
    """``(rows, is_cut)``: the ticked agreements, then at most ``PICKER_ROWS`` coded ones that match ``words``."""
    coded = Agreement.objects.published().between_parties().filter(codings__isnull=False).distinct().order_by("slug")
    coded = coded.found_by(words) if words.strip() else coded
    offered = list(coded.only("slug", "title", "short_title", "type", "signed", "status")[: PICKER_ROWS + 1])
    shown = {row.slug for row in offered[:PICKER_ROWS]}
    more = [slug for slug in ticked if slug not in shown]
    kept = list(Agreement.objects.published().filter(slug__in=more).order_by("slug")) if more else []
    return [*kept, *offered[:PICKER_ROWS]], len(offered) > PICKER_ROWS


def _groups():
    rows = Topic.objects.order_by("group_order").values_list("group", "group_name", "group_name_es").distinct()
    return [{"letter": letter, "name": name, "name_es": name_es} for letter, name, name_es in rows]


def _told_apart(section):
    """A group of topics for the page: ``told`` in full, ``untold`` in a line, and the number of topics without a coding."""
    rows = section["topics"]
    open_ = [row for row in rows if row["result"] == "open"]
    coded = [row for row in open_ if any(entry["key"] for cell in row["cells"] for entry in cell["entries"])]
    return {
        **section,
        "told": [row for row in rows if row["result"] != "open"],
        "untold": coded,
        "uncoded": len(open_) - len(coded),
    }


def _matrix_rows(table):
    """The matrices turned so that a row is a class of person with a line for each agreement; classes with equal lines share
    a row."""
    heads = {head["slug"]: head for head in table["agreements"]}
    rows = [
        {
            "label": row["label"],
            "cells": [cell for matrix in table["matrices"] for cell in matrix["rows"][index]["cells"]],
        }
        for index, row in enumerate(table["matrices"][0]["rows"])
    ]
    width = len(table["matrices"][0]["columns"])
    return [
        {
            "labels": row["labels"],
            "agreements": [
                {"agreement": heads[matrix["agreement"]], "cells": row["cells"][number * width : (number + 1) * width]}
                for number, matrix in enumerate(table["matrices"])
            ],
        }
        for row in merged(rows)
    ]


def _address(path, query, **changes):
    """The address of a comparison with changed parameters; defaults are left out."""
    slugs = changes.get("agreement", query.slugs)
    only = changes.get("only", query.only)
    groups = changes.get("group", query.groups)
    parameters = [("agreement", slug) for slug in slugs]
    parameters += [("only", only)] if only != "all" else []
    parameters += [("group", letter) for letter in groups]
    parameters += [("format", changes["format"])] if changes.get("format") else []
    return f"{path}?{urlencode(parameters)}"


class ClausesPage(PublicPage):
    """Two clauses word by word."""

    def get(self, request):
        try:
            left, right = clauses_named(request.GET)
        except BadParameters as error:
            errors = [(None, name, messages) for name, messages in error.errors.items()]
            return render(request, "problem.html", {"errors": errors}, status=400)
        found = compare_clauses(left, right)
        sides = [clause_as_data(left), clause_as_data(right)]
        context = {"left": sides[0], "right": sides[1], "sides": sides, "found": found}
        context |= {"texts": [found["left"], found["right"]], "percent": round(100 * (found["share"] or 0))}
        slugs = dict.fromkeys(clause.agreement.slug for clause in (left, right))
        context["comparison"] = f"{reverse('compare')}?{urlencode([('agreement', slug) for slug in slugs])}"
        query = urlencode({"a": left.public_id, "b": right.public_id})
        context["api_address"] = f"{reverse('api-compare-clauses')}?{query}"
        return render(request, "agreements/compare_clauses.html", context)


def clauses_named(params):
    """The two published clauses that ``a=`` and ``b=`` name. Raises ``BadParameters`` or ``Http404``."""
    check_names(params, ("a", "b", "format"))
    errors, names = {}, []
    for side in ("a", "b"):
        slug, dot, key = params.get(side, "").partition(".")
        if not (slug and dot and key):
            errors[side] = [_("Name a clause as agreement.clause, for example nato-sofa-1951.art-i-definitions.")]
        names.append((slug, key))
    if not errors and names[0] == names[1]:
        errors["b"] = [_("Give another clause than the one in a=.")]
    if errors:
        raise BadParameters(errors)
    rows = Clause.objects.published().select_related("agreement")
    clauses = [rows.filter(agreement__slug=slug, key=key).first() for slug, key in names]
    if None in clauses:
        raise Http404
    return clauses


def clause_as_data(clause):
    return {
        "id": clause.public_id,
        "agreement": {**link(clause.agreement), "api": api_address(clause.agreement)},
        "number": clause.number,
        "heading": clause.heading,
        "summary": clause.summary,
        "text": clause.text,
        "text_language": clause.text_language,
        "basis": clause.basis,
        "label": str(clause),
        "page": f"{clause.agreement.get_absolute_url()}#clause-{clause.key}",
    }


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class BasketView(View):
    """Adds to the basket, takes out of it, or empties it; then goes back to where the reader was.

    Exempt from the token check because it makes its own (see ``agreements.compare.basket_cookie``).
    """

    http_method_names = ("post", "options")

    def post(self, request):
        if not basket_cookie.is_from_our_pages(request):
            return self.refuse(request, _("This form was sent from another site."), 403)
        add, remove, clear = (request.POST.get(name, "") for name in ("add", "remove", "clear"))
        if sum(map(bool, (add, remove, clear))) != 1:
            return self.refuse(request, _("Say what to add or what to remove."), 400)
        slugs = basket_cookie.read(request)
        if add:
            if not Agreement.objects.published().filter(slug=add[:MAX_TEXT]).exists():
                raise Http404
            if add not in slugs and len(slugs) >= basket_cookie.MOST:
                text = _("A comparison holds %(most)s agreements. Take one out first.") % {"most": basket_cookie.MOST}
                return self.refuse(request, text, 400)
            slugs = list(dict.fromkeys([*slugs, add]))
        else:
            slugs = [] if clear else [slug for slug in slugs if slug != remove]
        response = HttpResponseRedirect(self.back(request), status=303)
        basket_cookie.write(response, slugs)
        return response

    @staticmethod
    def back(request):
        """The page that the form was on, if it is on this site."""
        target = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
            return target
        return reverse("compare")

    @staticmethod
    def refuse(request, text, status):
        context = {"errors": [(None, _("comparison"), [text])]}
        return render(request, "problem.html", context, status=status)
