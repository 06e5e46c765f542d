"""The screens to remove a record, instead of the stock deletion, and to close a version. For administrators only."""

from django.contrib import messages
from django.contrib.admin.models import DELETION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sources.desk.merge_screen import in_words
from sources.desk.posted_form import MAX_COMMENT, number_in
from sources.desk.refusals import refusal_text
from sources.history import removal


class RemovalScreen:
    """``…/delete/`` shows what would be removed, asks for both reasons, and removes; ``…/close/?version=`` closes one version."""

    def get_actions(self, request):
        """Without bulk deletion: each removal has its own screen and reasons."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        record = self._for_administrators(request, object_id)
        try:
            if request.method == "POST":
                return self._remove(request, record)
        except ValidationError as refusal:
            self.message_user(request, _("Not removed: %(why)s") % {"why": refusal_text(refusal)}, messages.ERROR)
        try:
            made = removal.plan(record)
        except ValidationError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
            return redirect(self.address("change", record))
        return self.page(
            request, "admin/concordance/remove.html", record, _("Remove “%(record)s”") % {"record": record},
            plan=made, steps=[(step, in_words(step)) for step in made.steps],
            reason=request.POST.get("reason", ""), comment=request.POST.get("comment", ""), max_comment=MAX_COMMENT,
        )  # fmt: skip

    def _remove(self, request, record):
        ref = record.ref
        saw = request.POST.get("seen") or "-"
        gone = record.remove(request.user, *_reasons(request), "closes_elsewhere" in request.POST, saw)
        LogEntry.objects.create(
            user=request.user,
            content_type=gone.record_type,
            object_id=gone.record_id,
            object_repr=ref,
            action_flag=DELETION,
            change_message=gone.comment,
        )
        self.message_user(request, _("“%(ref)s” was removed.") % {"ref": ref}, messages.SUCCESS)
        return redirect(self._stock_address("changelist"))

    def close_view(self, request, object_id):
        record = self._for_administrators(request, object_id)
        number = number_in(request.POST.get("version") or request.GET.get("version"))
        version = record.versions.filter(number=number).first() if hasattr(record, "versions") else None
        if version is None:
            raise Http404
        try:
            if request.method == "POST":
                version.close(request.user, *_reasons(request))
                self.log_change(request, record, f"v{number}: {_reasons(request)[1]}")
                self.message_user(request, _("Version %(n)s is closed.") % {"n": number}, messages.SUCCESS)
                return redirect(self.address("trail", record))
        except ValidationError as refusal:
            self.message_user(request, _("Not closed: %(why)s") % {"why": refusal_text(refusal)}, messages.ERROR)
        title = _("Close version %(n)s of “%(record)s”") % {"n": number, "record": record}
        return self.page(
            request, "admin/concordance/close_version.html", record, title, version=version,
            reason=request.POST.get("reason", ""), comment=request.POST.get("comment", ""), max_comment=MAX_COMMENT,
        )  # fmt: skip

    def _for_administrators(self, request, object_id):
        record = self.find(request, object_id)
        if not self.has_delete_permission(request, record):
            raise PermissionDenied
        return record


def _reasons(request):
    return tuple(request.POST.get(name, "").strip()[:MAX_COMMENT] for name in ("reason", "comment"))
