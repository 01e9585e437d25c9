"""``/api/v1/plans``: which districts have filed, what a version says, and how far it is; reading only."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema

from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.core.errors import NotFoundError
from greenward.plans import queries
from greenward.plans.models import PlanVersion
from greenward.plans.queries import DistrictLine, ProgressRow
from greenward.programmes import queries as programmes

router = Router(tags=["plans"])
AsOf = Annotated[Day | None, Query()]
Code = Annotated[str, Path(max_length=32)]


class DistrictPlanOut(Schema):
    """A district and its plan: ``version`` in force and its document, null where none was filed.

    ``planned``: communities by day. ``days_late``: days after the last day, 0 in time.
    """

    code: str
    name: str
    due_on: date | None
    delivered_on: date | None
    days_late: int
    version: int | None
    document: str
    planned: dict[str, int]

    @classmethod
    def of(cls, line: DistrictLine) -> "DistrictPlanOut":
        """Describe a line of the overview."""
        paper = line.delivery.document if line.delivery else ""
        return cls(
            code=line.place.place.code,
            name=line.place.name,
            due_on=line.due_on,
            delivered_on=line.delivered_on,
            days_late=line.days_late,
            version=line.filed.number if line.filed else None,
            document=line.filed.document if line.filed else paper,
            planned={due.isoformat(): number for due, number in line.planned.items()},
        )


class ProgressOut(Schema):
    """A place against its number by a day; ``reached`` is what the measure counts, as of ``as_of``.

    The district's sum ends each measure and day: its ``code`` and ``name`` are empty.
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

    @classmethod
    def of(cls, row: ProgressRow) -> "ProgressOut":
        """Describe a row of progress."""
        names = tuple(cls.model_fields)
        return cls(**{name: getattr(row, name) for name in names})


class PlanTargetOut(Schema):
    """How many communities of a place by a day, and why so many."""

    code: str
    due: date
    measure: str
    number: int
    note: str


class PlanMilestoneOut(Schema):
    """A step of the schedule; ``clause`` is empty where it is the district's own."""

    title: str
    due: date
    clause: str


class PlanMeasureOut(Schema):
    """Something to be done, by which departments (slugs), for which item, by when."""

    text: str
    departments: list[str]
    item: str
    due: date | None


class PlanOut(Schema):
    """A version of a plan: ``versions`` are those that the caller may see; what is not filed stays inside."""

    code: str
    version: int
    versions: list[int]
    state: str
    figures_on: date
    filed_on: date | None
    document: str
    introduction: str
    targets: list[PlanTargetOut]
    milestones: list[PlanMilestoneOut]
    measures: list[PlanMeasureOut]
    progress: list[ProgressOut]


@router.get("/plans", response=list[DistrictPlanOut], summary="Plans of districts within reach")
def plans(request: HttpRequest, as_of: AsOf = None) -> list[DistrictPlanOut]:
    """Return every district within reach with its plan, filed or missing."""
    return [DistrictPlanOut.of(one) for one in queries.overview_for(request.user, as_of or clock.today())]


@router.get("/plans/{code}", response=PlanOut, summary="A version of a district's plan")
def plan(
    request: HttpRequest,
    code: Code,
    version: Annotated[int | None, Query(ge=1, le=32767)] = None,
    as_of: AsOf = None,
) -> PlanOut:
    """Return a version with its progress; without a number the one filed last, else the last."""
    place, day = queries.get_district_for(request.user, code), as_of or clock.today()
    versions = list(queries.versions_for(request.user, programmes.current(day), place))
    found = queries.chosen(versions, str(version or ""))
    if found is None:
        raise NotFoundError(
            _("%(name)s还没有可以查看的方案。") % {"name": place.name}, hint=_("报送市级之后，区外才能看到。")
        )
    return _plan_of(found, versions, place.path, day)


def _plan_of(found: PlanVersion, versions: list[PlanVersion], path: str, day: date) -> PlanOut:
    content = queries.content_of(found)
    return PlanOut(
        code=found.place.code,
        version=found.number,
        versions=[one.number for one in versions],
        state=found.state,
        figures_on=found.figures_on,
        filed_on=found.filed_on,
        document=found.document,
        introduction=content.introduction,
        targets=[
            PlanTargetOut(code=place, due=due, measure=measure, number=one.number, note=one.note)
            for (place, due, measure), one in content.targets.items()
        ],
        milestones=[
            PlanMilestoneOut(title=one.title, due=one.due, clause=one.clause) for one in content.milestones
        ],
        measures=[
            PlanMeasureOut(text=one.text, departments=list(one.departments), item=one.item, due=one.due)
            for one in content.measures
        ],
        progress=[ProgressOut.of(row) for row in queries.progress(content, path, day)],
    )
