"""The last part of an address."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_slug = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens."))
