"""Rows whose fields state facts, each of which a citation may support."""


def is_blank(value):
    return value is None or value == "" or value == []


class CitedMixin:
    """Rows whose fields state facts.

    ``CITABLE_FIELDS`` names the fields that a citation may support; ``required_citations()`` those that must have one.
    """

    CITABLE_FIELDS = ()

    def fact_value(self, field):
        """The value of a citable field as comparable data: text, number, slug, or a list of slugs."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return sorted(str(row) for row in getattr(self, field).all()) if self.pk else []
        value = getattr(self, field)
        return str(value) if model_field.is_relation and value is not None else value

    def says(self, field):
        """Whether the field states anything. Needs no query for a relation to one row."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return bool(self.pk and getattr(self, field).all())
        return not is_blank(getattr(self, model_field.attname))

    def required_citations(self):
        """Every citable field that says something."""
        return [field for field in self.CITABLE_FIELDS if self.says(field)]

    def holds_text(self):
        """Whether the text of the matter, or an official summary of it, is held here, so that reports can be set against it."""
        return False
