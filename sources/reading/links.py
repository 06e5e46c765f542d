"""How a record is named elsewhere: as a link, by today's name and by that of the day."""

from functools import cache

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sources.records.base import Record, Status


def page_address(record):
    return record.get_absolute_url()


def api_address(record):
    return f"/api/v1/{record.KIND}/{record.slug}/"


def link(record, named_by=None):
    """A record as others name it: ``{kind, slug, name, …}``, or ``None`` if it is not published.

    ``named_by`` is the row that names it. If it has a date (``told_on``) and the record had another name then, the link has that
    name as ``name_then``.
    """
    if record is None or getattr(record, "status", Status.PUBLISHED) != Status.PUBLISHED:
        return None
    linked = {"kind": record.KIND, "slug": record.slug, "name": str(record)}
    if getattr(record, "name_es", ""):
        linked["name_es"] = record.name_es
    if getattr(record, "iso_alpha3", ""):
        linked["code"] = record.iso_alpha3
    if isinstance(record, Record):
        if named_by is not None and (name_then := record.name_beside(named_by)):
            linked["name_then"] = name_then
        linked["page"] = page_address(record)
    return linked


@cache
def columns_of_link(model):
    """The columns that ``link`` and ``agrees`` need of a row. Every column, if ``__str__`` uses more than plain columns."""
    names = [field.name for field in model._meta.concrete_fields]
    if getattr(model, "NAMED_BY", ()):
        names = ["id", "slug", "status", "search_text", *model.NAMED_BY, *model.LINKED_BY]
    return names


def links_to(model):
    """Published rows of ``model`` with only the columns that ``link`` needs, and their foreign keys."""
    keys = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return model.objects.published().only(*columns_of_link(model), *keys)


def with_links(rows, relations):
    """``rows`` joined with their ``relations``, of which only the columns for ``link`` are read: few instead of thirty."""
    meta = rows.model._meta
    columns = [field.name for field in meta.concrete_fields]
    for name in relations:
        columns += [f"{name}__{column}" for column in columns_of_link(meta.get_field(name).related_model)]
    return rows.select_related(*relations).only(*columns) if relations else rows


class LinkSerializer(serializers.Serializer):
    """A related record: its kind, slug, name and page."""

    # In a table, a list of links is a list of these.
    stands_for = "slug"

    kind = serializers.CharField(help_text="Kind of record: the name of its list.")
    slug = serializers.CharField(help_text="Identifier within the kind.")
    name = serializers.CharField(help_text="Name.")
    name_es = serializers.CharField(required=False, help_text="Name in Spanish, where there is one.")
    code = serializers.CharField(required=False, help_text="ISO 3166-1 alpha-3 code, for a state.")
    name_then = serializers.CharField(
        required=False,
        help_text="The name of its day: what it was called when the row that names it was signed or took place. Only where"
        " that is certain and is not its name of today.",
    )
    page = serializers.CharField(required=False, help_text="Address of the page on this site.")


@extend_schema_field(LinkSerializer)
class LinkField(serializers.Field):
    """A related record; ``null`` if there is none or it is not published."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def get_attribute(self, instance):
        """The related record with the row that names it, or ``None``."""
        record = super().get_attribute(instance)
        return record and (record, instance)

    def to_representation(self, value):
        return link(*value)


@extend_schema_field(LinkSerializer(many=True))
class LinksField(serializers.Field):
    """Several related records, without those that are not published."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance):
        """The related records with the row that names them."""
        return super().get_attribute(instance), instance

    def to_representation(self, value):
        records, named_by = value
        rows = records.all() if hasattr(records, "all") else records
        return [linked for row in rows if (linked := link(row, named_by))]
