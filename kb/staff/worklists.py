"""Worklists: what waits for an editor or a reviewer. Each row leads to the screen where the work is done.

A worklist is a queryset, or ``Sifted``, whose rows come in an order that an index has. The records of one page are looked up together, so
the number of queries does not depend on the number of rows.
"""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from agreements.coding import double_coding, press_check
from agreements.models import Agreement, Coding, SecondCoding
from sources.desk.admin_addresses import admin_address
from sources.desk.returned_drafts import returns_of
from sources.desk.wording import fact_labels
from sources.evidence import shaken_sources
from sources.models import ContestedFact, NegativeFinding, Proposal, Review
from sources.records import dossier
from sources.records.base import Record, record_models, reviewed_models
from sources.records.status import Status

# Counting and paging stop here; a longer list is shown as “more than 1000”.
COUNTED = 1000
# Said twice, so that databases take the index that has the unpublished alone.
IN_REVIEW = Q(status=Status.IN_REVIEW) & ~Q(status=Status.PUBLISHED)
LIVING = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


@dataclass(frozen=True)
class Row:
    """One piece of work: its record, the address where it is done, a detail, and the day since which it waits."""

    label: str
    address: str
    detail: str = ""
    since: object = None


@dataclass(frozen=True)
class Worklist:
    """A worklist. ``find(user)`` gives the rows; ``show(rows)`` turns one page of them into ``Row`` objects."""

    name: str
    title: Promise
    about: Promise
    find: object
    show: object
    unit: object
    is_review: bool = False
    # Whether the index says how many there are. Not where that means looking at every citation.
    is_counted: bool = True

    def count(self, user):
        """At most one more than ``COUNTED``."""
        return self.find(user).order_by()[: COUNTED + 1].count()

    def counted(self, count):
        """The number with its noun: “2 records”, “none”, “more than 1000 facts”."""
        if not count:
            return _("none")
        words = self.unit % {"n": min(count, COUNTED)}
        return _("more than %(many)s") % {"many": words} if count > COUNTED else words


def offered(user):
    """The lists of this user, the most pressing first; none for somebody who only looks."""
    if not user.has_perm("sources.view_proposal"):
        return []
    reviews = user.has_perm("sources.publish_record")
    return sorted(LISTS, key=lambda worklist: worklist.is_review is not reviews)


def summary(user):
    """``[{"list", "count", "words"}]`` for the index; ``None`` and no words where the rows are not counted."""
    return [_summed_up(worklist, user) for worklist in offered(user)]


def _summed_up(worklist, user):
    if not worklist.is_counted:
        return {"list": worklist, "count": None, "words": ""}
    count = worklist.count(user)
    return {"list": worklist, "count": min(count, COUNTED), "words": worklist.counted(count)}


# Records of all kinds


def _records(condition_of, models):
    """``(kind, primary key, changed, facts without a source)`` of the rows of these kinds, the longest untouched first;
    ``condition_of(model)`` chooses among those of one kind."""
    first, *others = [
        model.objects.filter(condition_of(model))
        .order_by()
        .annotate(of_kind=Value(model.KIND), gaps=F("uncited_count") if issubclass(model, Record) else Value(0))
        .values_list("of_kind", "pk", "updated_at", "gaps")
        for model in models
    ]
    return first.union(*others, all=True).order_by("updated_at", "of_kind", "pk")


def _returned_drafts(user):
    """Drafts that this user handed in and that came back."""

    def returned(model):
        steps = Review.objects.filter(record_type=ContentType.objects.get_for_model(model), record_id=OuterRef("pk"))
        last, author = (rows.order_by("-at", "-pk")[:1] for rows in (steps, steps.filter(verb=Review.Verb.SUBMIT)))
        # Only what this user ever handed in is looked at more closely.
        mine = Review.objects.filter(
            by=user, verb=Review.Verb.SUBMIT, record_type=ContentType.objects.get_for_model(model)
        )
        return Q(
            Exact(Subquery(last.values("verb")), Review.Verb.RETURN),
            Exact(Subquery(author.values("by")), user.pk),
            pk__in=mine.values("record_id"),
        )

    return _records(lambda model: Q(status=Status.DRAFT) & returned(model), reviewed_models())


def _named(pairs):
    """``{(model, primary key): record}``, one query for each kind, with the columns of the record's name."""
    wanted = defaultdict(set)
    for model, pk in pairs:
        wanted[model].add(pk)
    return {
        (model, record.pk): record
        for model, keys in wanted.items()
        for record in dossier.with_single_relations(model.objects.filter(pk__in=keys))
    }


def _subjects(rows):
    """``{row.pk: record}`` for rows that are about a record."""
    models = {row.pk: ContentType.objects.get_for_id(row.record_type_id).model_class() for row in rows}
    records = _named((models[row.pk], row.record_id) for row in rows)
    return {
        row.pk: records[models[row.pk], row.record_id] for row in rows if (models[row.pk], row.record_id) in records
    }


def _show_records(rows):
    models = dossier.documented_models()
    records = _named((models[kind], pk) for kind, pk, *_rest in rows)
    for kind, pk, changed, uncited in rows:
        record = records.get((models[kind], pk))
        if record is not None:
            words = [record._meta.verbose_name, record.get_status_display()]
            if uncited:
                words.append(
                    ngettext("%(n)s fact without a source", "%(n)s facts without a source", uncited) % {"n": uncited}
                )
            yield Row(str(record), admin_address(record), " · ".join(map(str, words)), changed)


def _show_returned(rows):
    """Each draft with the reviewer's words, since those are what there is to do."""
    models = dossier.documented_models()
    records_by_key = _named((models[kind], pk) for kind, pk, *_rest in rows)
    by_model = defaultdict(list)
    for (model, _pk), record in records_by_key.items():
        by_model[model].append(record)
    returns = {model: returns_of(records) for model, records in by_model.items()}
    for kind, pk, _changed, _uncited in rows:
        record = records_by_key.get((models[kind], pk))
        review = record and returns[models[kind]].get(pk)
        if review:
            words = _("Returned by %(name)s: %(comment)s") % {"name": review.by_name, "comment": review.comment}
            yield Row(str(record), admin_address(record), words, review.at)


# Proposals


def _show_proposals(rows):
    subjects = _subjects(rows)
    for proposal in rows:
        words = [proposal.by_name, proposal.get_state_display(), proposal.answer or proposal.comment]
        yield Row(
            str(subjects.get(proposal.pk, _("a record that is gone"))),
            admin_address(proposal),
            " · ".join(str(word) for word in words if word),
            proposal.changed_at,
        )


def _own_proposals(user):
    """What came back comes before what is still being written."""
    unfinished = (Proposal.State.RETURNED, Proposal.State.OPEN)
    return Proposal.objects.filter(by=user, state__in=unfinished).order_by("-state", "changed_at", "pk")


# Facts


def _show_contested(rows):
    subjects = _subjects(rows)
    places = fact_labels(rows, subjects)
    for fact in rows:
        against = ngettext("disputed by %(n)s source", "disputed by %(n)s sources", fact.disputing) % {
            "n": fact.disputing
        }
        if fact.pk in subjects:
            address = f"{admin_address(subjects[fact.pk])}#{quote(f'{fact.part}|{fact.field}')}"
            yield Row(fact.record_name, address, f"{places[fact.pk]} · {against}")


def _open_findings(is_gap):
    return NegativeFinding.objects.filter(resolved=False, is_gap=is_gap, status__in=LIVING).order_by("on", "slug")


def _show_findings(rows):
    for finding in rows:
        yield Row(finding.question, admin_address(finding), finding.looked_in, finding.on)


def _show_shaken(refs):
    for record, sources in shaken_sources.records_resting_on_shaken_sources(refs):
        reasons = "; ".join(f"{source} ({_shaken_why(source)})" for source in sources)
        yield Row(str(record), admin_address(record), reasons)


def _shaken_why(source):
    return source.get_status_display() if source.status in ("withdrawn", "merged") else source.get_standing_display()


def _show_citations(rows):
    subjects = _subjects(rows)
    places = fact_labels(rows, subjects)
    for citation in rows:
        record = subjects.get(citation.pk)
        if record is not None:
            words = (places[citation.pk], citation.source, citation.value, citation.get_against_text_display())
            # A part's reports have a screen of their own, beside the text.
            has_grid = citation.part and isinstance(record, Agreement)
            address = f"{admin_address(record, 'press')}#{citation.part}" if has_grid else admin_address(record)
            yield Row(str(record), address, " · ".join(str(word) for word in words if word))


# Codings


def _to_recode(user):
    return (
        Coding.objects.to_recode()
        .filter(agreement__status__in=LIVING)
        .select_related("agreement", "topic", "approach__until")
        .order_by("agreement__slug", "order", "pk")
    )


def _show_to_recode(rows):
    for coding in rows:
        words = {"coding": coding, "approach": coding.approach, "version": coding.approach.until}
        detail = _("%(coding)s: “%(approach)s” was retired in version %(version)s") % words
        yield Row(str(coding.agreement), admin_address(coding.agreement, "coding"), detail)


# Second codings


def _begun_again(user):
    """The second codings that the user has begun, the oldest first."""
    mine = SecondCoding.objects.filter(coder=user, finished_on__isnull=True)
    return mine.select_related("agreement").order_by("begun_on", "pk")


def _show_begun_again(rows):
    for second in rows:
        yield Row(str(second.agreement), admin_address(second.agreement, "second"), since=second.begun_on)


def _to_code_again(user):
    """Published agreements without a second coding that are new to the user."""
    free = Agreement.objects.published().filter(second_coding__isnull=True).exclude(double_coding.known_to(user))
    coded = Exists(Coding.objects.filter(agreement=OuterRef("pk")).exclude(stance=Coding.Stance.NOT_CODED))
    return free.filter(coded).order_by("slug")


def _show_to_code_again(rows):
    for agreement in rows:
        yield Row(str(agreement), admin_address(agreement, "second"))


RECORDS = ngettext_lazy("%(n)s record", "%(n)s records", "n")
PROPOSALS = ngettext_lazy("%(n)s proposal", "%(n)s proposals", "n")
DRAFTS = ngettext_lazy("%(n)s draft", "%(n)s drafts", "n")
FACTS = ngettext_lazy("%(n)s fact", "%(n)s facts", "n")
QUESTIONS = ngettext_lazy("%(n)s question", "%(n)s questions", "n")
REPORTS = ngettext_lazy("%(n)s report", "%(n)s reports", "n")
AGREEMENTS = ngettext_lazy("%(n)s agreement", "%(n)s agreements", "n")
CODINGS = ngettext_lazy("%(n)s coding", "%(n)s codings", "n")

LISTS = (
    Worklist(
        "review",
        gettext_lazy("Records awaiting review"),
        gettext_lazy("Drafts that their authors handed in; the longest waiting first."),
        lambda user: _records(lambda model: IN_REVIEW, reviewed_models()),
        _show_records,
        RECORDS,
        is_review=True,
    ),
    Worklist(
        "proposals",
        gettext_lazy("Proposals awaiting review"),
        gettext_lazy("Edits of published records that their authors handed in; the longest waiting first."),
        lambda user: Proposal.objects.filter(state=Proposal.State.SUBMITTED).order_by("changed_at", "pk"),
        _show_proposals,
        PROPOSALS,
        is_review=True,
    ),
    Worklist(
        "mine",
        gettext_lazy("My proposals to finish"),
        gettext_lazy("What a reviewer returned to you comes first, then what you have not handed in yet."),
        _own_proposals,
        _show_proposals,
        PROPOSALS,
    ),
    Worklist(
        "returned",
        gettext_lazy("My drafts that came back"),
        gettext_lazy("A reviewer returned them to you; each line gives the reason."),
        _returned_drafts,
        _show_returned,
        DRAFTS,
    ),
    Worklist(
        "uncited",
        gettext_lazy("Records with facts that have no source"),
        gettext_lazy("No citation supports these facts. A draft cannot be published until they have one; a published record has lost a source."),
        lambda user: _records(lambda model: Q(status__in=LIVING, uncited_count__gt=0), record_models()),
        _show_records,
        RECORDS,
    ),
    Worklist(
        "contested",
        gettext_lazy("Contested facts that no ruling settles"),
        gettext_lazy("Sources differ, and no ruling says which value to adopt. Some stay open because no source decides them."),
        lambda user: ContestedFact.objects.filter(state="contested").order_by("record_ref", "uid"),
        _show_contested,
        FACTS,
    ),
    Worklist(
        "findings",
        gettext_lazy("Open questions"),
        gettext_lazy("Searches that found nothing and that no later source has answered; the oldest first, to be tried again."),
        lambda user: _open_findings(is_gap=False),
        _show_findings,
        QUESTIONS,
    ),
    Worklist(
        "gaps",
        gettext_lazy("Gaps"),
        gettext_lazy("Questions that the sources at hand do not answer and that nobody has searched for elsewhere."),
        lambda user: _open_findings(is_gap=True),
        _show_findings,
        QUESTIONS,
    ),
    Worklist(
        "shaken",
        gettext_lazy("Records that cite a withdrawn or corrected source"),
        gettext_lazy("Published records that cite a source which was withdrawn here, or corrected or retracted by its publisher."),
        lambda user: shaken_sources.refs_resting_on_shaken_sources(),
        _show_shaken,
        RECORDS,
    ),
    Worklist(
        "reports",
        gettext_lazy("Reports to compare with the text"),
        gettext_lazy("We hold the text or an official summary of what these reports speak of. Compare them: does the report match, say more, say less, or speak of a part that we do not hold?"),
        lambda user: press_check.reports_to_mark(),
        _show_citations,
        REPORTS,
        is_counted=False,
    ),
    Worklist(
        "marks",
        gettext_lazy("Reports compared with a text that is gone"),
        gettext_lazy("Reports that were compared with a text which we no longer hold."),
        lambda user: press_check.marks_without_text(),
        _show_citations,
        REPORTS,
        is_counted=False,
    ),
    Worklist(
        "recode",
        gettext_lazy("Codings to renew"),
        gettext_lazy("They follow an earlier version of the codebook and name an approach that the newest one no longer has."),
        _to_recode,
        _show_to_recode,
        CODINGS,
    ),
    Worklist(
        "begun",
        gettext_lazy("My second codings to finish"),
        gettext_lazy("Agreements that you have begun to code a second time; the oldest first."),
        _begun_again,
        _show_begun_again,
        AGREEMENTS,
    ),
    Worklist(
        "second",
        gettext_lazy("Agreements to code a second time"),
        gettext_lazy("Published agreements that you have not worked on. You code one without seeing how it was coded, and the two codings are compared; a sample is enough."),
        _to_code_again,
        _show_to_code_again,
        AGREEMENTS,
    ),
)  # fmt: skip


def named(name, user):
    """The list of this name, or ``None`` where the user is not offered it."""
    return next((worklist for worklist in offered(user) if worklist.name == name), None)
