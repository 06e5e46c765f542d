"""What every record is: an address, a publication status with its verbs, parts, and a citation for each fact.

``Documented``  has a slug and a dossier (see ``sources.records.dossier``) and keeps its editors' history.
``Reviewed``    is documented, and a draft until a second person publishes it.
``Record``      is reviewed, and readers see it under its own address.

A part, such as a milestone, a signature or a clause, is in ``sources.records.part``.

Nothing here imports an app; relations are named by string.
"""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.desk import merging
from sources.evidence import publish_gate
from sources.evidence.record_facts import facts_of
from sources.history.append_only import TrailRelation
from sources.lib.fields import ProseField, SortKeyField
from sources.lib.text import fold, sort_key
from sources.reading import kinds
from sources.reading.store import keeping as store
from sources.records import dossier
from sources.records.documented import Documented, DocumentedQuerySet
from sources.records.fact_fields import CitedMixin  # noqa: F401  (landed migrations name it here)
from sources.records.found_by_name import FoundByName
from sources.records.status import NotReady, Status, VerbRefused

# The form of the public representation; a change that could break a reader's program makes a new one.
SCHEMA_VERSION = "1"


class ReviewedQuerySet(DocumentedQuerySet):
    """``objects`` shows everything, because the admin and related look-ups use it silently. Public code asks for
    ``published()``."""

    def published(self):
        return self.filter(status=Status.PUBLISHED)


class Reviewed(Documented):
    """A documented row that is a draft until a second person publishes it."""

    status = models.CharField(
        max_length=12,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
        help_text=_("Changed by submit, publish, return, withdraw and merge only."),
    )
    published_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When readers first saw the present version.")
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False, help_text=_("When the record was withdrawn."))
    withdrawn_reason = ProseField(blank=True, editable=False, help_text=_("Why the record was withdrawn."))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Who made the latest change; somebody else publishes it."),
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta(Documented.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
                name="%(class)s_published_has_date",
                violation_error_message=_("A published record needs the day of its publication."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN) | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="%(class)s_withdrawn_has_reason",
                violation_error_message=_("A withdrawn record needs the day and the reason of its withdrawal."),
            ),
        ]

    @property
    def is_published(self):
        return self.status == Status.PUBLISHED

    @property
    def is_shown(self):
        return self.is_published

    @property
    def is_hidden_draft(self):
        return self.status in (Status.DRAFT, Status.IN_REVIEW)

    @property
    def was_public(self):
        return self.published_at is not None

    # The publish gate

    def missing_for_publication(self):
        """The gaps (see ``sources.evidence.publish_gate``): the facts that still lack a usable source."""
        return publish_gate.gaps(self)

    # Verbs: each writes the status and one Review row in one transaction

    def submit(self, by, comment=""):
        """Submit a draft for review."""
        self._require(Status.DRAFT)
        return self._turn(Status.IN_REVIEW, "submit", by, comment)

    def send_back(self, by, comment):
        """Return a record in review to its author, with a comment."""
        self._require(Status.IN_REVIEW)
        if not comment:
            raise VerbRefused(_("Say what should change."))
        return self._turn(Status.DRAFT, "return", by, comment)

    def publish(self, by, comment="", bypass=False, authors=(), freeze=True):
        """Publish the record in its present state. Raises ``NotReady`` if a fact lacks a source, or ``VerbRefused``.

        ``freeze=False`` leaves the version to a caller who publishes several records that name each other.
        """
        self._require(Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN)
        own_work = self.is_own_work(by, bypass, authors)
        with store.together(), dossier.gathered(self):
            missing = self.missing_for_publication()
            if missing:
                raise NotReady(missing)
            self.published_at = timezone.now()
            self.withdrawn_at, self.withdrawn_reason = None, ""
            review = self._turn(Status.PUBLISHED, "publish", by, comment, bypassed=own_work)
            if freeze:
                self.freeze_version()
        return review

    def note_publication(self, by, comment):
        """Record a publication that a change of another record caused. The record is public already and has no new author."""
        self._require(Status.PUBLISHED)
        return self._turn(Status.PUBLISHED, "publish", by, comment)

    def freeze_version(self):
        """Freeze the public form, for kinds that have one. Returns the version or ``None``."""

    def withdraw(self, by, reason):
        """Withdraw the record: its address answers 410 with the reason and the day."""
        self._require(Status.PUBLISHED)
        if not reason:
            raise VerbRefused(_("A withdrawal needs a reason for readers."))
        self.withdrawn_at, self.withdrawn_reason = timezone.now(), reason
        return self._turn(Status.WITHDRAWN, "withdraw", by, reason)

    # The methods by the verb's name, as the editing screens post it.
    VERBS = {"submit": "submit", "return": "send_back", "publish": "publish", "withdraw": "withdraw"}

    @store.together()
    def carry_out(self, verb, by, comment="", bypass=False, saw=0):
        """Carry out the verb of this name on the row as it is now in the database. Raises ``ValidationError`` if it is refused.

        ``saw`` is the number of the revision that the user saw: publishing is refused if there is a newer one.
        """
        if verb not in self.VERBS:
            raise VerbRefused(_("There is no such step."))
        # The verb saves all columns of the row; without the lock it could undo an edit of a moment ago.
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if verb == "publish" and saw and saw != self.revision_number:
            raise VerbRefused(_("The record changed while you looked at it. Please look again."))
        more = {"bypass": bypass} if verb == "publish" else {}
        return getattr(self, self.VERBS[verb])(by, comment, **more)

    def _require(self, *statuses):
        if self.status not in statuses:
            raise VerbRefused(
                _("The record is %(status)s; this cannot be done now.") % {"status": self.get_status_display()}
            )

    def _turn(self, status, verb, by, comment, bypassed=False):
        with store.together():
            was_published, self.status = self.is_published, status
            self.save()
            if was_published != self.is_published:
                self.note_visibility()
            return self._note_review(verb, by, comment, bypassed)

    def note_visibility(self):
        """Tell the read store that readers see the record from now on, or no longer do."""


class RecordQuerySet(FoundByName, ReviewedQuerySet):
    def counted(self):
        """The rows that a count of the kind counts: all, unless the kind holds records that its name does not cover."""
        return self


class Record(Reviewed):
    """A row that readers see under its own address once it is published."""

    # Where the kind stands among the others, from low to high, wherever readers see them all; sources come last.
    # A search shows equally good results so, too, but for models with a ``FOUND_AT``: people and topics go before agreements.
    READING_ORDER = 80
    # Whether people type what it is called; else its name is a whole sentence, and it is found by its words.
    IS_TYPED = True
    # Whether the home page tells of records that were newly published.
    IS_NEWS = True
    SEARCH_FIELDS = ()
    # Whether the first of these alone decides where the record stands in a list by name (see ``sort_names``).
    SORTED_BY_NAME = True
    # Facets of the search whose values say what sort of thing the record is, by the field that holds them; and what else people call
    # the kind. “sofa ghana” then finds what is of that type, whatever its title.
    SORTS = {}
    ALSO_CALLED = ""
    # The list of parts that holds the record's other names, for a kind that keeps them.
    NAMES_PART = ""
    # What the public form says that follows from its facts, by name, with a function that puts it into words for a form.
    DERIVED = {}
    # The columns that ``__str__`` reads besides slug and status. Empty if ``__str__`` uses more than plain columns.
    NAMED_BY = ()
    # The columns that rows which name the record read besides: of its names in time, of the day it took place.
    LINKED_BY = ()

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_records",
        help_text=_("The record that continues this one; its address redirects there."),
    )
    is_contested = models.BooleanField(
        default=False,
        editable=False,
        db_index=True,
        help_text=_("Whether sources differ on some field and no ruling has settled it."),
    )
    uncited_count = models.PositiveIntegerField(
        default=0,
        editable=False,
        db_index=True,
        help_text=_("How many facts of the record have no supporting citation."),
    )
    search_text = models.TextField(blank=True, editable=False, help_text=_("Names and titles, folded for search."))
    sort_key = SortKeyField()

    versions = TrailRelation("sources.Version", "record_id", "record_type")
    contested_facts = GenericRelation("sources.ContestedFact", "record_id", "record_type")
    forms = GenericRelation("sources.PublicForm", "record_id", "record_type")

    objects = RecordQuerySet.as_manager()

    class Meta(Reviewed.Meta):
        abstract = True
        indexes = [
            models.Index(fields=["status", "slug"], name="%(class)s_public_slug"),
            models.Index(fields=["status", "sort_key", "slug"], name="%(class)s_public_name"),
            models.Index(fields=["status", "-published_at", "slug"], name="%(class)s_public_newest"),
            # Editors' searches read the others row by row: they are few.
            models.Index(fields=["status"], name="%(class)s_unpublished", condition=~Q(status=Status.PUBLISHED)),
        ]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=Status.MERGED) | Q(merged_into__isnull=False),
                name="%(class)s_merged_has_target",
                violation_error_message=_("A merged record names the record that continues it."),
            ),
        ]

    def save(self, *args, **kwargs):
        for column, value in self.folded_names().items():
            setattr(self, column, value)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with store.saving():
            store.forget(self)
            return super().delete(*args, **kwargs)

    def get_absolute_url(self):
        return reverse(f"{self.KIND}-page", args=[self.slug])

    def refresh_derived(self):
        """Recompute the columns and rows that depend on parts and citations, and save them."""
        with dossier.gathered(self):
            for name, rows in self.derive().items():
                getattr(self, name).keep(self, rows)
            self.save()

    def derive(self):
        """Set the columns that depend on parts and citations; return ``{list: rows that it should have}``. Writes nothing.

        The record must be gathered.
        """
        # Only usable citations: a draft source must not change what readers see.
        citations = [citation for citation in self.citations.all() if citation.is_usable]
        facts = facts_of(self, citations, self.adjudications.all())
        self.is_contested = any(fact["state"] == "contested" for fact in facts)
        self.uncited_count = len(self.uncited())
        return {"contested_facts": self.contested_facts.model.objects.rows_of(self, facts)}

    @classmethod
    def keep_list_rows(cls, keys):
        """Bring further tables that lists of this kind are read from to the records with these primary keys, whose forms are written or
        deleted. Those that are not published must have no rows there."""

    @classmethod
    def wrong_list_rows(cls, keys):
        """Those of ``keys`` whose rows in these tables are not as the record says."""
        return set()

    @classmethod
    def stray_list_rows(cls):
        """The keys of records that have rows there and are not published."""
        return set()

    @classmethod
    def is_counted(cls, body):
        """Whether a public form is of a record that a count of the kind counts. As ``counted`` of the rows."""
        return True

    @classmethod
    def tallies_of(cls, body):
        """Yield ``(subject, value)`` for each thing in a public form that the site counts (see ``sources.reading.store.tallies``)."""
        if cls.is_counted(body):
            yield "records", cls.KIND
            if any(fact["state"] == "contested" for fact in body["facts"]):
                yield "contested", cls.KIND
        for citation in body["citations"]:
            yield "citations", citation["stance"]
        places = {(row["part"], row["field"], stance) for row in body["citations"] for stance in ("", row["stance"])}
        for _part, _field, stance in places:
            if stance in ("", "disputes"):
                yield "facts", stance
        for ruling in body["adjudications"]:
            yield "rulings", ruling["state"]
        for fact in body["facts"]:
            if fact["state"] in ("contested", "settled"):
                yield "disputes", fact["state"]

    def folded_names(self):
        """``{column: value}`` of the columns that lists search and sort by."""
        return {"search_text": fold(" ".join(self.search_words())), "sort_key": sort_key(*self.sort_names())}

    def name_beside(self, row):
        """What the record was called on the day of ``row``, where that is certain and not its name of today; else ``""``."""
        return ""

    def search_words(self):
        return [str(getattr(self, field) or "") for field in self.SEARCH_FIELDS]

    def sort_names(self):
        """The texts that the record is sorted by: its first name or title."""
        return [str(getattr(self, self.SEARCH_FIELDS[0]))]

    def merge(self, into, by, reason="", brings_parts=True):
        """Merge this record into another one of its kind: its address redirects, and every record that named it names the other.

        See ``sources.desk.merging``. A merger cannot be undone: nothing records which of the two was named before.
        """
        self._require(Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN)
        if type(into) is not type(self) or into.pk == self.pk or not into.is_published:
            raise VerbRefused(_("Merge into another published record of the same kind."))
        comment = _("“%(record)s” was merged into “%(into)s”.") % {"record": self, "into": into}
        with store.together():
            made = merging.plan(self, into, brings_parts, lock=True)
            if made.renaming.keys and not self.is_published:
                # The merger publishes parts that nobody has reviewed, so their author must not carry it out.
                self.is_own_work(by, bypass=False)
            self.merged_into = into
            review = self._turn(Status.MERGED, "merge", by, reason)
            for proposal in self.proposals.select_for_update().live():
                proposal.lapse(by, comment)
            try:
                merging.carry_out(made, by, f"{comment} {reason}".strip())
            except dossier.DossierError as error:
                raise VerbRefused(str(error)) from None
        return review

    def removed_with_it(self):
        """Also the records that were merged into this one."""
        return [*self.merged_records.order_by("slug"), *super().removed_with_it()]

    def empty_trail(self):
        super().empty_trail()
        self.versions.all().empty("body")

    def representation(self):
        """The public form of the record, as the API gives it: plain data."""
        return kinds.serializer_of(type(self)).represent(self)

    @classmethod
    def represent_many(cls, records):
        """``{primary key: public form}`` of published records of this kind."""
        return kinds.serializer_of(cls).represent_many(records)

    def form_valid_until(self, today):
        """The last day on which the public form says the same as ``today``; ``None`` if it does not depend on the day."""
        return None

    def note_visibility(self):
        store.visibility_changed(self)

    def freeze_version(self):
        """Keep the public form for readers, and freeze it as a ``Version``. Returns that, or ``None`` if the last one is equal."""
        return self.freeze(store.keep(self).form)

    def freeze(self, body):
        """Freeze ``body``, canonical JSON, as a ``Version``. Returns it, or ``None`` if the last version is equal."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        last = self.versions.first()
        if last and last.sha256 == digest and not last.is_closed:
            return None
        return self.versions.create(
            number=last.number + 1 if last else 1,
            at=self.published_at,
            body=body,
            sha256=digest,
            schema=SCHEMA_VERSION,
        )


def reviewed_models():
    """Every kind of row that a second person publishes, by its ``KIND``: records and findings."""
    kinds = dossier.documented_models()
    return [kinds[name] for name in sorted(kinds) if issubclass(kinds[name], Reviewed)]


def record_models():
    """Every kind of record, in the order in which readers meet them."""
    models = (model for model in dossier.documented_models().values() if issubclass(model, Record))
    return sorted(models, key=lambda model: (model.READING_ORDER, model.KIND))
