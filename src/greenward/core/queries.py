"""Reading the audit trail and the calendar's overrides."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from greenward.core.models import AuditEntry, CalendarOverride


def audit_entries(
    *,
    under: Sequence[str] | None = None,
    action: str = "",
    subject: str = "",
    by: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[AuditEntry]:
    """Return entries, newest first, with who acted.

    ``under``: paths of places whose entries may be seen, None for all (entries without a place included);
    ``action`` and ``subject`` match from the beginning (``accounts.``, ``territories.place:110105``);
    ``by``: an account's number; ``first`` and ``last``: days, both included, in local time.
    """
    entries = AuditEntry.objects.select_related("by")
    if under is not None:
        within = Q(pk__in=[])
        for path in under:
            within |= Q(scope__startswith=path)
        entries = entries.filter(within)
    if action:
        entries = entries.filter(action__startswith=action)
    if subject:
        entries = entries.filter(subject__startswith=subject)
    if by is not None:
        entries = entries.filter(by_id=by)
    if first is not None:
        entries = entries.filter(at__date__gte=first)
    if last is not None:
        entries = entries.filter(at__date__lte=last)
    return entries.order_by("-number")


def calendar_overrides() -> QuerySet[CalendarOverride]:
    """Return the days that were decided here, whatever the published calendar says, by day."""
    return CalendarOverride.objects.order_by("day")
