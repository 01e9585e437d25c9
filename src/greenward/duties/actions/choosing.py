"""How a person wants to be reminded by mail: kept in settings, or stopped by a link without sign-in."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError
from greenward.duties import todos
from greenward.duties.models import ReminderChoice
from greenward.duties.queries.digest import choice_of
from greenward.duties.queries.leaving import person_of
from greenward.duties.states import Rhythm


@transaction.atomic
def change_reminders(
    user: User,
    *,
    rhythm: str,
    without: Collection[str],
    changes: bool,
    language: str,
    by: User | None,
    at: datetime,
) -> ReminderChoice:
    """Keep how a person wants to be reminded; ``by`` None is the link in a mail. InvalidInputError."""
    known = {kind.slug for kind in todos.kinds()}
    if (
        rhythm not in Rhythm.values
        or not set(without) <= known
        or language not in {"", *dict(settings.LANGUAGES)}
    ):
        raise InvalidInputError(_("没有这项设置。"), hint=_("请从列出的选项中选择。"))
    choice, _made = ReminderChoice.objects.update_or_create(
        user=user,
        defaults={
            "rhythm": rhythm,
            "without": sorted(without),
            "changes": changes,
            "language": language,
            "changed_at": at,
        },
    )
    audit.record("duties.change_reminders", user, by=by, at=at, rhythm=rhythm, without=sorted(without))
    return choice


def unsubscribe(token: str, *, by: User | None, at: datetime) -> None:
    """Send the person of a link no more mail; again changes nothing."""
    user = person_of(token)
    choice = choice_of(user)
    if choice.rhythm != Rhythm.NEVER:
        change_reminders(
            user,
            rhythm=Rhythm.NEVER,
            without=choice.without,
            changes=choice.changes,
            language=choice.language,
            by=by,
            at=at,
        )
