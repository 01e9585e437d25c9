"""The audit trail as far as a person may read it."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotAllowedError
from greenward.core.models import AuditEntry
from greenward.territories.access import reach_of
from greenward.territories.roles import Permission


@dataclass(frozen=True)
class Asked:
    """Which entries: an action's beginning, a subject's part, a place's code, a person, days from and to."""

    action: str = ""
    subject: str = ""
    place: str = ""
    person: str = ""
    begins: date | None = None
    ends: date | None = None


def may_read_audit(user: User | AnonymousUser) -> bool:
    """Tell whether the person may read the audit trail anywhere."""
    return bool(reach_of(user).paths(Permission.READ_AUDIT))


def entries_for(user: User | AnonymousUser, asked: Asked) -> QuerySet[AuditEntry]:
    """Return the entries within the person's audit reach, newest first; NotAllowedError without any.

    What concerns no place (sign-ins, packs) shows to those whose reach begins at the top of the tree.
    """
    paths = reach_of(user).paths(Permission.READ_AUDIT)
    if not paths:
        raise NotAllowedError(_("您的角色不能查看审计记录。"), hint=_("审计记录由审计员和市级牵头单位查看。"))
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(scope__startswith=path)
        if path.count("/") == 1:
            within |= Q(scope="")
    return _narrowed(AuditEntry.objects.filter(within).select_related("by"), asked)


def _narrowed(entries: QuerySet[AuditEntry], asked: Asked) -> QuerySet[AuditEntry]:
    if asked.action:
        entries = entries.filter(action__startswith=asked.action)
    if asked.subject:
        entries = entries.filter(subject__contains=asked.subject)
    if asked.place:
        named = Q(scope__contains=f"{asked.place}/") | Q(subject__endswith=f":{asked.place}")
        entries = entries.filter(named)
    if asked.person:
        entries = entries.filter(by__username=asked.person)
    if asked.begins:
        entries = entries.filter(at__date__gte=asked.begins)
    if asked.ends:
        entries = entries.filter(at__date__lte=asked.ends)
    return entries.order_by("-number")
