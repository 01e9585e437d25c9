"""Reminders by mail: each at most once, whoever sends and wherever it breaks off.

A mail is noted before it is sent, with every to-do that it tells, under a lock on the person: a second sender
finds the note and leaves it. Refused by the server, the note becomes ``failed`` and the next run tries again.
Broken off between sending and noting, it stays ``sending`` and counts as sent: what waits is counted in the
next mail, and nobody is told twice.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Literal

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit, mail
from greenward.core.errors import ConflictError
from greenward.duties.models import Reminder, ReminderChoice, Told
from greenward.duties.queries.digest import Digest, choice_of, digest_for, key_of, people_to_remind, slot_of
from greenward.duties.queries.leaving import unsubscribe_token
from greenward.duties.states import ReminderState, Rhythm

KEPT = timedelta(days=400)
"""How long what was sent is remembered."""
Outcome = Literal["sent", "failed", "unclear", "off", "not_due", "nothing", "would_send"]


@dataclass(frozen=True)
class Result:
    """What became of one person's mail; ``why`` in words where it failed."""

    user: User
    outcome: Outcome
    why: str = ""


def send_reminders(*, on: date, by: User | None, at: datetime, dry_run: bool = False) -> list[Result]:
    """Send everybody with a confirmed address what is new for them on a day; return what became of each.

    One that fails stops nobody. ConflictError where mail is not set up, or its server cannot be reached:
    then nothing was sent. ``by`` None is the timer. ``dry_run``: nothing is noted or sent.
    """
    people = people_to_remind()
    if dry_run:
        return [_preview(user, on=on, at=at) for user, _address in people]
    mail.check_is_configured()
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        raise ConflictError(
            _("连不上邮件服务器，一封也没有发。"), hint=_("请核对 GREENWARD_SMTP_… 的设置，稍后再运行。")
        ) from error
    try:
        results = [_remind(user, address, on=on, connection=connection, at=at) for user, address in people]
    finally:
        with suppress(SMTPException, OSError):
            connection.close()
    _note(results, by=by, at=at)
    return results


def _note(results: Sequence[Result], *, by: User | None, at: datetime) -> None:
    """Write the run into the audit trail, and forget what was sent long ago."""
    number = Counter(one.outcome for one in results)
    forgotten, _each = Reminder.objects.filter(at__lt=at - KEPT).delete()
    audit.record(
        "duties.send_reminders",
        "duties.reminders",
        by=by,
        at=at,
        sent=number["sent"],
        failed=number["failed"],
        unclear=number["unclear"],
        forgotten=forgotten,
    )


def _remind(user: User, address: str, *, on: date, connection: BaseEmailBackend, at: datetime) -> Result:
    """Send a person what is new for them on a day, once, if they want it; say what became of it.

    The mail goes out after the note about it is in the database, outside of any transaction.
    """
    try:
        connection.open()
    except (SMTPException, OSError):
        return Result(user, "failed", _("连不上邮件服务器。"))
    choice = choice_of(user)
    claimed = _claim(user, choice, on, at=at)
    if not isinstance(claimed, tuple):
        return Result(user, claimed)
    reminder, digest = claimed
    try:
        message = _composed(user, address, choice, digest, slot=reminder.slot, connection=connection)
        message.send()
    except (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError, ValueError) as error:
        return Result(user, "failed", _fail(reminder, error))
    except (SMTPException, OSError):
        with suppress(SMTPException, OSError):
            connection.close()
        return Result(user, "unclear", _("连接中断，不知道是否已经发出；不再重发，下一封会计入。"))
    Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.SENT)
    return Result(user, "sent")


def _preview(user: User, *, on: date, at: datetime) -> Result:
    """Tell what :func:`_remind` would do, without noting or sending anything."""
    choice = choice_of(user)
    slot = slot_of(Rhythm(choice.rhythm), on)
    if not slot:
        return Result(user, "off" if choice.rhythm == Rhythm.NEVER else "not_due")
    if Reminder.objects.filter(user=user, slot=slot).exclude(state=ReminderState.FAILED).exists():
        return Result(user, "not_due")
    digest = digest_for(user, choice, on, until=at)
    return Result(user, "nothing" if digest.is_empty else "would_send")


@transaction.atomic
def _claim(
    user: User, choice: ReminderChoice, on: date, *, at: datetime
) -> tuple[Reminder, Digest] | Outcome:
    """Note the mail and what it tells, so that nobody else sends it; or say why there is none."""
    slot = slot_of(Rhythm(choice.rhythm), on)
    if not slot:
        return "off" if choice.rhythm == Rhythm.NEVER else "not_due"
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = Reminder.objects.filter(user=user, slot=slot).first()
    if before is not None and before.state != ReminderState.FAILED:
        return "not_due"
    digest = digest_for(user, choice, on, until=at)
    if digest.is_empty:
        return "nothing"
    counts = {"todos": len(digest.fresh), "news": digest.changes, "at": at}
    if before is None:
        reminder = Reminder.objects.create(user=user, slot=slot, state=ReminderState.SENDING, **counts)
    else:
        reminder = before
        fields = {"state": ReminderState.SENDING, "failure": "", "tries": before.tries + 1, **counts}
        for name, value in fields.items():
            setattr(reminder, name, value)
        reminder.save(update_fields=list(fields))
    Told.objects.bulk_create(
        [
            Told(reminder=reminder, user=user, kind=one.kind, key=key_of(one), stage=one.urgency)
            for one in {(one.kind, key_of(one)): one for one in digest.fresh}.values()
        ]
    )
    return reminder, digest


def _fail(reminder: Reminder, error: Exception) -> str:
    """Note that the server refused: nothing was told. Return why, without the address."""
    if isinstance(error, SMTPResponseException):
        why = _("服务器答复 %(code)s。") % {"code": error.smtp_code}
    elif isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _text in error.recipients.values()})
        why = _("服务器不接受收件地址（%(codes)s）。") % {"codes": "、".join(codes)}
    else:
        why = _("地址写法有误。")
    with transaction.atomic():
        reminder.told.all().delete()
        reminder.state, reminder.failure = ReminderState.FAILED, why
        reminder.save(update_fields=["state", "failure"])
    return why


def _composed(  # noqa: PLR0917 - what a mail is made of
    user: User,
    address: str,
    choice: ReminderChoice,
    digest: Digest,
    slot: str = "",
    connection: BaseEmailBackend | None = None,
) -> Any:
    """Return the mail in the person's language, as text and HTML, with a way out that needs no sign-in."""
    with translation.override(choice.language or user.language):
        leave = mail.whole(reverse("duties:unsubscribe", args=[unsubscribe_token(user)]))
        context = {
            "digest": digest,
            "site": mail.whole(""),
            "list": mail.whole(reverse("duties:mine")),
            "settings": mail.whole(reverse("duties:reminders")),
            "leave": leave,
        }
        return mail.message(
            address,
            _subject(digest),
            render_to_string("duties/mail/digest.txt", context),
            html=render_to_string("duties/mail/digest.html", context),
            headers={
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Message-ID": f"<reminder-{user.pk}-{slot}@{_host()}>",
            },
            connection=connection,
        )


def _host() -> str:
    return mail.whole("").split("//")[-1].split(":")[0] or "localhost"


def _subject(digest: Digest) -> str:
    parts = [
        _("逾期 %(n)d") % {"n": digest.late} if digest.late else "",
        _("即将到期 %(n)d") % {"n": digest.pressing} if digest.pressing else "",
        _("新的待办 %(n)d") % {"n": len(digest.fresh)} if digest.fresh else "",
        _("评定变化 %(n)d") % {"n": digest.changes} if digest.changes else "",
    ]
    return _("绿社待办：%(what)s") % {"what": "，".join(part for part in parts if part)}
