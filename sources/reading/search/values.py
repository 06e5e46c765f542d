"""The values of facets as the API gives them."""

from rest_framework import serializers


class FacetCountSerializer(serializers.Serializer):
    value = serializers.CharField(help_text="The value, as the parameter of the same name takes it.")
    count = serializers.IntegerField(help_text="How many have it, whatever else is chosen of the same facet.")


def as_counts(pairs):
    return [{"value": value, "count": number} for value, number in pairs]
