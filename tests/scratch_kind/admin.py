from django.contrib import admin

from sources.desk.inlines import PartInline
from sources.desk.record_admin import RecordAdmin
from tests.scratch_kind.models import Patrol, Vessel


class VesselInline(PartInline):
    model = Vessel


@admin.register(Patrol)
class PatrolAdmin(RecordAdmin):
    part_inlines = (VesselInline,)
