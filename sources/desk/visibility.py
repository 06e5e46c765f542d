"""Which rows of the editing screens a user may see, asked in one place.

Who may look at what others propose may see drafts. Everybody else sees there what readers see: each kind of row says what that
is with ``published()`` on its query set, and of a kind that does not say there is nothing to see.
"""

SEES_DRAFTS = "sources.view_proposal"


def sees_drafts(user):
    return user.has_perm(SEES_DRAFTS)


def visible_to(rows, user):
    """Those of ``rows`` that the user may see."""
    if sees_drafts(user):
        return rows
    published = getattr(rows, "published", None)
    return published() if published else rows.none()


def is_visible_to(row, user):
    """Whether the user may see this one row."""
    if sees_drafts(user) or hasattr(row, "is_shown"):
        return sees_drafts(user) or row.is_shown
    return visible_to(type(row)._default_manager.all(), user).filter(pk=row.pk).exists()
