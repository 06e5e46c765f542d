"""For the editing screens."""

from django import template

from sources.desk.admin_addresses import admin_address

register = template.Library()


@register.filter
def edit_address(row):
    """Where a row is edited."""
    return admin_address(row, "change")
