"""Questions in the words of names: “how long does it last” asks for the duration. All is folded."""

import re

# What a question is asked with, and what it asks for.
QUESTIONS = tuple(
    (re.compile(question), asked_for)
    for question, asked_for in (
        (r"\b(?:how long|until when)\b(.*?)(?: last(?:s|ing)?| valid| in force)?$", r"what duration\1"),
        (r"\bwhen (?:do|does|will|did|is)\b(.*?) (?:end|expire|over)s?$", r"what duration\1"),
        (
            r"\b(?:cuanto (?:tiempo )?(?:dura|durara)|cuanto tiempo|hasta cuando)\b(.*?)(?: dura| vigente| en vigor)?$",
            r"que duracion\1",
        ),
        (r"\b(?:how much|cuanto cuestan?)\b(.*?)(?: costs?)?$", r"what cost\1"),
        (r"\bpay(?:s|ing)?(?: (?:any|the|their))* (tax(?:es)?)\b", r"\1"),
    )
)


def asked_for(text):
    """The folded text with what it asks for in place of the words of the question, which no name has."""
    for question, words in QUESTIONS:
        text = question.sub(words, text, count=1)
    return text
