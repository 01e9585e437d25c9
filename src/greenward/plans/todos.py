"""A district's plan as to-dos: a draft to submit, to decide by a second person, to file with the city."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.duties import todos
from greenward.duties.todos import Held, ToDo
from greenward.plans import access
from greenward.plans.models import PlanStep, PlanVersion
from greenward.plans.queries.overview import DistrictLine, overview_for
from greenward.plans.states import OPEN, PlanState
from greenward.territories.access import reach_of
from greenward.territories.roles import Permission

WRITE, DECIDE = "plan", "plan-decide"
P = Permission


def plan_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield the drafts of one's own district to finish and submit, and what was approved to file."""
    for line, version, _steps in _under_way(user, on):
        if PlanState(version.state) in OPEN and _sits(user, P.PLAN, line):
            returned = version.state == PlanState.RETURNED
            what = _("修改被退回的创建方案") if returned else _("写完创建方案并提交审定")
            yield _todo(WRITE, line, version, what, "plans:edit")
        if version.state == PlanState.APPROVED and _sits(user, P.DELIVER_DUTIES, line):
            yield _todo(WRITE, line, version, _("把审定的创建方案报送市级"), "plans:plan")


def deciding_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield the plans of one's own district to decide; not those that one wrote or submitted."""
    for line, version, steps in _under_way(user, on):
        if _decides(user, line, version) and "approve" in access.moves_open_to(
            user, version, line.place.path, steps
        ):
            yield _todo(DECIDE, line, version, _("审定创建方案"), "plans:plan")


def plans_held(user: User, on: date) -> Iterator[Held]:
    """Yield the plan that waits for somebody else of one's own district; the city sees none before filing."""
    for line, version, steps in _under_way(user, on):
        own = _decides(user, line, version) and "approve" in access.moves_open_to(
            user, version, line.place.path, steps
        )
        if version.state == PlanState.SUBMITTED and not own:
            due_on = _due(line)
            yield Held(
                DECIDE,
                line.place.path,
                _("本区另一位审定人"),
                _("审定创建方案"),
                reverse("plans:plan", args=[line.place.place.code]),
                1,
                int(due_on is not None and due_on < on),
                due_on,
            )


@todos.once
def _under_way(user: User, on: date) -> list[tuple[DistrictLine, PlanVersion, list[PlanStep]]]:
    """Return the plans on their way in districts where the person works, with their steps."""
    if not any(access.sees_drafts(user, path) for path in reach_of(user).paths()):
        return []
    try:
        lines = overview_for(user, on)
    except NotFoundError:  # no programme has begun: there are no plans
        return []
    found = [(line, line.under_way) for line in lines if line.under_way is not None]
    steps: dict[int, list[PlanStep]] = defaultdict(list)
    if found:
        for step in PlanStep.objects.filter(version__in=[version for _line, version in found]):
            steps[step.version_id].append(step)
    return [(line, version, steps[version.pk]) for line, version in found]


def _sits(user: User, permission: Permission, line: DistrictLine) -> bool:
    return line.place.path in reach_of(user).seats(permission)


def _decides(user: User, line: DistrictLine, version: PlanVersion) -> bool:
    return version.state == PlanState.SUBMITTED and _sits(user, P.APPROVE_PLAN, line)


def _due(line: DistrictLine) -> date | None:
    """Return the last day of the first plan; what follows has none."""
    return line.due_on if line.delivered_on is None else None


def _todo(kind: str, line: DistrictLine, version: PlanVersion, what: str, page: str) -> ToDo:
    since = timezone.localdate(version.saved_at)
    return ToDo(
        kind,
        key=f"{version.pk}:{version.state}",
        what=what,
        where=line.place.short_name,
        url=reverse(page, args=[line.place.place.code]),
        due_on=_due(line),
        why=_("第%(n)d版 · 条款 3.1.2") % {"n": version.number},
        since=since,
    )


KINDS = (
    todos.Kind(
        WRITE, gettext_lazy("创建方案"), 35, frozenset({P.PLAN, P.DELIVER_DUTIES}), plan_todos, plans_held
    ),
    todos.Kind(DECIDE, gettext_lazy("审定方案"), 36, frozenset({P.APPROVE_PLAN}), deciding_todos),
)
