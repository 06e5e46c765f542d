"""Plain questions that steps and codings answer: “When did it enter into force?”, “Do contractors have immunity?”."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By kind of step: whether it was taken, and when.
_STEPS = {
    "talks": (gettext_lazy("Were there talks?"), gettext_lazy("When were there talks?")),
    "negotiated": (gettext_lazy("Was the text negotiated?"), gettext_lazy("When was the text negotiated?")),
    "initialled": (gettext_lazy("Was it initialled?"), gettext_lazy("When was it initialled?")),
    "signed": (gettext_lazy("Was it signed?"), gettext_lazy("When was it signed?")),
    "provisional": (
        gettext_lazy("Is it applied provisionally?"),
        gettext_lazy("Since when is it applied provisionally?"),
    ),
    "submitted": (
        gettext_lazy("Was it sent to the legislature?"),
        gettext_lazy("When was it sent to the legislature?"),
    ),
    "hearing": (gettext_lazy("Was there a hearing?"), gettext_lazy("When was the hearing?")),
    "committee": (gettext_lazy("Did the committee report?"), gettext_lazy("When did the committee report?")),
    "chamber": (gettext_lazy("Did the chamber vote on it?"), gettext_lazy("When did the chamber vote on it?")),
    "court": (gettext_lazy("Did the court rule on it?"), gettext_lazy("When did the court rule on it?")),
    "challenged": (gettext_lazy("Was it challenged in court?"), gettext_lazy("When was it challenged in court?")),
    "ratified": (gettext_lazy("Was it ratified?"), gettext_lazy("When was it ratified?")),
    "acceded": (gettext_lazy("Did a state accede?"), gettext_lazy("When did a state accede?")),
    "promulgated": (gettext_lazy("Was it promulgated?"), gettext_lazy("When was it promulgated?")),
    "notes": (gettext_lazy("Were the notes exchanged?"), gettext_lazy("When were the notes exchanged?")),
    "published": (gettext_lazy("Was the text published?"), gettext_lazy("When was the text published?")),
    "in_force": (gettext_lazy("Did it enter into force?"), gettext_lazy("When did it enter into force?")),
    "bound": (
        gettext_lazy("Did it enter into force for this party?"),
        gettext_lazy("When did it enter into force for this party?"),
    ),
    "not_in_force": (gettext_lazy("Was it not in force?"), gettext_lazy("When was it seen not in force?")),
    "registered": (gettext_lazy("Was it registered?"), gettext_lazy("When was it registered?")),
    "amended": (gettext_lazy("Was it amended?"), gettext_lazy("When was it amended?")),
    "renewed": (gettext_lazy("Was it renewed?"), gettext_lazy("When was it renewed?")),
    "reservation": (gettext_lazy("Was a reservation made?"), gettext_lazy("When was the reservation made?")),
    "declaration": (gettext_lazy("Was a declaration made?"), gettext_lazy("When was the declaration made?")),
    "territorial": (
        gettext_lazy("Was it extended to the territory?"),
        gettext_lazy("When was it extended to the territory?"),
    ),
    "suspended": (gettext_lazy("Was it suspended?"), gettext_lazy("When was it suspended?")),
    "notice": (gettext_lazy("Was notice given?"), gettext_lazy("When was notice given?")),
    "left": (gettext_lazy("Did this party leave?"), gettext_lazy("When did this party leave?")),
    "terminated": (gettext_lazy("Was it terminated?"), gettext_lazy("When was it terminated?")),
    "expired": (gettext_lazy("Did it expire?"), gettext_lazy("When did it expire?")),
    "superseded": (gettext_lazy("Was it superseded?"), gettext_lazy("When was it superseded?")),
    "launched": (gettext_lazy("Was it launched?"), gettext_lazy("When was it launched?")),
}
_OF_A_STEP = {
    "body": gettext_lazy("Which body acted?"),
    "place": gettext_lazy("Where did it happen?"),
    "outcome": gettext_lazy("What was decided?"),
    "votes_for": gettext_lazy("How many voted for it?"),
    "votes_against": gettext_lazy("How many voted against it?"),
    "votes_abstaining": gettext_lazy("How many abstained?"),
    "votes_absent": gettext_lazy("How many were absent?"),
    "description": gettext_lazy("What happened at this step?"),
}
# The kinds of step that decide whether an instrument is in force.
MAKES_STATUS = (
    "signed", "provisional", "ratified", "acceded", "notes", "in_force", "bound", "not_in_force", "renewed", "suspended", "left",
    "terminated", "expired", "superseded",
)  # fmt: skip
# The group of topics on jurisdiction and immunity.
IMMUNITY = "D"


def question_of_step(field, row):
    """The question that a field of a step answers; ``row`` is its public form. Names the body where a chamber or court acted."""
    was_taken, when = _STEPS[row["kind"]]
    question = {"kind": was_taken, "date": when}.get(field) or _OF_A_STEP.get(field, "")
    body = (row.get("body") or {}).get("name")
    return f"{question} ({body})" if question and body and field != "body" else str(question)


_PERSONS = {
    "military": gettext_lazy("members of the force"),
    "civilian": gettext_lazy("members of the civilian component"),
    "contractor": gettext_lazy("contractors"),
    "contractor_employee": gettext_lazy("employees of contractors"),
    "dependant": gettext_lazy("dependants"),
    "locally_hired": gettext_lazy("locally hired staff"),
    "all": gettext_lazy("the people whom it covers"),
}
_OF_PERSONS = {
    "A2": gettext_lazy("Are %(persons)s covered?"),
    "D1": gettext_lazy("Do %(persons)s have immunity or a status of their own?"),
    "D2": gettext_lazy("Who may try %(persons)s?"),
    "D5": gettext_lazy("Who may arrest %(persons)s?"),
    "D9": gettext_lazy("Are %(persons)s immune in civil matters?"),
    "F1": gettext_lazy("Do %(persons)s pay taxes?"),
}


def question_of_coding(field, topic, person_class):
    """The question that a coding answers; ``topic`` has its code and name, ``person_class`` is the code of the class."""
    words = {"persons": _PERSONS[person_class], "topic": topic["name"]}
    if topic["code"] in _OF_PERSONS:
        return str(_OF_PERSONS[topic["code"]]) % words
    if person_class == "all":
        question = _("Does it deal with “%(topic)s”?") if field == "stance" else _("What does it say on “%(topic)s”?")
    elif field == "stance":
        question = _("Does it deal with “%(topic)s” for %(persons)s?")
    else:
        question = _("What does it say on “%(topic)s” for %(persons)s?")
    return question % words
