"""Short answers to the questions that a lawyer asks first: jurisdiction, contractors, taxes, term, termination.

Works on codings as the API gives them. Cells of the immunity matrix answer the questions about persons.
"""

from django.utils.translation import gettext_lazy as _

from agreements.codebook.answer_comparison import ALL, by_topic, is_known
from agreements.codebook.values import value_of

# Question → the cell of the matrix that answers it.
OF_PERSONS = {
    "force": (_("Who may try members of the force?"), "military", "criminal"),
    "contractors": (_("Who may try contractors?"), "contractor", "criminal"),
    "dependants": (_("Who may try dependants?"), "dependant", "criminal"),
    "custody": (_("Who holds a suspect?"), "military", "arrest"),
    "taxes": (_("Do members of the force pay taxes?"), "military", "taxes"),
    "claims": (_("Who pays for damage?"), "military", "claims"),
}
# Question → the topic that answers it, and the agreement's own field whose words are shown if nobody coded the topic.
OF_INSTRUMENT = {
    "form": (_("How does it bind?"), "L3", ""),
    "duration": (_("How long does it last?"), "L5", "term"),
    "leaving": (_("How can a party leave?"), "L6", "termination"),
}


def headlines_of(codings, matrix, instrument):
    """``[{"question", "label", "stance", "favours", "answers", "value", "words"}]`` in the order above.

    ``answers`` are the codings behind an answer, as in a cell of the matrix; ``value`` is its number, if it has one; ``words``
    is the text of the agreement's own field if nobody coded the topic. ``matrix`` is the immunity matrix of the codings, ``instrument``
    the agreement's form.
    """
    cells = {(row["person_class"], cell["column"]): cell for row in matrix["rows"] for cell in row["cells"]}
    topics = by_topic(codings)
    return [
        *(
            {"question": name, "label": str(label), "value": None, "words": "", **cells[person_class, column]}
            for name, (label, person_class, column) in OF_PERSONS.items()
        ),
        *(
            {"question": name, "label": str(label), **_of_instrument(topics.get(topic, {}), instrument, field)}
            for name, (label, topic, field) in OF_INSTRUMENT.items()
        ),
    ]


def _of_instrument(by_class, instrument, field):
    coding = by_class.get(ALL)
    approach = coding["approach"] if coding else None
    value = value_of(instrument, coding["topic"]["code"], approach["code"]) if approach else None
    return {
        "stance": coding["stance"] if coding else "not_coded",
        "favours": "",
        "answers": [coding] if coding else [],
        "value": value,
        "words": instrument.get(field, "") if not is_known(coding) else "",
    }
