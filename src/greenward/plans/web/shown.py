"""What the pages of a version share: finding it, and its parts as rows to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.plans import queries
from greenward.plans.models import PlanVersion
from greenward.plans.queries import MeasureLine, PlanContent, ProgressRow, Proposed
from greenward.plans.states import Measure
from greenward.programmes import queries as programmes
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Found:
    """A district, its versions that the person may see, and the one asked for (None: there is none)."""

    place: PlaceVersion
    versions: list[PlanVersion]
    version: PlanVersion | None


@dataclass(frozen=True)
class Column:
    """A column of the table of targets: a day and what is counted."""

    due: date
    measure: Measure

    @property
    def slug(self) -> str:
        """What names it in fields."""
        return f"{self.due.isoformat()}-{self.measure.value}"


@dataclass(frozen=True)
class Cell:
    """A number of the plan: its column, the number and note as typed, and the proposal behind it."""

    column: Column
    number: str
    note: str
    proposed: Proposed


@dataclass(frozen=True)
class StreetRow:
    """A street or town with its cells, one per column; None where it owes nothing."""

    code: str
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class MeasureRow:
    """A measure with the names of the offices that answer for it."""

    line: MeasureLine
    offices: tuple[str, ...]


@dataclass(frozen=True)
class ProgressTable:
    """A day's progress: its column, the streets' rows, and the district's sum."""

    column: Column
    rows: Sequence[ProgressRow]
    total: ProgressRow


def find(request: HttpRequest, code: str, *, number: str | None = None) -> Found:
    """Return the district and the version that the address asks for; 404 for strangers."""
    place = queries.get_district_for(request.user, code)
    versions = list(queries.versions_for(request.user, programmes.current(), place))
    asked = request.GET.get("version", "") if number is None else number
    return Found(place, versions, queries.chosen(versions, asked))


def version_of(found: Found) -> PlanVersion:
    """Return the version; NotFoundError where there is none."""
    if found.version is None:
        raise NotFoundError(_("%(name)s 还没有方案。") % {"name": found.place.name}, hint=_("请先起草。"))
    return found.version


def person_of(request: HttpRequest) -> User:
    """Return who is signed in."""
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user


def columns_of(proposed: Sequence[Proposed]) -> list[Column]:
    """Return the columns of the table of targets, by day."""
    return [Column(due, Measure(m)) for due, m in sorted({(one.due, one.measure) for one in proposed})]


def streets_of(version: PlanVersion, content: PlanContent) -> tuple[list[Column], list[StreetRow]]:
    """Return the table of targets: its columns, and a row per street or town."""
    proposed = [Proposed.of(one) for one in version.figures]
    columns = columns_of(proposed)
    by_key = {(one.code, one.due, one.measure): one for one in proposed}
    names = {one.code: one.name for one in proposed}
    rows = [
        StreetRow(code, name, tuple(_cell(by_key, content, code, column) for column in columns))
        for code, name in names.items()
    ]
    return columns, rows


def _cell(
    by_key: dict[tuple[str, date, str], Proposed], content: PlanContent, code: str, column: Column
) -> Cell | None:
    key = (code, column.due, column.measure.value)
    one = by_key.get(key)
    if one is None:
        return None
    line = content.targets.get(key)
    return Cell(column, str(line.number) if line else "", line.note if line else "", one)


def measures_of(content: PlanContent, offices: dict[str, str]) -> list[MeasureRow]:
    """Return the measures with the names of their offices."""
    return [
        MeasureRow(one, tuple(offices.get(slug, slug) for slug in one.departments))
        for one in content.measures
    ]


def progress_tables(rows: Sequence[ProgressRow]) -> list[ProgressTable]:
    """Return progress by day: each table's last row is the district's sum."""
    columns = dict.fromkeys((row.due, row.measure) for row in rows)
    found = []
    for due, measure in columns:
        own = [row for row in rows if (row.due, row.measure) == (due, measure)]
        found.append(ProgressTable(Column(due, Measure(measure)), own[:-1], own[-1]))
    return found
