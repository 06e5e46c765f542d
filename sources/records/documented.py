"""A row with a slug, a dossier and a history; and the four-eyes rule, which needs the history."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.evidence import publish_gate
from sources.history import removal
from sources.history.append_only import TrailRelation
from sources.lib.slugs import validate_slug
from sources.reading.store import keeping as store
from sources.reading.store.marking import MarkedRow, MarkingQuerySet
from sources.records import dossier
from sources.records.fact_fields import CitedMixin
from sources.records.namesakes import ToldApart, name_column
from sources.records.status import VerbRefused


class DocumentedQuerySet(MarkingQuerySet):
    def published(self):
        """Rows that readers see."""
        return self.all()


class Documented(ToldApart, CitedMixin, MarkedRow, models.Model):
    """A row with a stable slug, a dossier, and a history of its dossiers."""

    KIND = ""
    DOSSIER_FIELDS = ()
    PARTS = ()
    # Whether a record names many rows of the kind at once, as a coded agreement names the topics: then one reference from its
    # public form stands for all of them.
    NAMED_AS_ONE = False
    # The lists of parts that hold further names, each with the field that is the name.
    FURTHER_NAMES = ()

    slug = models.CharField(
        max_length=120,
        unique=True,
        validators=[validate_slug],
        help_text=_("The last part of the address. It is never changed or reused once the record was public."),
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    # Editors' lists begin with what changed last.
    updated_at = models.DateTimeField(auto_now=True, editable=False, db_index=True)

    revisions = TrailRelation("sources.Revision", "record_id", "record_type")
    citations = GenericRelation("sources.Citation", "record_id", "record_type")
    adjudications = GenericRelation("sources.Adjudication", "record_id", "record_type")
    findings = GenericRelation("sources.NegativeFinding", "record_id", "record_type")
    reviews = TrailRelation("sources.Review", "record_id", "record_type")
    removals = TrailRelation("sources.Removal", "record_id", "record_type")
    proposals = GenericRelation("sources.Proposal", "record_id", "record_type")

    objects = DocumentedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding and self.removed(self.slug):
            raise VerbRefused(_("A record of this address was removed; the address is not given again."))
        super().save(*args, **kwargs)

    def all_names(self):
        """Every name that readers may ask for the row by, in any language."""
        own = [getattr(self, column) for column in self.name_columns()]
        parts = ((part, field) for name, field in self.FURTHER_NAMES for part in getattr(self, name).all())
        return [name for name in (*own, *(getattr(part, field) for part, field in parts)) if name]

    @classmethod
    def name_columns(cls):
        """The columns that hold a name of the row."""
        # A note on the title is read with it, to put it in brackets, but is no name.
        columns = [column for column in getattr(cls, "NAMED_BY", ()) if not column.endswith("_note")]
        return columns or [name_column(cls)]

    @property
    def ref(self):
        """``kind/slug``: how fixtures and the API name this row from elsewhere."""
        return f"{self.KIND}/{self.slug}"

    def validate_unique(self, exclude=None):
        """Also refuses the slug of a removed record: addresses are never reused."""
        super().validate_unique(exclude)
        if self._state.adding and self.removed(self.slug):
            raise ValidationError({"slug": _("A record of this address was removed; the address is not given again.")})

    @classmethod
    def removed(cls, slug):
        """The removal of the record that had this address, or ``None``."""
        removals = cls._meta.get_field("removals").related_model.objects
        return removals.filter(kind=cls.KIND, slug=slug, version=0).first()

    @classmethod
    def ordered_parts(cls):
        """The lists of parts that editors put in order. The others are sorted by their content."""
        models_by_name = ((name, cls._meta.get_field(name).related_model) for name in cls.PARTS)
        return [name for name, model in models_by_name if list(model._meta.ordering)[:1] == ["order"]]

    def parts(self):
        """Yield every part row with its related name, in dossier order."""
        for name in self.PARTS:
            for row in getattr(self, name).all():
                yield name, row

    def cited_rows(self):
        """Yield ``(path, row)`` for the record (path ``""``) and each of its parts (path ``milestones/signed``)."""
        yield "", self
        for name, row in self.parts():
            yield f"{name}/{row.key}", row

    def dossier(self):
        return dossier.read(self)

    def note_revision(self, by, comment="", is_first=False):
        """Add the present dossier to the history. Returns the revision, or ``None`` if nothing changed since the last one."""
        body = dossier.canonical(self.dossier()).decode()
        last = None if is_first else self.revisions.first()
        if last and last.dossier == body:
            return None
        chain = hashlib.sha256(f"{last.sha256 if last else ''}{body}".encode()).hexdigest()
        return self.revisions.create(
            number=last.number + 1 if last else 1,
            dossier=body,
            sha256=chain,
            by=by,
            by_name=str(by) if by else "",
            comment=comment,
        )

    @property
    def revision_number(self):
        """The number of the last save, 0 before the first."""
        last = self.revisions.first()
        return last.number if last else 0

    @property
    def is_shown(self):
        """Whether readers see this row now, on its own page or on others. While they do, an edit becomes a proposal."""
        return True

    @property
    def is_hidden_draft(self):
        """Whether readers never saw the row: changing it changes nothing for them."""
        return False

    def shown_on(self):
        """Keys of the records whose public form shows this row because it names them (see ``sources.reading.store``)."""
        return ()

    def authors_since_publication(self):
        """Primary keys of the accounts that changed the row since its last publication, or ever."""
        revisions = self.revisions.filter(by__isnull=False)
        last = self.reviews.filter(verb="publish").aggregate(at=models.Max("at"))["at"]
        return {*(revisions.filter(at__gt=last) if last else revisions).values_list("by", flat=True)}

    def publish(self, by, comment="", bypass=False, authors=()):
        """Publish the row in its present state. Raises ``VerbRefused`` for an author of the changes.

        An author may publish only if ``CONCORDANCE_FOUR_EYES`` is false, or if an administrator passes ``bypass``; the review
        records it. ``authors`` are primary keys of further authors, besides those of the revisions.
        """
        own_work = self.is_own_work(by, bypass, authors)
        return self._note_review("publish", by, comment, bypassed=own_work)

    @transaction.atomic
    def propose(self, by, base, proposed, comment=""):
        """Write down what this person proposes to make of the dossier ``base``. Returns the proposal; one that changes nothing any
        more is discarded, with its trail, and one that was never there is ``None``."""
        own = self.proposals.select_for_update().own(by)
        begun = {"record": self, "record_ref": self.ref, "by": by, "by_name": str(by)}
        proposal = own or self.proposals.model(**begun, base=dossier.canonical(base).decode())
        proposal.dossier = dossier.canonical(proposed).decode()
        if proposal.changes_nothing():
            if own:
                own.discard(by, gettext("It changes nothing any more."))
            return own
        proposal.state = proposal.State.OPEN
        proposal.comment = comment or proposal.comment
        proposal.save()
        return proposal

    def is_own_work(self, by, bypass, authors=()):
        """Whether this person is an author of the changes. Raises ``VerbRefused`` if an author may not publish."""
        own_work = by is not None and by.pk in self.authors_since_publication().union(authors)
        if own_work and settings.CONCORDANCE_FOUR_EYES and not bypass:
            raise VerbRefused(_("The author of a change does not publish it. Ask another reviewer."))
        return own_work

    def _note_review(self, verb, by, comment, bypassed=False):
        return self.reviews.create(verb=verb, by=by, by_name=str(by) if by else "", comment=comment, bypassed=bypassed)

    # Removal

    @store.together()
    def remove(self, by, reason, comment, closes_elsewhere=False, saw=""):
        """Remove the row for good, with its parts, citations, proposals, and the bodies of its revisions and versions.

        ``reason`` is for readers, ``comment`` for the log. ``closes_elsewhere`` also closes the older versions of other records that
        show it. ``saw`` is the seal of the plan that the administrator saw. Raises ``VerbRefused``. Returns the ``Removal``.
        """
        removal.require_reasons(reason, comment)
        made = removal.plan(self, lock=True)
        if saw and saw != made.seal():
            raise VerbRefused(
                _("Since you opened this page, what the removal would change has changed. Please look again.")
            )
        return removal.carry_out(made, by, reason, comment, closes_elsewhere)

    def removed_with_it(self):
        """The rows that a removal of this one removes too: the searches about it."""
        return list(self.findings.order_by("slug"))

    def empty_trail(self):
        """Empty what the trail keeps of the row's content; the database refuses this before ``note_removal``."""
        self.revisions.all().empty("dossier")

    def note_removal(self, by, reason, comment, version=0):
        """Add the removal of the row, or of one version of it, to the trail."""
        return self.removals.create(
            kind=self.KIND,
            slug=self.slug,
            version=version,
            by=by,
            by_name=str(by) if by else "",
            reason=reason,
            comment=comment,
            was_public=self.was_public,
        )

    @property
    def was_public(self):
        """Whether readers ever saw the row."""
        return True

    def uncited(self):
        """``(path, field)`` of each fact that no citation supports."""
        with dossier.gathered(self):
            supported = {
                (citation.part, citation.field)
                for citation in self.citations.all()
                if publish_gate.is_support(citation)
            }
            return [
                (path, field)
                for path, row in self.cited_rows()
                for field in row.required_citations()
                if (path, field) not in supported
            ]
