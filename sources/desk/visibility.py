"""Which rows of the editing screens a user may see.

Users who may view proposals also see drafts. Others see what readers see: ``published()`` of the queryset; of a kind without
``published()`` they see nothing.
"""

SEES_DRAFTS = "sources.view_proposal"


def sees_drafts(user):
    return user.has_perm(SEES_DRAFTS)


def visible_to(rows, user):
    """The rows of the queryset ``rows`` that the user may see."""
    if sees_drafts(user):
        return rows
    published = getattr(rows, "published", None)
    return published() if published else rows.none()


def is_visible_to(row, user):
    """Whether the user may see this one row."""
    if sees_drafts(user) or hasattr(row, "is_shown"):
        return sees_drafts(user) or row.is_shown
    return visible_to(type(row)._default_manager.all(), user).filter(pk=row.pk).exists()
