"""Persons and organisations, their names as printed, and who held which post when.

The words are those of the Popolo specification (popoloproject.com). A state is an organisation of kind ``state`` with its
ISO 3166-1 codes. What a person signed or said belongs to ``agreements``.
"""

from people.models.organisations import FormerCode, Organisation, OrganisationName, OtherName, Post, Succession
from people.models.persons import Membership, Person, PersonName

__all__ = [
    "FormerCode",
    "Membership",
    "Organisation",
    "OrganisationName",
    "OtherName",
    "Person",
    "PersonName",
    "Post",
    "Succession",
]
