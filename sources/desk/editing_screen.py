"""The form of a record: made from the dossier that the user edits, read back into a dossier, and saved once."""

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sources.desk import authorship, last_source, presence, saving_edits
from sources.desk.editing_form import ANOTHER, EditingForm
from sources.desk.posted_form import comment_of, kept_in
from sources.desk.typed_words import typed_in_words
from sources.desk.wording import refusal_in_words
from sources.records import dossier
from sources.records.base import Reviewed
from sources.records.dossier import DossierError
from sources.records.status import VerbRefused

# Marks the message of a successful save; the browser then deletes its own copy of what was typed (see typing.js).
SAVED = "saved"


class EditingScreen:
    """Replaces the stock form in the admin of a documented row."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            raise DisallowedModelAdminToField(f"The field {to_field} cannot be referenced.")
        if object_id is None:
            return self._add(request, form_url)
        record = self.find(request, object_id)
        if request.method != "POST":
            return self._open(request, record, form_url)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return self._take(request, record, form_url)

    def _open(self, request, record, form_url):
        try:
            base = self.edited_state(request, record)
            return self._draw_from(request, dossier.in_memory(record, base), base, form_url)
        except DossierError as error:  # only a proposal can name a row that no longer exists
            words = _("The proposal cannot be joined with the record: %(error)s")
            self.message_user(request, words % {"error": refusal_in_words(record, error)}, messages.ERROR)
            return redirect("admin:sources_proposal_change", self.edited_proposal(request, record).pk)
        except VerbRefused as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect(self.address("change", record))

    def edited_proposal(self, request, record):
        """The proposal that this screen edits, or ``None``."""
        return record.proposals.own(request.user)

    def edited_state(self, request, record):
        """The state that this user edits here."""
        return saving_edits.edited_state(record, request.user)

    # What was posted

    def _take(self, request, record, form_url):
        """POST the form: to save it, to have a panel drawn (``_panel``) or another row (``ANOTHER``), or to have it drawn for typing
        that the browser kept (``_bring_back``)."""
        base = self.posted_base(request)
        if base is None:
            return self.unsaved(request, record, _("The form was not complete."))
        try:
            shown = dossier.in_memory(record, base)
            if "_panel_only" in request.POST:
                return self._draw_panel(request, shown)
            if "_bring_back" in request.POST:
                request.saved_since = self.saved_since(request, record, base)
                return self._draw_from(request, shown, base, form_url)
            editing = self._typed(request, lambda: dossier.in_memory(record, base))
        except DossierError as error:
            words = _("The state that you began from can no longer be rebuilt: %(error)s.")
            return self.unsaved(request, record, words % {"error": refusal_in_words(record, error)})
        except VerbRefused as refusal:  # somebody has decided on the amended proposal
            return self.unsaved(request, record, " ".join(refusal.messages))
        if not editing.is_valid() or {"_panel", ANOTHER} & {*request.POST}:
            return self._draw_from(request, shown, base, form_url, editing)
        mine = editing.dossier()
        misfit = saving_edits.misfit(editing.record)
        return self.unsaved(request, record, misfit) if misfit else self.store(request, record, base, mine)

    def _typed(self, request, shown):
        """The form as it was posted, with another row if that was asked for. ``shown`` makes the record that the form was drawn from."""
        editing = EditingForm(self, request, shown(), request.POST)
        if ANOTHER in request.POST:
            editing = EditingForm(self, request, shown(), editing.with_another_row(request.POST))
        return editing

    @staticmethod
    def posted_base(request):
        """The dossier that the form was drawn from, or ``None`` if the browser did not send it back unchanged."""
        try:
            return saving_edits.unseal(request.POST.get("_base", ""))
        except signing.BadSignature:
            return None

    def store(self, request, record, base, mine):
        return self.keep_save(
            request, record, lambda: saving_edits.store(record, request.user, base, mine, comment_of(request))
        )

    def keep_save(self, request, record, store, refused=None):
        """The response to a save: runs ``store`` and reports the result; ``refused`` gives the response to a ``DossierError``."""
        try:
            with transaction.atomic():  # with its line in the log, or else not at all
                saved = store()
                if not saved.unchanged and not saved.proposal:
                    self.log_change(request, record, comment_of(request) or _("Saved."))
        except saving_edits.Stale as stale:
            return self.conflict_screen(request, record, stale)
        except DossierError as error:
            if refused:
                return refused(error)
            words = {"error": refusal_in_words(record, error)}
            return self.unsaved(
                request, record, _("It cannot be joined with the present state of the record: %(error)s.") % words
            )
        except VerbRefused as refusal:
            return self.unsaved(request, record, " ".join(refusal.messages))
        self.tell(request, record, saved)
        last_source.remember(request, record)
        return self._after_save(request, record, saved)

    def _after_save(self, request, record, saved):
        if IS_POPUP_VAR in request.POST:
            record.refresh_from_db()
            return self.response_change(request, record)
        if "_continue" in request.POST or saved.proposal:
            return redirect(self.address("change", record))
        return redirect(self._stock_address("add" if "_addanother" in request.POST else "changelist"))

    def _stock_address(self, word):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{word}")

    def unsaved(self, request, record, reason):
        """A page that says why nothing was saved and lists what was typed, to be copied by hand."""
        title = _("Nothing was saved")
        typed = typed_in_words(request, record)
        response = self.page(request, "admin/concordance/unsaved.html", record, title, reason=reason, typed=typed)
        response.status_code = 409
        return response

    def tell(self, request, record, saved):
        """Show the result of a save as a message."""
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
        """After a success the message also names the browser's copy of what was typed, so that the browser deletes it."""
        is_saved = extra_tags == SAVED or level == messages.SUCCESS
        tags = f"{SAVED} kept-{kept_in(request)}" if is_saved and kept_in(request) else extra_tags
        super().message_user(request, message, level, tags, fail_silently)

    # A new record

    def _add(self, request, form_url):
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_posted = request.method == "POST" and "_bring_back" not in request.POST
        if is_posted:
            editing = self._typed(request, lambda: dossier.blank(self.model))
        else:
            initial = self.get_changeform_initial_data(request)
            editing = EditingForm(self, request, dossier.blank(self.model), initial=initial)
        if is_posted and editing.is_valid() and ANOTHER not in request.POST:
            try:
                return self.response_add(request, self._create(request, editing))
            except DossierError as error:
                editing.form.add_error(None, refusal_in_words(editing.record, error))
            except VerbRefused as refusal:
                editing.form.add_error(None, refusal)
        return self._draw(request, editing.record, editing, form_url)

    @transaction.atomic
    def _create(self, request, editing):
        record = self.model(slug=editing.record.slug)
        if isinstance(record, Reviewed):
            record.changed_by = request.user
        with dossier.written(record, editing.dossier()):
            record.note_revision(by=request.user, comment=comment_of(request))
        self.log_addition(request, record, [{"added": {}}])
        return record

    # Drawing

    def _draw_from(self, request, record, base, form_url, editing=None):
        """The screen of a record in the state ``base``; ``editing`` holds its forms with what was typed."""
        more = {}
        if self.has_change_permission(request, record):
            more = {**self.surroundings(request, record), **self.form_context(request, base)}
        editing = editing or EditingForm(self, request, dossier.in_memory(record, base))
        return self._draw(request, record, editing, form_url, **more)

    def _draw(self, request, record, editing, form_url, **more):
        is_new = record._state.adding
        may_change = is_new or self.has_change_permission(request, record)
        title = _("Add %s") if is_new else _("Change %s") if may_change else _("View %s")
        editing.open(request)
        drawn = editing.context()
        context = {
            **self.admin_site.each_context(request),
            **drawn,
            "title": title % self.opts.verbose_name,
            "subtitle": None if is_new else str(record),
            "original": None if is_new else record,
            "is_popup": IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET,
            "to_field": request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)),
            "media": self.media + drawn["media"],
            "preserved_filters": self.get_preserved_filters(request),
            "kept": kept_in(request),
            **more,
        }
        shown = None if is_new else record
        return self.render_change_form(request, context, add=is_new, change=not is_new, form_url=form_url, obj=shown)

    def _draw_panel(self, request, record):
        """One panel, for the script that inserts it into the page."""
        editing = EditingForm(self, request, record)
        panel = editing.panel(request.POST.get("_panel"))
        return render(request, panel.opts.template, {"inline_admin_formset": panel})

    @staticmethod
    def form_context(request, base):
        """The context of a form drawn from ``base``: the sealed dossier and what belongs to it."""
        return {
            "form_base": saving_edits.seal(base),
            "kept": kept_in(request),
            "bring_back": "_bring_back" in request.POST,
            "saved_since": getattr(request, "saved_since", ()),
        }

    def saved_since(self, request, record, base):
        """The changes saved since ``base``, which a form drawn from ``base`` lacks, as ``authorship.Step`` rows."""
        return authorship.saved_since(record, request.user, base, saving_edits.edited_state(record, request.user))

    def surroundings(self, request, record):
        """The context around the form of ``record``, which is in memory."""
        return {
            **self.at_hand(request, record),
            "last_source": last_source.last_source(request, record),
            "trail_address": self.address("trail", record),
        }

    def at_hand(self, request, record):
        """The context of every screen that edits the record: who else has it open, and the typed comment."""
        return {
            "others": presence.others(record, request.user),
            "presence_address": self.address("presence", record),
            "comment": comment_of(request),
        }
