"""The editing screen of reviewed rows: the verbs submit, return, publish and withdraw, for one row or many."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sources.desk import withdrawal_effects
from sources.desk.posted_form import MAX_COMMENT, number_in
from sources.desk.proposing_admin import ProposingAdmin
from sources.desk.refusals import may_publish, refusal_text
from sources.desk.returned_drafts import returns_of
from sources.models import Review
from sources.records.status import Status


class ReviewedList(ChangeList):
    """A change list that marks drafts which a reviewer returned."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        returns = returns_of(self.result_list)
        for record in self.result_list:
            record.returned = returns.get(record.pk)


class ReviewedAdmin(ProposingAdmin):
    """The admin of rows that are drafts until they are published."""

    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    def get_changelist(self, request, **kwargs):
        return ReviewedList

    @staticmethod
    def with_return(record):
        """The row's name for the list, with the reviewer's comment if it was returned."""
        review = getattr(record, "returned", None)
        if review is None:
            return str(record)
        words = _("Returned by %(name)s: %(comment)s") % {
            "name": review.by_name,
            "comment": Truncator(review.comment).chars(200),
        }
        return format_html('{}<span class="returned">{}</span>', record, words)

    def surroundings(self, request, record):
        """Adds the gate and the verbs to what every screen shows."""
        context = super().surroundings(request, record)
        return {
            **context,
            "returned": returns_of([record]).get(record.pk),
            "missing": record.missing_for_publication(),
            "seen": record.revision_number,
            "verbs": () if context["amended"] else self._verbs(request, record),
            "verb_address": self.address("verb", record),
        }

    # Verbs

    own_words = (*ProposingAdmin.own_words, "verb")

    def _verbs(self, request, record):
        """``(verb, label, needs a comment)`` for the buttons that apply now."""
        verbs = []
        if record.status == Status.DRAFT and self.has_change_permission(request, record):
            verbs.append(("submit", _("Submit for review"), False))
        if may_publish(request):
            if record.status == Status.IN_REVIEW:
                verbs.append(("return", _("Return to its author"), True))
            if record.status in (Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN):
                verbs.append(("publish", _("Publish"), False))
            if record.status == Status.PUBLISHED:
                verbs.append(("withdraw", _("Withdraw"), True))
        return verbs

    def verb_view(self, request, object_id):
        """Carry out the posted ``verb`` with its ``comment``."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        verb, comment = request.POST.get("verb", ""), request.POST.get("comment", "").strip()[:MAX_COMMENT]
        allowed = self.has_change_permission(request, record) if verb == "submit" else may_publish(request)
        bypass = "bypass" in request.POST
        if not allowed or (bypass and not request.user.is_superuser):
            raise PermissionDenied
        if verb == "withdraw" and record.is_published and comment:
            effect = withdrawal_effects.of_withdrawal([record])
            if effect and request.POST.get("accepted") != effect.digest:
                return self._ask_to_withdraw(
                    request, [record], effect, comment, address=self.address("verb", record), verb=verb
                )
        self._carry_out(request, record, verb, comment, bypass)
        return redirect(self.address("change", record))

    def _carry_out(self, request, record, verb, comment, bypass):
        """Perform the verb with its line in the log, and show the result or the refusal as a message."""
        try:
            with transaction.atomic():
                seen = number_in(request.POST.get("seen"))
                record.carry_out(verb, request.user, comment, bypass, saw=seen)
                label = Review.Verb(verb).label
                self.log_change(request, record, f"{label}: {comment}" if comment else label)
        except ValidationError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
        else:
            self.message_user(
                request, _("“%(record)s” is now %(status)s.") % {"record": record, "status": record.get_status_display()},
                messages.SUCCESS,
            )  # fmt: skip

    # Bulk actions: the gate decides on each row; the message names the refused ones

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_selected(self, request, queryset):
        self._in_bulk(request, queryset, "submit")

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._in_bulk(request, queryset, "publish")

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        reason = request.POST.get("reason", "").strip()[:MAX_COMMENT]
        effect = withdrawal_effects.of_withdrawal(record for record in queryset if record.is_published)
        if reason and (not effect or request.POST.get("accepted") == effect.digest):
            return self._in_bulk(request, queryset, "withdraw", reason)
        return self._ask_to_withdraw(request, queryset, effect, reason, action="withdraw_selected")

    def _ask_to_withdraw(self, request, records, effect, reason, address="", **posted):
        """Ask for the reason, and for consent to what readers lose with the records. ``posted`` is sent along.

        The record's own screen sends the reason as ``comment``, as for every step; the list sends it as ``reason``.
        """
        return self.page(
            request, "admin/concordance/withdraw.html", None, _("Withdraw"), records=records, effect=effect, reason=reason,
            reason_name="comment" if address else "reason", address=address, posted=posted,
        )  # fmt: skip

    def has_publish_permission(self, request):
        return may_publish(request)

    def _in_bulk(self, request, queryset, verb, comment=""):
        done, refused = 0, []
        for record in queryset:
            try:
                with transaction.atomic():
                    record.carry_out(verb, request.user, comment)
                done += 1
            except ValidationError as refusal:
                refused.append(f"{record}: {refusal_text(refusal)}")
            except DatabaseError:  # each step is a transaction of its own
                if not done:
                    raise
                words = _("The database failed at “%(record)s”; this record and those after it were not changed.")
                refused.append(words % {"record": record})
                break
        if done:
            word = Review.Verb(verb).label
            words = ngettext("%(n)s record: %(word)s.", "%(n)s records: %(word)s.", done)
            self.message_user(request, words % {"n": done, "word": word}, messages.SUCCESS)
        for line in refused[:20]:
            self.message_user(request, line, messages.WARNING)
        if len(refused) > 20:
            more = len(refused) - 20
            words = ngettext("%(n)s more was refused.", "%(n)s more were refused.", more)
            self.message_user(request, words % {"n": more}, messages.WARNING)
