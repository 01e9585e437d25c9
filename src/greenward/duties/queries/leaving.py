"""The link in a mail that stops one's reminders: whose it is, without sign-in."""

from django.core import signing
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError

SALT = "duties.unsubscribe"


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
