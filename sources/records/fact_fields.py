"""Rows whose fields state facts: which fields can be cited, which must be, and what they say."""


def is_blank(value):
    return value is None or value == "" or value == []


class CitedMixin:
    """Rows whose fields state facts.

    ``CITABLE_FIELDS`` names the fields that a citation may support; ``required_citations()`` those that must have one.
    """

    CITABLE_FIELDS = ()
    # By field, what readers call a fact where the field's own label would puzzle them.
    FACT_LABELS = {}
    # The field that says when the row took place; other records are named in it as they were called then.
    DATED_BY = ""

    def told_on(self):
        """When the row took place, as EDTF text; empty if it has no date."""
        return str(getattr(self, self.DATED_BY) or "") if self.DATED_BY else ""

    # By field, the question that a fact answers; in that of a part, ``%(entry)s`` is what the part is known by.
    QUESTIONS = {}

    @classmethod
    def question(cls, field, row):
        """The question in plain words that a fact answers, or ``""``; ``row`` is the part's public form, empty for a record."""
        return str(cls.QUESTIONS.get(field, ""))

    def is_weighty(self, field):
        """Whether a dispute about the field comes before others: it decides the status of an instrument or an immunity."""
        return False

    def fact_value(self, field):
        """The value of a citable field as plain data: text, number, name of the related row, or a list of names."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return sorted(str(row) for row in getattr(self, field).all()) if self.pk else []
        value = getattr(self, field)
        return str(value) if model_field.is_relation and value is not None else value

    def says(self, field):
        """Whether the field has a value. A foreign key needs no query."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return bool(self.pk and getattr(self, field).all())
        return not is_blank(getattr(self, model_field.attname))

    def required_citations(self):
        """The fields that must have a citation: every citable field with a value."""
        return [field for field in self.CITABLE_FIELDS if self.says(field)]

    def holds_text(self):
        """Whether we hold the text, or an official summary, that this row is about. Only then can reports be compared with it."""
        return False
