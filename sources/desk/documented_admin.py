"""The editing screen of a documented row: one form for the row and its parts, its history, conflicts, and who else edits it."""

import orjson
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from sources.desk import presence, saving_edits
from sources.desk.admin_addresses import admin_address
from sources.desk.autocomplete import ExactFirstMixin
from sources.desk.conflict_screen import ConflictScreenMixin
from sources.desk.editing_screen import EditingScreen
from sources.desk.inlines import AutocompleteMixin, EditorsForm, for_editors
from sources.desk.posted_form import number_in
from sources.desk.wording import Wording, refusal_in_words
from sources.records import dossier_diff
from sources.records.base import Record
from sources.records.dossier import DossierError


class DocumentedAdmin(EditingScreen, ConflictScreenMixin, ExactFirstMixin, AutocompleteMixin, admin.ModelAdmin):
    """The admin of a model with a dossier: one form, a comment with each save, and a history."""

    form = EditorsForm
    change_form_template = "admin/concordance/change_form.html"
    list_per_page = 50
    show_full_result_count = False
    part_inlines = ()

    class Media:
        css = {"all": ("sources/admin.css",)}
        js = (Script("sources/editing/main.js", type="module"), "sources/typing.js")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)

    def get_fields(self, request, obj=None):
        return ["slug", *self.model.DOSSIER_FIELDS]

    def get_inlines(self, request, obj):
        return list(self.part_inlines)

    def get_readonly_fields(self, request, obj=None):
        """The slug cannot be changed: addresses and other records name it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        first = next((name for name in ("name", "title", "question") if name in self.model.DOSSIER_FIELDS), None)
        return {"slug": [first]} if first and obj is None else {}

    def has_delete_permission(self, request, obj=None):
        """Only administrators remove records (see ``sources.desk.removal_screen``); others withdraw them."""
        return request.user.is_superuser

    def presence_view(self, request, object_id):
        """POST: note that this editor is still here. Answers who else is."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        presence.note(record, request.user)
        return JsonResponse({"others": [str(user) for user in presence.others(record, request.user)]})

    # History

    own_words = ("trail", "restore", "settle", "presence")

    def get_urls(self):
        return [*(self._own_path(word, getattr(self, f"{word}_view")) for word in self.own_words), *super().get_urls()]

    def _own_path(self, word, view):
        name = f"{self.opts.app_label}_{self.opts.model_name}_{word}"
        return path(f"<path:object_id>/{word}/", self.admin_site.admin_view(view), name=name)

    def address(self, word, record):
        return admin_address(record, word)

    def history_view(self, request, object_id, extra_context=None):
        """Redirect to the record's own history, which covers parts and citations."""
        return redirect(self.address("trail", self.find(request, object_id)))

    def find(self, request, object_id):
        """The record. Raises ``Http404``, or ``PermissionDenied`` for a user who may not see it."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def page(self, request, template, record, title, **context):
        common = self.admin_site.each_context(request)
        return TemplateResponse(
            request,
            template,
            {**common, "opts": self.opts, "original": record, "record": record, "title": title, **context},
        )

    def trail_view(self, request, object_id):
        """Who changed what, when and why; newest first."""
        record = self.find(request, object_id)
        if not request.user.has_perm("sources.view_revision"):
            raise PermissionDenied
        revisions = list(record.revisions.all()[:200])
        bodies = [*(orjson.loads(revision.dossier) for revision in revisions), {}]
        wording = Wording(record, *bodies)
        steps = [
            {
                "revision": revision,
                "before": before,
                "changes": wording.among(old, new).changes(dossier_diff.diff(old, new, record.PARTS)),
            }
            for revision, before, new, old in zip(revisions, [*revisions[1:], None], bodies, bodies[1:], strict=False)
        ]
        reviews = record.reviews.all()[:200]
        return self.page(
            request, "admin/concordance/trail.html", record, _("History of %(record)s") % {"record": record},
            steps=steps, reviews=reviews, removals=record.removals.all(), closable=self._closable(request, record),
        )  # fmt: skip

    def _closable(self, request, record):
        """The versions that an administrator may close: all but the newest and those that are closed."""
        if not isinstance(record, Record) or not self.has_delete_permission(request, record):
            return ()
        return list(record.versions.defer("body").exclude(body="")[:200])[1:]

    def restore_view(self, request, object_id):
        """POST ``revision`` and, for one field, ``path``: restore that state as a new change."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        revision = get_object_or_404(record.revisions, number=number_in(request.POST.get("revision")))
        path_wanted = request.POST.get("path", "")
        # A single field is changed in the own proposal. A whole state is joined with the proposal and removes nothing from it.
        base = saving_edits.edited_state(record, request.user) if path_wanted else record.dossier()
        wanted = dossier_diff.restored(base, orjson.loads(revision.dossier), record.PARTS, path_wanted)
        comment = _("Restored from revision %(n)s") % {"n": revision.number}
        try:
            saved = saving_edits.store(record, request.user, base, wanted, comment)
        except saving_edits.Stale as stale:
            return self.conflict_screen(request, record, stale)
        except DossierError as error:
            self.message_user(
                request, _("Not restored: %(error)s") % {"error": refusal_in_words(record, error)}, messages.ERROR
            )
        else:
            self.tell(request, record, saved)
        return redirect(self.address("change", record))
