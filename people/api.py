"""The public form of people and organisations."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from people.filters import OrganisationFilter, PersonFilter
from people.models import (
    FormerCode,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Post,
    Succession,
)
from sources.api import EVIDENCE, CitedRecordSerializer
from sources.history.version_api import VersionedViewSet
from sources.lib.paging import Column, Orderings
from sources.reading.api import LinkField, LinkSerializer, PartSerializer, RecordSerializer, link, links_to
from sources.reading.search.entries import codes


class OrganisationNameSerializer(PartSerializer):
    class Meta:
        model = OrganisationName
        fields = ("key", "name", "kind", "dates", "language", "note")


class FormerCodeSerializer(PartSerializer):
    class Meta:
        model = FormerCode
        fields = ("key", "alpha4", "alpha2", "alpha3", "numeric", "withdrawn", "note")


class PredecessorSerializer(PartSerializer):
    class Meta:
        model = Succession
        related = ("predecessor",)
        fields = ("key", "predecessor", "date", "note")


class SuccessorSerializer(PartSerializer):
    """A succession seen from the organisation that came before."""

    class Meta:
        model = Succession
        related = ("organisation",)
        fields = ("organisation", "date", "note")

    @classmethod
    def rows(cls):
        return super().rows().order_by("organisation__sort_key", "organisation__slug", "key")


class EndedWithBodyField(serializers.CharField):
    """A derived end: EDTF text, or ``null``."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def get_attribute(self, instance):
        return instance.ended_with_body() or None


class PersonNameSerializer(PartSerializer):
    class Meta:
        model = PersonName
        fields = ("key", "name", "kind", "language", "note")


class PostSerializer(PartSerializer):
    ended_with_body = EndedWithBodyField(help_text="When the body ended, and the post with it, as EDTF; else null.")

    class Meta:
        model = Post
        fields = ("key", "label", "label_es", "ended_with_body", "note")


class PostNameSerializer(PartSerializer):
    class Meta:
        model = Post
        fields = ("label", "label_es")


class TermSerializer(PartSerializer):
    """A person's time in a post."""

    post = PostNameSerializer(read_only=True, allow_null=True)
    ended_with_body = EndedWithBodyField(
        help_text="When the body ended, as EDTF, for a term that no source ends before; else null."
    )


class MembershipSerializer(TermSerializer):
    organisation = LinkField()

    class Meta:
        model = Membership
        related = ("organisation", "post")
        fields = ("key", "organisation", "post", "role", "dates", "stated_on", "ended_with_body", "note")


class HolderSerializer(TermSerializer):
    """A membership seen from the organisation."""

    person = LinkField()

    class Meta:
        model = Membership
        related = ("person", "post")
        fields = ("person", "post", "role", "dates", "stated_on", "ended_with_body", "note")

    @classmethod
    def rows(cls):
        return super().rows().order_by("person__sort_key", "person__slug", "key")


class OrganisationSerializer(CitedRecordSerializer):
    schema_type = "Organization"
    elsewhere = {
        "successors": _("states and bodies that followed it"),
        "people": _("people with a post in it"),
        "children": _("bodies that are part of it"),
    }

    other_names = OrganisationNameSerializer(many=True, read_only=True)
    former_codes = FormerCodeSerializer(many=True, read_only=True)
    predecessors = PredecessorSerializer(many=True, read_only=True)
    successors = SuccessorSerializer(many=True, read_only=True)
    posts = PostSerializer(many=True, read_only=True)
    people = HolderSerializer(many=True, read_only=True, source="memberships")
    children = serializers.SerializerMethodField(help_text="Bodies that are part of this one.")

    class Meta:
        model = Organisation
        includes = (
            "other_names", "former_codes", "predecessors", "successors", "posts", "people", "children", *EVIDENCE,
        )  # fmt: skip
        related = ("country", "parent")
        fields = (
            *RecordSerializer.head, "name", "name_es", "short_name", "kind", "iso_alpha2", "iso_alpha3", "iso_numeric",
            "region", "country", "parent", "founded", "dissolved", "summary", "website", *includes,
        )  # fmt: skip

    @classmethod
    def schema_org(cls, record):
        names = [record["name_es"], record["short_name"], *(row["name"] for row in record["other_names"])]
        state = {"@type": "Country"} if record["kind"] == Organisation.Kind.STATE else {}
        return {**state, "alternateName": [name for name in names if name]}

    @classmethod
    def search_entries(cls, body, name):
        """States are found by the codes that they had, too."""
        whole, *disputes = super().search_entries(body, name)
        whole.names += [code for row in body["former_codes"] for code in (row["alpha4"], row["alpha3"]) if code]
        return [whole, *disputes]

    @classmethod
    def search_facets(cls, body):
        state = codes([{"code": body["iso_alpha3"], "slug": body["slug"]}]) if body["kind"] == "state" else []
        country = codes([body["country"]]) or state
        regions = [body["region"]] if body["region"] else []
        return {**super().search_facets(body), "party": country, "region": regions}

    @extend_schema_field(LinkSerializer(many=True))
    def get_children(self, organisation):
        return [link(row) for row in organisation.children.all()]

    @classmethod
    def prefetches(cls):
        children = links_to(Organisation).order_by("sort_key", "slug")
        return {**super().prefetches(), "children": (lambda: Prefetch("children", children),)}


class PersonSerializer(CitedRecordSerializer):
    schema_type = "Person"
    other_names = PersonNameSerializer(many=True, read_only=True)
    memberships = MembershipSerializer(many=True, read_only=True)

    class Meta:
        model = Person
        includes = ("other_names", "memberships", *EVIDENCE)
        related = ("nationality",)
        fields = (
            *RecordSerializer.head, "name", "family_name", "given_name", "nationality", "summary", *includes,
        )  # fmt: skip

    @classmethod
    def search_facets(cls, body):
        return {**super().search_facets(body), "party": codes([body["nationality"]])}

    @classmethod
    def schema_org(cls, record):
        return {
            "familyName": record["family_name"],
            "givenName": record["given_name"],
            "alternateName": [row["name"] for row in record["other_names"]],
        }


class OrganisationViewSet(VersionedViewSet):
    """States, ministries, forces, legislatures, courts, companies, outlets and groups."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    orderings = Orderings({"name": Column("sort_key"), "slug": Column("slug")}, default="name")


class PersonViewSet(VersionedViewSet):
    """Persons who signed, spoke, voted or took part."""

    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    orderings = Orderings({"name": Column("sort_key"), "slug": Column("slug")}, default="name")
    list_includes = ("memberships",)
