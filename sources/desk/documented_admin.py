"""The editing screen of a documented row: one form for all of it, its history, conflicts, and who else is in it."""

import copy
from collections import Counter

import orjson
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from sources.desk import authorship, drafting, last_source, presence
from sources.desk.admin_addresses import admin_address
from sources.desk.autocomplete import ExactFirstMixin
from sources.desk.citation_forms import RulingInline
from sources.desk.conflict_screen import ConflictScreenMixin
from sources.desk.inlines import AutocompleteMixin, EditorsForm, for_editors
from sources.desk.posted_form import comment_of, kept_in, number_in
from sources.desk.typed_words import typed_in_words
from sources.desk.wording import Wording, fact_label, refusal_in_words
from sources.lib.locks import DRAWING, waiting
from sources.records import dossier, dossier_diff
from sources.records.base import Record, Reviewed, VerbRefused
from sources.records.dossier import DossierError

# Marks the message that the server has what was typed; the browser then drops its own copy (see typing.js).
SAVED = "saved"


class DocumentedAdmin(ConflictScreenMixin, ExactFirstMixin, AutocompleteMixin, admin.ModelAdmin):
    """Anything with a dossier: one form, a comment with each save, and its history."""

    form = EditorsForm
    change_form_template = "admin/concordance/change_form.html"
    list_per_page = 50
    show_full_result_count = False
    part_inlines = ()

    class Media:
        css = {"all": ("sources/admin.css",)}
        js = ("sources/admin.js", "sources/typing.js")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)

    def get_fields(self, request, obj=None):
        return ["slug", *self.model.DOSSIER_FIELDS]

    def get_inlines(self, request, obj):
        return list(self.part_inlines)

    def get_readonly_fields(self, request, obj=None):
        """The slug is part of the address and of what cites the record, so it is given once, at the start."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        first = next((name for name in ("name", "title", "question") if name in self.model.DOSSIER_FIELDS), None)
        return {"slug": [first]} if first and obj is None else {}

    def save_model(self, request, obj, form, change):
        if isinstance(obj, Reviewed):
            obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record = form.instance
        if not change:
            request.was_added = True
            if isinstance(record, Record):
                record.refresh_derived()
            record.note_revision(by=request.user, comment=comment_of(request))

    def has_delete_permission(self, request, obj=None):
        """Removal is for administrators (see ``sources.desk.removal_screen``); everybody else withdraws."""
        return request.user.is_superuser

    # The form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:  # a new row: saved at once by the stock form
            return super().changeform_view(request, None, form_url, extra_context)
        record = self.find(request, object_id)
        if not self.has_change_permission(request, record):
            return super().changeform_view(request, object_id, form_url, extra_context)
        if "_bring_back" in request.POST:
            return self._bring_back(request, record, form_url)
        if request.method == "POST":
            return self._take(request, record, form_url)
        presence.note(record, request.user)
        try:
            with dossier.gathered(record):
                return self._draw_anew(request, record, form_url, self.standing(request, record))
        except DossierError as error:  # only a proposal can name what has gone since
            self.message_user(
                request,
                _("The proposal cannot be joined with the record: %(error)s")
                % {"error": refusal_in_words(record, error)},
                messages.ERROR,
            )
            return redirect("admin:sources_proposal_change", self.edited_proposal(request, record).pk)
        except VerbRefused as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect(self.address("change", record))

    def _draw_anew(self, request, record, form_url, state):
        """The form as it is drawn from a state, whatever was posted."""
        request = copy.copy(request)
        request.method = "GET"
        with waiting(DRAWING), drafting.rehearsal(record, state):
            request.record_at_hand = record
            return self._draw(request, record, form_url, state)

    def _bring_back(self, request, record, form_url):
        """Typing that the browser kept goes back into a form drawn from where it began; the browser fills it in."""
        base = self.posted_base(request)
        if base is None:
            return self.unsaved(request, record, _("The form was not complete."))
        request.saved_since = self.saved_since(request, record, base)
        try:
            return self._draw_anew(request, record, form_url, base)
        except DossierError as error:
            return self.unsaved(request, record, _lost_base(record, error))
        except VerbRefused as refusal:  # the proposal that was amended has been decided on
            return self.unsaved(request, record, " ".join(refusal.messages))

    def edited_proposal(self, request, record):
        """The proposal that this screen edits, or ``None``."""
        return record.proposals.own(request.user)

    def standing(self, request, record):
        """The state that this user edits here."""
        return drafting.standing(record, request.user)

    def _draw(self, request, record, form_url, base):
        response = super().changeform_view(request, str(record.pk), form_url)
        if not hasattr(response, "render"):
            return response
        response.context_data |= {**self.surroundings(request, record), **self.form_context(request, base)}
        return response.render()

    @staticmethod
    def form_context(request, base):
        """What a form drawn from ``base`` carries with it."""
        return {
            "form_base": drafting.seal(base),
            "kept": kept_in(request),
            "bring_back": "_bring_back" in request.POST,
            "saved_since": getattr(request, "saved_since", ()),
        }

    def saved_since(self, request, record, base):
        """What was saved since ``base`` and is not in a form drawn from it, as ``authorship.Step`` rows."""
        return authorship.saved_since(record, request.user, base, drafting.standing(record, request.user))

    def render_change_form(self, request, context, *args, **kwargs):
        """A new record's form has no base, but a name for the browser's copy of what is typed."""
        return super().render_change_form(request, {**context, "kept": kept_in(request)}, *args, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """A form that is only drawn is drawn from the record that was gathered for it."""
        at_hand = getattr(request, "record_at_hand", None)
        return at_hand or super().get_object(request, object_id, from_field)

    def _take(self, request, record, form_url):
        base = self.posted_base(request)
        if base is None:
            return self.unsaved(request, record, _("The form was not complete."))
        try:
            with drafting.rehearsal(record, base):
                request.POST = with_present_ids(request.POST, record, self.get_inline_instances(request, record))
                response = self._draw(request, record, form_url, base)
                saved = isinstance(response, HttpResponseRedirect)
                made = self.get_object(request, str(record.pk)) if saved else None
                mine, misfit = (made.dossier(), drafting.misfit(made)) if made else (None, "")
        except DossierError as error:
            return self.unsaved(request, record, _lost_base(record, error))
        except IntegrityError as error:
            return self.unsaved(request, record, str(error))
        if misfit:
            return self.unsaved(request, record, misfit)
        return self.store(request, record, base, mine) if saved else response

    @staticmethod
    def posted_base(request):
        """The dossier that the form was drawn from, or ``None`` if it did not come back as it was sent."""
        try:
            return drafting.unseal(request.POST.get("_base", ""))
        except signing.BadSignature:
            return None

    def store(self, request, record, base, mine):
        return self.keep_save(
            request, record, lambda: drafting.store(record, request.user, base, mine, comment_of(request))
        )

    def keep_save(self, request, record, store, refused=None):
        """Run ``store`` and answer what became of it; ``refused`` answers a ``DossierError``."""
        try:
            with transaction.atomic():  # a save without its line in the log would be told as no save
                saved = store()
                if not saved.unchanged and not saved.proposal:
                    self.log_change(request, record, comment_of(request) or _("Saved."))
        except drafting.Stale as stale:
            return self.conflict_screen(request, record, stale)
        except DossierError as error:
            if refused:
                return refused(error)
            words = {"error": refusal_in_words(record, error)}
            return self.unsaved(request, record, _("It cannot be joined with what stands now: %(error)s.") % words)
        except VerbRefused as refusal:
            return self.unsaved(request, record, " ".join(refusal.messages))
        self.tell(request, record, saved)
        last_source.remember(request, record)
        onward = "_continue" in request.POST or saved.proposal
        return redirect(self.address("change", record) if onward else self._list_address())

    def unsaved(self, request, record, reason):
        """Nothing was saved, for this reason; what was typed stands below it, to be carried over by hand."""
        title = _("Nothing was saved")
        response = self.page(
            request,
            "admin/concordance/unsaved.html",
            record,
            title,
            reason=reason,
            typed=typed_in_words(request, record),
        )
        response.status_code = 409
        return response

    def _list_address(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def response_change(self, request, obj):
        """The rehearsal only asks whether the form was good."""
        return HttpResponseRedirect(self._list_address())

    def surroundings(self, request, record):
        """What the screen shows around the form."""
        return {
            "fact_states": _fact_states(record),
            "last_source": last_source.last_source(request, record),
            "others": presence.others(record, request.user),
            "presence_address": self.address("presence", record),
            "trail_address": self.address("trail", record),
            "comment": comment_of(request),
        }

    def presence_view(self, request, object_id):
        """POST: this editor is still here. Answers who else is."""
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
        """There is one history: the record's own, with its parts and citations."""
        return redirect(self.address("trail", self.find(request, object_id)))

    def find(self, request, object_id):
        """The record, or 404, or 403 for somebody who may not see it."""
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
        """POST ``revision`` and, for one field, ``path``: bring that state back as a new change."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        revision = record.revisions.filter(number=number_in(request.POST.get("revision"))).first()
        if revision is None:
            raise Http404
        path_wanted = request.POST.get("path", "")
        # One place is a change of the own proposal. A whole state is joined with it, and takes nothing out of it unasked.
        base = drafting.standing(record, request.user) if path_wanted else record.dossier()
        wanted = dossier_diff.restored(base, orjson.loads(revision.dossier), record.PARTS, path_wanted)
        comment = _("Restored from revision %(n)s") % {"n": revision.number}
        try:
            saved = drafting.store(record, request.user, base, wanted, comment)
        except drafting.Stale as stale:
            return self.conflict_screen(request, record, stale)
        except DossierError as error:
            self.message_user(
                request, _("Not restored: %(error)s") % {"error": refusal_in_words(record, error)}, messages.ERROR
            )
        else:
            self.tell(request, record, saved)
        return redirect(self.address("change", record))

    def tell(self, request, record, saved):
        """Say what became of a save."""
        if saved.unchanged:
            text = _("Nothing was changed.")
        elif saved.is_discarded:
            text = _("Your proposal changes nothing any more, so it was discarded. It stays in the list of proposals.")
        elif saved.taken_back:
            text = _(
                "Kept as your proposal. It awaited review; now it is with you again, until you submit it once more."
            )
        elif saved.proposal:
            text = _("Kept as your proposal. Readers see it when a reviewer has approved it.")
        else:
            text = _("Saved.")
        if saved.joined:
            text += " " + _("Changes that others made meanwhile elsewhere in the record were kept.")
        self.message_user(request, text, messages.INFO if saved.unchanged else messages.SUCCESS, extra_tags=SAVED)

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        """A message that the server has what was typed also names the browser's copy; so does the stock one about a new row."""
        tags = extra_tags or (SAVED if getattr(request, "was_added", False) else "")
        if tags == SAVED and kept_in(request):
            tags = f"{SAVED} kept-{kept_in(request)}"
        super().message_user(request, message, level, tags, fail_silently)


def _lost_base(record, error):
    return _("What you began from can no longer be made: %(error)s.") % {"error": refusal_in_words(record, error)}


def _fact_states(record):
    """``{"part|field": {"count": citations, "label": the fact in words, "needed": whether it must have one}}`` of each field
    that can be cited, for the buttons beside them. Fields that are empty as yet are among them."""
    counts = Counter((citation.part, citation.field) for citation in record.citations.all())
    states_by_place = {}
    for part, row in record.cited_rows():
        needed = row.required_citations()
        for field in row.CITABLE_FIELDS:
            label = fact_label(record.KIND, part, field, row)
            state = {"count": counts[part, field], "label": label, "needed": field in needed}
            states_by_place[f"{part}|{field}"] = state
    return states_by_place


def with_present_ids(params, record, inlines):
    """The form data with the primary keys that the parts have now.

    Parts keep their key for life, but a part of a proposal is written anew for each rehearsal and gets another number.
    """
    params = params.copy()
    for prefix, word, numbers in _present_ids(record, inlines):
        for name in [name for name in params if name.startswith(f"{prefix}-") and name.endswith(f"-{word}")]:
            if params[name] in numbers:
                params[name.removesuffix(word) + "id"] = str(numbers[params[name]])
    return params


def _present_ids(record, inlines):
    """``(form prefix, field that names the row, {name: primary key})`` for each inline."""
    for inline in inlines:
        if hasattr(inline.model, "PARENT"):
            accessor = inline.model._meta.get_field(inline.model.PARENT).remote_field.related_name
            yield accessor, "key", dict(getattr(record, accessor).values_list("key", "pk"))
        elif isinstance(inline, RulingInline):
            yield inline.prefix, "place", dict(record.adjudications.values_list("uid", "pk"))
