from sources.lib.filter_sets import StrictFilterSet
from sources.lib.filters import WordsFilter, contested_filter
from tests.scratch_kind.models import Patrol


class PatrolFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name")
    contested = contested_filter()

    class Meta:
        model = Patrol
        fields = ()
