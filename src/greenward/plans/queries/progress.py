"""A plan against what is: per street and day, planned, taking part, meeting; with base and as-of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from greenward.assessment.queries.attainment import AttainmentRow, attainment
from greenward.assessment.queries.pilots import pilots
from greenward.certification.queries.titles import recognised_by_place
from greenward.plans.queries.content import PlanContent
from greenward.plans.states import Measure


@dataclass(frozen=True)
class ProgressRow:
    """A place (or the whole district) against its number by a day; all count urban communities.

    ``reached`` is what the measure counts: taking part and meeting, or pilots. ``recognised``: communities
    that hold a title, whether or not they meet now; it and ``participating`` are None for pilots. ``as_of``:
    the day asked for, or ``due`` where that has passed.
    """

    code: str
    name: str
    due: date
    measure: str
    planned: int
    reached: int
    recognised: int | None
    participating: int | None
    denominator: int
    as_of: date

    @property
    def distance(self) -> int:
        """How many are still lacking."""
        return max(0, self.planned - self.reached)


def progress(content: PlanContent, path: str, on: date) -> list[ProgressRow]:
    """Return every target of the plan against what is, by day and measure; the district's sum ends each.

    A target whose day has passed is held against what was on that day: later ones do not mend it.
    """
    found: list[ProgressRow] = []
    for due, measure in sorted({(due, measure) for _code, due, measure in content.targets}):
        day = min(on, due)
        planned = {c: line.number for (c, d, m), line in content.targets.items() if (d, m) == (due, measure)}
        rows = (
            _meeting(planned, path, due, day)
            if measure == Measure.MEETING
            else _pilots(planned, path, due, day)
        )
        found += [*rows, _sum(rows)] if rows else []
    return found


def _meeting(planned: dict[str, int], path: str, due: date, day: date) -> list[ProgressRow]:
    titles = recognised_by_place(day, under=path)
    return [
        _row(row, planned[row.code], titles[row.code], due, day)
        for row in attainment(day, under=path)
        if row.level == "subdistrict" and row.code in planned
    ]


def _row(row: AttainmentRow, planned: int, recognised: int, due: date, day: date) -> ProgressRow:
    return ProgressRow(
        code=row.code,
        name=row.name,
        due=due,
        measure=Measure.MEETING.value,
        planned=planned,
        reached=row.both,
        recognised=recognised,
        participating=row.participating,
        denominator=row.denominator,
        as_of=day,
    )


def _pilots(planned: dict[str, int], path: str, due: date, day: date) -> list[ProgressRow]:
    return [
        ProgressRow(
            code=row.code,
            name=row.name,
            due=due,
            measure=Measure.PILOTS.value,
            planned=planned[row.code],
            reached=row.pilots,
            recognised=None,
            participating=None,
            denominator=row.communities,
            as_of=day,
        )
        for row in pilots(path, day)
        if row.code in planned
    ]


def _sum(rows: Sequence[ProgressRow]) -> ProgressRow:
    titles = [row.recognised for row in rows if row.recognised is not None]
    parts = [row.participating for row in rows if row.participating is not None]
    return ProgressRow(
        code="",
        name="",
        due=rows[0].due,
        measure=rows[0].measure,
        planned=sum(row.planned for row in rows),
        reached=sum(row.reached for row in rows),
        recognised=sum(titles) if titles else None,
        participating=sum(parts) if parts else None,
        denominator=sum(row.denominator for row in rows),
        as_of=rows[0].as_of,
    )
