"""Who may do what where: a role at a place covers its subtree and nothing else."""

import copy
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock, rows
from greenward.core.errors import NotAllowedError
from greenward.territories.roles import OWN_NAME, ROLES, Permission

HELD = """SELECT held.role, version.path, office.department, NULL::varchar[] AS lent, NULL::bigint AS lender
    FROM territories_appointment held
    JOIN territories_office office ON office.id = held.office_id
    JOIN territories_placeversion version ON version.place_id = office.place_id
    WHERE held.user_id = %(user)s AND held.during @> %(on)s::date AND version.during @> %(on)s::date"""


@dataclass(frozen=True)
class Grant:
    """One appointment in force: the role's slug, its place's path, and the office's department, if any.

    Where a colleague lent it, ``lender`` is their number and ``lent`` what of the role they lent.
    """

    role: str
    path: str
    department: str = ""
    lent: frozenset[str] = field(default=frozenset())
    lender: int | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it allows."""
        whole = ROLES[self.role].permissions
        return whole if self.lender is None else frozenset(p for p in whole - OWN_NAME if p in self.lent)


@dataclass(frozen=True)
class Reach:
    """Everything a person may see and do: the grants in force today."""

    grants: tuple[Grant, ...] = ()

    def paths(self, permission: Permission = Permission.READ) -> tuple[str, ...]:
        """Return the paths below which the person has ``permission``, outermost only, sorted."""
        held = sorted({g.path for g in self.grants if permission in g.permissions})
        return tuple(p for i, p in enumerate(held) if not any(p.startswith(q) for q in held[:i]))

    def covers(self, path: str, permission: Permission = Permission.READ) -> bool:
        """Tell whether ``permission`` holds at ``path``."""
        return any(path.startswith(p) for p in self.paths(permission))

    def seats(self, permission: Permission) -> frozenset[str]:
        """Return the paths of the places whose own offices give the person ``permission``."""
        return frozenset(g.path for g in self.grants if permission in g.permissions)

    @property
    def own(self) -> "Reach":
        """The reach without what colleagues lent."""
        return Reach(tuple(g for g in self.grants if g.lender is None))

    @property
    def home(self) -> str | None:
        """Return the path where the person's work is: the first outermost one, None for strangers."""
        return next(iter(self.paths()), None)


def reach_of(user: User | AnonymousUser) -> Reach:
    """Return the person's reach today; computed once per request, kept on the user object."""
    if not isinstance(user, User) or not user.is_active:
        return Reach()
    cached: Reach | None = getattr(user, "_reach", None)
    if cached is None:
        cached = Reach(tuple(_grants(user)))
        user._reach = cached  # type: ignore[attr-defined]  # noqa: SLF001 — a cache of ours on our own model
    return cached


_sources = [HELD]


def register_loans(statement: str) -> None:
    """Let a higher module lend grants: a SELECT for ``user`` and the day ``on`` with the columns of HELD."""
    _sources.append(statement)


def own_self(user: User) -> User:
    """Return the person with what is theirs by appointment, without what colleagues lent."""
    alone = copy.copy(user)
    alone._reach = reach_of(user).own  # type: ignore[attr-defined]  # noqa: SLF001 — as in reach_of
    return alone


def _grants(user: User) -> list[Grant]:
    asked = {"user": user.pk, "on": clock.today()}
    return [
        Grant(role, path, department, frozenset(lent or ()), lender)
        for role, path, department, lent, lender in rows.values(" UNION ALL ".join(_sources), asked)
        if role in ROLES
    ]


def may(user: User | AnonymousUser, permission: Permission, path: str) -> bool:
    """Tell templates whether ``user`` has ``permission`` at ``path``."""
    return reach_of(user).covers(path, permission)


def check_may(user: User | AnonymousUser, permission: Permission, path: str) -> None:
    """Raise NotAllowedError unless ``user`` has ``permission`` at ``path``."""
    if isinstance(user, User) and not reach_of(user).own.covers(path, permission):
        _note_lender(user, permission, path)
    if not may(user, permission, path):
        raise NotAllowedError(
            _("您的角色不能在这里进行此操作。"),
            hint=_("请联系上级单位的经办人。"),
            permission=permission,
        )


def _note_lender(user: User, permission: Permission, path: str) -> None:
    """Remember who lent what a step rests on, so that the audit trail names both."""
    lenders = {
        g.lender
        for g in reach_of(user).grants
        if g.lender is not None and path.startswith(g.path) and permission in g.permissions
    }
    if lenders:
        noted: dict[str, set[int]] = user.__dict__.setdefault("_lenders", defaultdict(set))
        noted[path] |= lenders


def acting_for(by: User, scope: str) -> dict[str, object]:
    """Return the numbers of those for whom ``by`` acts about the place at ``scope``, for the audit trail."""
    noted: dict[str, set[int]] = by.__dict__.get("_lenders", {})
    found = {
        lender
        for path, lenders in noted.items()
        if path.startswith(scope) or scope.startswith(path)
        for lender in lenders
    }
    return {"acting_for": sorted(found)} if found else {}
