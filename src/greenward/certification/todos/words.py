"""What the to-dos of certification share: kinds, seats at a level, applications with their places."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application
from greenward.certification.queries.route import routes_on
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.route import Route, Step
from greenward.packs.schema.shape import Level
from greenward.territories.access import reach_of
from greenward.territories.roles import ROLES, Permission

WRITE, RECOMMEND, COUNTERSIGN, OPINE, DECIDE, DESK, RECHECK = (
    "certification-write",
    "certification-recommend",
    "certification-countersign",
    "certification-opine",
    "certification-decide",
    "certification-desk",
    "certification-recheck",
)
DEPTHS: dict[Level, int] = {"city": 1, "district": 2, "subdistrict": 3, "community": 4}
"""How many codes the path of a place of a level has."""


@dataclass(frozen=True)
class Stand:
    """An application with where its community stands on a day."""

    pk: int
    programme: int
    state: str
    step: str
    due_on: date | None
    moved_at: datetime
    name: str
    path: str


def located(on: date) -> QuerySet[Any, Any]:
    """Return applications with ``path`` and ``name`` of where their community stands on the day."""
    here: QuerySet[Any, Any] = Application.objects.filter(place__versions__during__contains=on)
    found: QuerySet[Any, Any] = here.annotate(
        path=F("place__versions__path"), name=F("place__versions__short_name")
    )
    return found


def stands(rows: QuerySet[Any, Any]) -> list[Stand]:
    """Return located applications as plain lines, those due first. One query."""
    fields = ("pk", "programme_id", "state", "step", "due_on", "moved_at", "name", "path")
    return [Stand(*row) for row in rows.order_by("due_on", "pk").values_list(*fields)]


Routes = Mapping[int, tuple[Pack, Route]]


def routes_for(user: User, on: date) -> Routes:
    """Return policy and route of every programme begun by a day; read once for a person and request."""
    key = f"_routes_{on}"
    found: Routes | None = user.__dict__.get(key)
    if found is None:
        found = user.__dict__[key] = routes_on(on)
    return found


def seats_at(user: User, permission: Permission, level: Level) -> frozenset[str]:
    """Return the paths where the person has a permission by a role that is held at the level."""
    return frozenset(
        grant.path
        for grant in reach_of(user).grants
        if permission in grant.permissions and level in {one.value for one in ROLES[grant.role].levels}
    )


def within(paths: Collection[str]) -> Q:
    """Return what lies at or below any of the paths; nothing where there are none."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path__startswith=path)
    return found


def above(level: Level) -> Func:
    """Return the path of the place of a level on the way to ``path``, for the database."""
    return Func(F("path"), Value(f"^(?:[^/]+/){{{DEPTHS[level]}}}"), function="substring")


def why(step: Step) -> str:
    """Say which step it is, what asks for it, and whether its last day is the territory's own rule."""
    parts = [str(step.title)]
    if step.clause:
        parts.append(_("第 %(clause)s 条") % {"clause": step.clause})
    if step.limit is not None and step.limit.own_rule:
        parts.append(_("期限为本地规定"))
    return " · ".join(parts)


def page(number: int, anchor: str) -> str:
    """Return the address of an application, at the part of its page where the work is done."""
    return f"{reverse('certification:case', args=[number])}#{anchor}"
