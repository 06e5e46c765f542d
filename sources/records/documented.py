"""A row with a slug, a dossier and a history; and the four-eyes rule, which needs the history."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.evidence import publish_gate
from sources.history.append_only import TrailRelation
from sources.reading.store import keeping as store
from sources.reading.store.marking import MarkingQuerySet
from sources.records import dossier
from sources.records.cited import CitedMixin, VerbRefused, validate_slug
from sources.records.namesakes import ToldApart


class DocumentedQuerySet(MarkingQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def published(self):
        """Rows that readers see."""
        return self.all()


class Documented(ToldApart, CitedMixin, models.Model):
    """A row with a stable slug, a dossier, and a history of its dossiers."""

    KIND = ""
    DOSSIER_FIELDS = ()
    PARTS = ()
    # Whether a record names many rows of the kind at once, as a coded agreement names the topics: then one reference from its
    # public form stands for all of them.
    NAMED_AS_ONE = False

    slug = models.CharField(
        max_length=120,
        unique=True,
        validators=[validate_slug],
        help_text=_("The last part of the address. It is never changed or reused once the record was public."),
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

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
        with store.saving():
            super().save(*args, **kwargs)
            store.changed(self)

    def delete(self, *args, **kwargs):
        with store.saving():
            store.changed(self)
            return super().delete(*args, **kwargs)

    def natural_key(self):
        return (self.slug,)

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
