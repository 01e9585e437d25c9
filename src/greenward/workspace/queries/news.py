"""What changed in the assessment of one's places, for reminders by mail."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.assessment.engine.status import Status
from greenward.assessment.queries.changes import Wanted, change_rows, told
from greenward.core.errors import NotFoundError
from greenward.duties.todos import Bulletin, News

MOST = 10
NAMES = {
    Status.MET: gettext_lazy("达标"),
    Status.UNMET: gettext_lazy("未达标"),
    Status.UNKNOWN: gettext_lazy("资料不全"),
    Status.NOT_APPLICABLE: gettext_lazy("不适用"),
}


def changes_told(user: User, since: datetime, until: datetime) -> Bulletin:
    """Return the newest changes within the person's reach from one moment until another, and their number.

    Items by number and status alone: no values.
    """
    try:
        rows = change_rows(user, None, Wanted()).filter(at__gte=since, at__lt=until)
        number = rows.count()
        found = told(user, list(rows[:MOST]), None) if number else []
    except NotFoundError:  # no programme has begun: nothing is assessed
        return Bulletin((), 0)
    return Bulletin(
        tuple(
            News(
                "；".join(
                    _("第%(item)s项由%(old)s变为%(new)s")
                    % {"item": one.item.id, "old": NAMES[one.old], "new": NAMES[one.new]}
                    for one in change.items
                ),
                change.place.short_name,
                reverse("assessment:community", args=[change.place.place.code]),
            )
            for change in found
        ),
        number,
    )
