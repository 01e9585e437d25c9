"""The audit trail as far as a person may read it."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotAllowedError
from greenward.core.models import AuditEntry
from greenward.core.queries import audit_entries
from greenward.territories.access import reach_of
from greenward.territories.queries import get_place_for
from greenward.territories.roles import Permission

TOP = 1
"""Slashes in the path of the top of the tree."""


@dataclass(frozen=True)
class Asked:
    """Which entries: beginnings of action and subject, a place's code, a person's user name, days."""

    action: str = ""
    subject: str = ""
    place: str = ""
    person: str = ""
    first: date | None = None
    last: date | None = None


def may_read_audit(user: User | AnonymousUser) -> bool:
    """Tell whether the person may read the audit trail anywhere."""
    return bool(reach_of(user).paths(Permission.READ_AUDIT))


def entries_for(user: User | AnonymousUser, asked: Asked) -> QuerySet[AuditEntry]:
    """Return the entries within the person's audit reach, newest first; NotAllowedError without any.

    What concerns no place (sign-ins, packs) shows to those whose reach begins at the top of the tree.
    NotFoundError for a place beyond reach.
    """
    paths = reach_of(user).paths(Permission.READ_AUDIT)
    if not paths:
        raise NotAllowedError(_("您的角色不能查看审计记录。"), hint=_("审计记录由审计员和市级牵头单位查看。"))
    everything = any(path.count("/") == TOP for path in paths)
    under = None if everything else paths
    if asked.place:
        under = (get_place_for(user, asked.place).path,)
    return audit_entries(
        under=under,
        action=asked.action,
        subject=asked.subject,
        by=_number_of(asked.person),
        first=asked.first,
        last=asked.last,
    )


def _number_of(username: str) -> int | None:
    """Return the account's number; none for no name, 0 (nobody's) for a name that nobody has."""
    if not username:
        return None
    return User.objects.filter(username=username).values_list("pk", flat=True).first() or 0
