"""How a person wants to be reminded by mail: kept in settings, or stopped by a link without sign-in."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.duties import todos
from greenward.duties.models import ReminderChoice
from greenward.duties.queries.digest import choice_of
from greenward.duties.states import Rhythm

SALT = "duties.unsubscribe"


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


def unsubscribe_token(user: User) -> str:
    """Return what a link carries that stops one's reminders: signed, for this one thing, without an end."""
    return signing.dumps(user.pk, salt=SALT)


def person_of(token: str) -> User:
    """Return whose reminders a link stops; NotFoundError for a spoilt one."""
    try:
        found = User.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        found = None
    if found is None:
        raise NotFoundError(_("这个退订链接无效。"), hint=_("请登录后在“提醒设置”中更改。"))
    return found


def unsubscribe(token: str, *, at: datetime) -> None:
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
            by=None,
            at=at,
        )
