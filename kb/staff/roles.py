"""The four roles of the editing screens and their permissions, which ``migrate`` writes into the database.

The public pages and the API know no roles. docs/roles.md says the same in words; tests/test_roles.py compares the two.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.records.base import Documented
from sources.records.part import Part


class Role(models.TextChoices):
    """Each role may do all that the one before it may."""

    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    REVIEWER = "reviewer", _("reviewer")
    ADMINISTRATOR = "administrator", _("administrator")


# Citations and rulings are edited with their record, like its parts.
EVIDENCE = ("sources.Citation", "sources.Adjudication")
# The yardstick that all codings are measured by changes with the site.
CODEBOOK = ("agreements.Codebook", "agreements.Topic", "agreements.Approach")
# Who did what, with the reviewers' comments.
TRAIL = ("sources.Review", "sources.Revision", "sources.Version", "sources.Proposal")
# A measurement of the reliability of coding. Once finished it cannot be changed, only removed and begun again.
SECOND_CODING = ("agreements.SecondCoding",)
ACCOUNTS = ("auth.User",)
PUBLISH = "sources.publish_record"


def permissions():
    """``{role: {"app.codename"}}``: the table."""
    documented, parts = _models_of(Documented), _models_of(Part)
    evidence, codebook, trail, second, accounts = (
        set(map(installed.get_model, names)) for names in (EVIDENCE, CODEBOOK, TRAIL, SECOND_CODING, ACCOUNTS)
    )
    content = documented | parts | evidence
    edited = content - codebook
    viewer = _on(content, "view")
    # Only rows within a record can be removed; a record itself is withdrawn.
    editor = (
        viewer
        | _on(trail, "view")
        | _on(second, "view", "add")
        | _on(edited, "add", "change")
        | _on(edited - documented, "delete")
    )
    reviewer = editor | {PUBLISH}
    administrator = reviewer | _on(content | accounts, "view", "add", "change", "delete") | _on(second, "delete")
    return {
        Role.VIEWER: viewer,
        Role.EDITOR: editor,
        Role.REVIEWER: reviewer,
        Role.ADMINISTRATOR: administrator,
    }


def _models_of(base):
    return {model for model in installed.get_models() if issubclass(model, base)}


def _on(rows, *actions):
    return {f"{model._meta.app_label}.{action}_{model._meta.model_name}" for model in rows for action in actions}


def bring_in(apps=installed, using="default", **kwargs):
    """Give the four groups the permissions of the table and no others. Runs after every ``migrate``."""
    try:
        group_model, permission_model = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    except LookupError:  # an early step of the first migration
        return
    table = permissions()
    # Django makes permissions app by app, in this same signal; the table needs them all now.
    for label in sorted({name.partition(".")[0] for name in table[Role.ADMINISTRATOR]}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    known = {
        f"{label}.{codename}": pk
        for pk, label, codename in permission_model.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role, names in table.items():
        group, _made = group_model.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in names if name in known])


def role_of(user):
    """The user's role, or ``None``."""
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(Role) if role.value in names), None)


def assign(user, role):
    """Give the user this role and no other. Saves the row. Administrators are superusers."""
    from django.contrib.auth.models import Group

    role = Role(role)
    user.is_staff, user.is_superuser = True, role == Role.ADMINISTRATOR
    user.save()
    user.groups.set([Group.objects.get(name=role.value)])
    user.user_permissions.clear()
