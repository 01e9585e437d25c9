"""Support given to pilots as dated records, which a standard may count."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Max, Value

from greenward.assessment.facts.records import RecordFacts, Row
from greenward.assessment.facts.registry import Marks
from greenward.core.clock import end_of
from greenward.pilots.models import Support

STREAM = "pilots.support"


class SupportFacts(RecordFacts):
    """Provides how often, on how many days and when last a community was supported, by kind."""

    def rows(self, as_of: date, seen: Marks | None, places: Collection[int] | None) -> Iterable[Row]:
        """Return what was noted up to the day; nothing is ever taken back."""
        found = Support.objects.filter(at__lt=end_of(as_of), given_on__lte=as_of)
        if seen is not None:
            found = found.filter(id__lte=seen.get(STREAM, 0))
        if places is not None:
            found = found.filter(place__in=places)
        return found.values_list("place_id", Value(""), "kind", "id", "given_on")

    def marks(self, as_of: date) -> Marks:
        """Return the newest note up to the day."""
        newest = Support.objects.filter(at__lt=end_of(as_of)).aggregate(newest=Max("id"))["newest"]
        return {STREAM: newest or 0}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities whose support was noted since."""
        fresh = Support.objects.filter(id__gt=marks.get(STREAM, 0), at__lt=end_of(as_of))
        return set(fresh.values_list("place_id", flat=True))
