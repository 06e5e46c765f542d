"""The screen to merge a record into another one: choose the other, see the changes, give a reason, confirm."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.desk import merging
from sources.desk.inlines import SearchBox
from sources.desk.posted_form import MAX_COMMENT, number_in
from sources.desk.refusals import may_publish, refusal_text
from sources.desk.wording import Wording
from sources.models import Review
from sources.records import dossier_diff
from sources.records.status import Status, VerbRefused


class MergeScreen:
    """Adds ``…/merge/`` to the screens of a kind of record; for those who may publish."""

    def merge_view(self, request, object_id):
        """GET ``into``: what the merger would change. POST ``into``, ``seen`` and ``reason``: do it."""
        record = self.find(request, object_id)
        if not may_publish(request):
            raise PermissionDenied
        params = request.POST if request.method == "POST" else request.GET
        into = None if record.status == Status.MERGED else self._target(request, record, params)
        if request.method == "POST" and into:
            done = self._merge(request, record, into)
            if done:
                return done
        return self._merge_page(request, record, into)

    def _target(self, request, record, params):
        """The record to merge into, or ``None`` with a message if it cannot be."""
        chosen = self._search_box(record).value_from_datadict(params, {}, "into")
        if not chosen:
            return None
        into = type(record).objects.filter(pk=number_in(chosen)).first()
        if into is None or into.pk == record.pk or not into.is_published:
            self.message_user(request, _("Choose another published record of the same kind."), messages.ERROR)
            return None
        return into

    def _merge(self, request, record, into):
        """Merge and redirect to the other record; ``None`` with a message if the merger is refused."""
        reason = request.POST.get("reason", "").strip()[:MAX_COMMENT]
        try:
            if not reason:
                raise VerbRefused(_("Say why the two records are about the same thing."))
            with transaction.atomic():
                record.refresh_from_db(from_queryset=type(record).objects.select_for_update())
                if merging.plan(record, into).seal() != request.POST.get("seen"):
                    raise VerbRefused(
                        _("Since you opened this page, what the merger would change has changed. Please look again.")
                    )
                record.merge(into, request.user, reason)
        except ValidationError as refusal:
            self.message_user(request, _("Not merged: %(why)s") % {"why": refusal_text(refusal)}, messages.ERROR)
            record.refresh_from_db()
            return None
        self.log_change(request, record, f"{Review.Verb.MERGE.label}: {into.ref}. {reason}")
        words = {"record": record, "into": into}
        self.message_user(
            request, _("“%(record)s” was merged. Records that named it now name “%(into)s”.") % words, messages.SUCCESS
        )
        return redirect(self.address("change", into))

    def _merge_page(self, request, record, into):
        box = self._search_box(record)
        made = merging.plan(record, into) if into else None
        return self.page(
            request, "admin/concordance/merge.html", record, _("Merge “%(record)s”") % {"record": record},
            media=self.media + box.media, into=into, staying=_staying(record, made), plan=made,
            steps=[(step, in_words(step)) for step in made.steps] if made else [],
            box=box.render("into", into.pk if into else None, {"id": "id_into", "required": True}),
            reason=request.POST.get("reason", ""), max_comment=MAX_COMMENT,
        )  # fmt: skip

    def _search_box(self, record):
        """The search box for another record of the kind, with its choices tied to a field as the box wants it."""
        box = SearchBox(record._meta.get_field("merged_into"), self.admin_site)
        return forms.ModelChoiceField(type(record).objects.published(), widget=box).widget


def _staying(record, made):
    """``[(name of the list, number of entries)]`` of the parts that stay with the merged record."""
    lists = [(getattr(record, name).model, getattr(record, name).count()) for name in record.PARTS] if made else []
    return [(model._meta.verbose_name_plural, count) for model, count in lists if count and not model.FOLLOWS_MERGER]


def in_words(step):
    """``[(where in words, before, after)]`` of the changes in one record. An added or removed entry is one change; citations are counted."""
    wording = Wording(step.record, step.before, step.after)
    sides = [wording.among(step.before), wording.among(step.after)]
    parts = [(change, *dossier_diff.split(change.path)) for change in step.changes]
    whole = {part for _change, part, field, _proof in parts if part and not field}
    lines, cited = [], 0
    for change, part, field, proof in parts:
        if part in whole and field:
            continue
        if proof:
            cited += 1
        elif part in whole:
            lines.append((wording.place(part), *(side.summary(part) for side in sides)))
        elif field not in step.record.PARTS:
            lines.append(
                (
                    wording.place(change.path),
                    *(wording.value(change.path, value) for value in (change.before, change.after)),
                )
            )
    if cited:
        lines.append((_("citations"), "", ngettext("%(n)s change", "%(n)s changes", cited) % {"n": cited}))
    return lines
