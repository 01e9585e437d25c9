"""The curve over time: one point per stored run, counted in the database in one question."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from greenward.assessment.models import Result, Verdict
from greenward.assessment.queries.attainment import percent
from greenward.programmes import queries as programmes


@dataclass(frozen=True)
class CurvePoint:
    """What held below a place as of a stored run's day, over the communities that counted on that day."""

    as_of: date
    participating: int
    meeting: int
    both: int
    unknown: int
    denominator: int

    @property
    def attained_percent(self) -> float | None:
        """``both`` over ``denominator`` in percent; None without communities."""
        return percent(self.both, self.denominator)


def curve(path: str, begins: date, ends: date) -> list[CurvePoint]:
    """Return the points of the runs from ``begins`` to ``ends`` (both included) below ``path``, by day."""
    met = Q(verdict=Verdict.MET)
    rows = (
        Result.objects.filter(
            run__programme=programmes.current(ends),
            run__as_of__range=(begins, ends),
            place__versions__during__contains=F("run__as_of"),
            place__versions__path__startswith=path,
        )
        .values("run__as_of")
        .annotate(
            participating=Count("place", filter=Q(participates=True)),
            meeting=Count("place", filter=met),
            both=Count("place", filter=met & Q(participates=True)),
            unknown=Count("place", filter=Q(verdict=Verdict.UNKNOWN)),
            denominator=Count("place"),
        )
        .order_by("run__as_of")
    )
    return [
        CurvePoint(
            as_of=row["run__as_of"],
            participating=row["participating"],
            meeting=row["meeting"],
            both=row["both"],
            unknown=row["unknown"],
            denominator=row["denominator"],
        )
        for row in rows
    ]
