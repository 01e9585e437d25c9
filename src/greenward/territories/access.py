"""Who may do what where: a role at a place covers its subtree and nothing else."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotAllowedError
from greenward.territories.models import Appointment
from greenward.territories.roles import ROLES, Permission


@dataclass(frozen=True)
class Grant:
    """One appointment in force: the role's slug, its place's path, and the office's department, if any."""

    role: str
    path: str
    department: str = ""


@dataclass(frozen=True)
class Reach:
    """Everything a person may see and do: the grants in force today."""

    grants: tuple[Grant, ...] = ()

    def paths(self, permission: Permission = Permission.READ) -> tuple[str, ...]:
        """Return the paths below which the person has ``permission``, outermost only, sorted."""
        held = sorted({g.path for g in self.grants if permission in ROLES[g.role].permissions})
        return tuple(p for i, p in enumerate(held) if not any(p.startswith(q) for q in held[:i]))

    def covers(self, path: str, permission: Permission = Permission.READ) -> bool:
        """Tell whether ``permission`` holds at ``path``."""
        return any(path.startswith(p) for p in self.paths(permission))

    def seats(self, permission: Permission) -> frozenset[str]:
        """Return the paths of the places whose own offices give the person ``permission``."""
        return frozenset(g.path for g in self.grants if permission in ROLES[g.role].permissions)

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


def _grants(user: User) -> list[Grant]:
    today = clock.today()
    held = Appointment.objects.filter(
        user=user,
        during__contains=today,
        role__in=ROLES,
        office__place__versions__during__contains=today,
    )
    rows = held.values_list("role", "office__place__versions__path", "office__department")
    return [Grant(*row) for row in rows]


def may(user: User | AnonymousUser, permission: Permission, path: str) -> bool:
    """Tell templates whether ``user`` has ``permission`` at ``path``."""
    return reach_of(user).covers(path, permission)


def check_may(user: User | AnonymousUser, permission: Permission, path: str) -> None:
    """Raise NotAllowedError unless ``user`` has ``permission`` at ``path``."""
    if not may(user, permission, path):
        raise NotAllowedError(
            _("您的角色不能在这里进行此操作。"),
            hint=_("请联系上级单位的经办人。"),
            permission=permission,
        )
