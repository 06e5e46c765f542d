"""Search boxes: the exact match comes first, and rows with the same name get distinct labels."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Length
from django.utils.text import slugify

from sources.desk.visibility import sees_drafts
from sources.lib.text import fold
from sources.reading.fact_wording import field_of
from sources.records.dossier.kinds import is_documented
from sources.records.namesakes import choice_labels, name_column, plain_labels
from sources.records.status import UNCHOOSABLE

EXACT, BEGINS, WORD, WITHIN = range(4)


def is_picker(request):
    """Whether the request comes from a search box and not from a change list."""
    return getattr(request.resolver_match, "url_name", "") == "autocomplete"


class ExactFirstMixin:
    """For the admin of a model whose rows are offered in search boxes."""

    def get_search_results(self, request, queryset, search_term):
        matches, may_repeat = super().get_search_results(request, queryset, search_term)
        if is_picker(request) and fold(search_term):
            matches = exact_first(matches, search_term)
        return matches, may_repeat


def exact_first(rows, term):
    """``rows`` sorted by how they match ``term``: exact matches, then names that begin with it, then names with a word that begins
    with it; shorter names first. Ignores case and accents, also on PostgreSQL."""
    model, name = rows.model, name_column(rows.model)
    exact, begins, word = _grades(model, name, term.strip())
    rank = Case(
        When(exact, then=Value(EXACT)),
        When(begins, then=Value(BEGINS)),
        When(word, then=Value(WORD)),
        default=Value(WITHIN),
    )
    return rows.annotate(length_of_name=Length(name)).order_by(rank, "length_of_name", "pk")


def row_named(rows, term):
    """The one row that the term names exactly, by its name, a code or its slug; ``None`` if there is none or several."""
    name = name_column(rows.model)
    exact, _begins, _word = _grades(rows.model, name, term.strip())
    if field_of(rows.model, "status"):
        rows = rows.exclude(status__in=UNCHOOSABLE)
    matches = rows.annotate(length_of_name=Length(name)).filter(exact)[:2]
    return matches[0] if len(matches) == 1 else None


def _grades(model, name, term):
    """Conditions that the term is a name, slug or code of the row, that its name begins with it, or a word of it does."""
    words = fold(term)
    if field_of(model, "search_text"):
        # The first name is where the folded names begin, and as long as what was typed.
        exact = Q(search_text=words) | Q(search_text__startswith=f"{words} ", length_of_name=len(term))
        begins, word = Q(search_text__startswith=words), Q(search_text__contains=f" {words}")
    else:
        exact, begins, word = (
            Q(**{f"{name}__{look_up}": text})
            for look_up, text in (("iexact", term), ("istartswith", term), ("icontains", f" {term}"))
        )
    return exact | _other_names(model, term), begins, word


def _other_names(model, term):
    """Conditions that the term is the slug, a code, the short form or another name of the row."""
    slug, named = slugify(fold(term)), Q(pk__in=())
    if is_documented(model):
        named |= Q(slug=slug)
    for column in ("code", "short_name", "iso_alpha2", "iso_alpha3"):
        if field_of(model, column):
            named |= Q(**{f"{column}__in": {term, term.upper(), term.lower()}})
    if others := field_of(model, getattr(model, "NAMES_PART", "")):
        named |= Q(pk__in=others.related_model.objects.filter(key=slug).values(others.field.name))
    return named


class LabelledChoices(AutocompleteJsonView):
    """Django's JSON answer to a search box, with distinct labels."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = context["object_list"]
        # The distinct labels depend on other rows, also on drafts.
        self.labels = choice_labels(rows) if sees_drafts(self.request.user) else plain_labels(rows)
        return context

    def serialize_result(self, obj, to_field_name):
        return {**super().serialize_result(obj, to_field_name), "text": self.labels[obj.pk]}
