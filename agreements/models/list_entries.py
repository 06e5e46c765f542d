"""The tables that lists of agreements are read from: one row for each heading under which a reader can list an agreement.

A heading is a party, a signatory, a topic, an approach, a stance or a class of person. The row repeats what lists are ordered by,
so that one index holds a filter together with its order: a page of the agreements of a party is fifty neighbours in that index,
however many agreements there are. Only published agreements have rows.
"""

from collections import defaultdict

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agreements.life.course import NO_PARTY
from agreements.models.codebook import Coding
from agreements.models.instruments import Agreement
from agreements.models.life import Milestone, Party, Signature
from sources.lib.fields import SortKeyField
from sources.lib.inserting import insert
from sources.records.status import Status

# How many rows one statement writes.
AT_ONCE = 2000


def under_party(organisation):
    return f"party/{organisation}"


def under_signatory(person):
    return f"signatory/{person}"


def under_topic(topic):
    return f"topic/{topic}"


def under_approach(approach):
    return f"approach/{approach}"


def under_stance(stance):
    return f"stance/{stance}"


def under_class(person_class):
    return f"class/{person_class}"


class ListEntryQuerySet(models.QuerySet):
    def keep(self, keys, agreements):
        """Bring the rows of the agreements with these primary keys to their parts; those that are not published have none.
        ``agreements`` are those that are, a query for all the tables."""
        missing, outdated = self._differing(keys, agreements)
        outdated = [entry.pk for entry in outdated]
        for start in range(0, len(outdated), AT_ONCE):
            self.filter(pk__in=outdated[start : start + AT_ONCE]).delete()
        insert(self.model, missing)

    def at_fault(self, keys, agreements):
        """Those of the agreements with these primary keys whose rows are not as their parts say."""
        return {entry.agreement_id for entries in self._differing(keys, agreements) for entry in entries}

    def stray(self):
        """The primary keys of agreements that have rows and are not published."""
        return {*self.exclude(agreement__status=Status.PUBLISHED).values_list("agreement", flat=True)}

    def _differing(self, keys, agreements):
        """``(rows that are missing, not saved; rows that should not be there)``."""
        wanted = {entry.content: entry for entry in self.wanted(agreements)}
        outdated = [entry for entry in self.filter(agreement__in=keys) if wanted.pop(entry.content, None) is None]
        return list(wanted.values()), outdated

    def wanted(self, agreements):
        """Yield the rows that published agreements should have, not saved."""
        headings = self.model.headings_of([row.pk for row in agreements])
        repeated = [field.name for field in self.model._meta.concrete_fields if field.name in Agreement.LISTED_BY]
        for row in agreements:
            columns = {name: getattr(row, name) for name in repeated}
            for heading, more in headings[row.pk].items():
                yield self.model(agreement=row, heading=heading, **columns, **more)


class ListEntry(models.Model):
    """A published agreement under one heading."""

    heading = models.CharField(max_length=40, help_text=_("What the agreement is listed under."))
    slug = models.CharField(max_length=120, help_text=_("The agreement's slug, which decides between equal dates."))
    signed_earliest = models.DateField(null=True, help_text=_("The first day on which it may have been signed."))

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.heading}: {self.slug}"

    @classmethod
    def headings_of(cls, agreements):
        """``{agreement's key: {heading: {further column: value}}}`` for the keys given."""
        raise NotImplementedError

    @property
    def content(self):
        """Everything but the row's own key."""
        return tuple(getattr(self, field.attname) for field in self._meta.concrete_fields if not field.primary_key)


def once(name):
    return models.UniqueConstraint(fields=["agreement", "heading"], name=f"{name}_entry_once")


class PartyEntry(ListEntry):
    """A published agreement under one of its parties or signatories."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="party_entries", db_index=False, help_text=_("The instrument.")
    )
    type = models.CharField(max_length=24, help_text=_("What sort of instrument it is."))
    sort_key = SortKeyField(help_text=_("What titles are sorted by."))
    is_bound = models.BooleanField(default=False, help_text=_("Whether the party is bound, and not only named."))

    class Meta(ListEntry.Meta):
        constraints = [once("party")]
        indexes = [
            models.Index(fields=["heading", "-signed_earliest", "slug"], name="party_entry_by_date"),
            models.Index(fields=["heading", "type", "-signed_earliest", "slug"], name="party_entry_by_type"),
            models.Index(fields=["heading", "sort_key", "slug"], name="party_entry_by_title"),
            models.Index(fields=["heading", "slug"], name="party_entry_by_slug"),
        ]

    @classmethod
    def headings_of(cls, agreements):
        headings = defaultdict(dict)
        parties = Party.objects.filter(agreement__in=agreements).order_by()
        for agreement, organisation, role in parties.values_list("agreement", "organisation", "role"):
            entry = headings[agreement].setdefault(under_party(organisation), {"is_bound": False})
            entry["is_bound"] |= role not in NO_PARTY
        signatures = Signature.objects.filter(agreement__in=agreements).order_by()
        for agreement, person in signatures.values_list("agreement", "person"):
            headings[agreement][under_signatory(person)] = {}
        return headings


class StepEntry(ListEntry):
    """A published agreement under one of its parties, by the latest dated step that is this party's or of all parties.

    The latest steps of a party are among those of as many agreements, the first by this order: a timeline reads no others.
    """

    signed_earliest = None
    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="step_entries", db_index=False, help_text=_("The instrument.")
    )
    last_step = models.DateField(help_text=_("The first day on which the latest step may have been."))
    steps = models.PositiveIntegerField(help_text=_("How many dated steps there are."))

    class Meta(ListEntry.Meta):
        constraints = [once("step")]
        indexes = [
            # The number of steps stands in it, so that those of all agreements are counted from the index alone.
            models.Index(fields=["heading", "-last_step", "slug", "steps"], name="step_entry_by_last_step")
        ]

    @classmethod
    def headings_of(cls, agreements):
        headings, steps = defaultdict(dict), _dated_steps(agreements)
        parties = Party.objects.filter(agreement__in=agreements).order_by()
        for agreement, organisation in parties.values_list("agreement", "organisation"):
            days = [day for party, day in steps[agreement] if party in (None, organisation)]
            if days:
                headings[agreement][under_party(organisation)] = {"last_step": max(days), "steps": len(days)}
        return headings


def _dated_steps(agreements):
    """``{agreement's key: [(the party whose step it is, or None; the first day on which it may have been)]}``."""
    found = defaultdict(list)
    steps = Milestone.objects.filter(agreement__in=agreements).exclude(date="").order_by()
    first = Coalesce("date_earliest", "date_latest")
    for agreement, party, day in steps.values_list("agreement", "party", first):
        found[agreement].append((party, day))
    return found


class TopicEntry(ListEntry):
    """A published agreement under a topic, approach, stance or class of person of its codings."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="topic_entries", db_index=False, help_text=_("The instrument.")
    )

    class Meta(ListEntry.Meta):
        constraints = [once("topic")]
        indexes = [
            models.Index(fields=["heading", "-signed_earliest", "slug"], name="topic_entry_by_date"),
            models.Index(fields=["heading", "slug"], name="topic_entry_by_slug"),
        ]

    @classmethod
    def headings_of(cls, agreements):
        headings = defaultdict(dict)
        codings = Coding.objects.filter(agreement__in=agreements).order_by()
        for agreement, topic, approach, stance, person_class in codings.values_list(
            "agreement", "topic", "approach", "stance", "person_class"
        ):
            found = [under_topic(topic), under_stance(stance), under_class(person_class)]
            found += [under_approach(approach)] if approach else []
            headings[agreement].update({heading: {} for heading in found})
        return headings
