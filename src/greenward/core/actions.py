"""Writing the calendar's overrides: days worked, or off, unlike in the published calendar."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.core import audit
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.core.models import CalendarOverride

if TYPE_CHECKING:
    from greenward.accounts.models import User

LONGEST_REASON = 200


@transaction.atomic
def set_day(day: date, *, is_working: bool, reason: str, by: "User | None", at: datetime) -> CalendarOverride:
    """Decide whether ``day`` is worked, whatever the calendar says; a day decided before is decided anew."""
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidInputError(
            _("理由应有 1 到 %(most)d 个字。") % {"most": LONGEST_REASON},
            hint=_("请写明依据，例如放假通知的文号。"),
            field="reason",
        )
    made, _fresh = CalendarOverride.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "reason": reason}
    )
    audit.record("core.set_day", made, by=by, at=at, is_working=is_working, reason=reason)
    return made


@transaction.atomic
def remove_day(day: date, *, by: "User | None", at: datetime) -> None:
    """Let the published calendar decide ``day`` again; NotFoundError if it does already."""
    found = CalendarOverride.objects.select_for_update().filter(day=day).first()
    if found is None:
        raise NotFoundError(
            _("%(day)s 没有另行规定。") % {"day": day},
            hint=_("用 greenward calendar list 查看另行规定的日子。"),
            day=day.isoformat(),
        )
    subject = audit.subject_of(found)
    found.delete()
    audit.record("core.remove_day", subject, by=by, at=at)
