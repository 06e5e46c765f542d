"""The parameters of a comparison."""

from dataclasses import dataclass

from agreements.models import Topic
from sources.lib.filters import BadParameters, check_names
from sources.lib.problems import hint

FEWEST, MOST = 2, 6

ONLY = ("all", "coded", "differences")

FORMATS = ("json", "csv")

PARAMETERS = ("agreement", "only", "group", "format")


@dataclass(frozen=True)
class ComparisonQuery:
    """The agreements to compare, by slug and in order; which rows to show; which groups (empty: all); the format."""

    slugs: tuple
    only: str = "all"
    groups: tuple = ()
    format: str = ""


def read_query(params):
    """The ``ComparisonQuery`` of a query string. Raises ``BadParameters``."""
    check_names(params, PARAMETERS, repeatable=("agreement", "group"))
    errors = {}
    slugs = params.getlist("agreement")
    groups = [letter.upper() for letter in params.getlist("group") if letter]
    only, format_ = params.get("only") or "all", params.get("format", "")
    if not FEWEST <= len(slugs) <= MOST:
        errors["agreement"] = [f"Name {FEWEST} to {MOST} agreements; the address names {len(slugs)}."]
    elif len(set(slugs)) < len(slugs):
        twice = next(slug for slug in slugs if slugs.count(slug) > 1)
        errors["agreement"] = [f"“{twice[:60]}” is named twice; compare it with another agreement."]
    if only not in ONLY:
        errors["only"] = [f"“{only[:60]}” is not one of: {', '.join(ONLY)}.{hint(only[:60], ONLY)}"]
    if format_ and format_ not in FORMATS:
        errors["format"] = [f"“{format_[:60]}” is not one of: {', '.join(FORMATS)}.{hint(format_[:60], FORMATS)}"]
    known = known_groups() if groups else ()
    for letter in groups:
        if letter not in known:
            errors["group"] = [f"“{letter[:60]}” is not one of: {', '.join(known)}."]
    if errors:
        raise BadParameters(errors)
    return ComparisonQuery(tuple(slugs), only, tuple(dict.fromkeys(groups)), format_)


def known_groups():
    """The letters of the codebook's groups, in order."""
    rows = Topic.objects.order_by("group_order").values_list("group", flat=True).distinct()
    return tuple(dict.fromkeys(rows))
