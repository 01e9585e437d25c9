"""Mail: whether it can go out, addresses of our pages in it, and one message in two forms.

Django's SMTP backend sends; what differs between machines stands in ``GREENWARD_SMTP_…`` (``settings.py``).
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from greenward.core.errors import ConflictError


def is_configured() -> bool:
    """Tell whether a server, a sender and the address of this site are set."""
    return all((settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.GREENWARD_SITE))


def check_is_configured() -> None:
    """Raise ConflictError unless mail can go out; names what is not set."""
    needed = {
        "GREENWARD_SMTP_HOST": settings.EMAIL_HOST,
        "GREENWARD_MAIL_FROM": settings.DEFAULT_FROM_EMAIL,
        "GREENWARD_SITE": settings.GREENWARD_SITE,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ConflictError(
            _("没有设置发送邮件所需的 %(missing)s，一封也没有发。") % {"missing": "、".join(missing)},
            hint=_("请在环境中设置后再运行，见 deploy/greenward.env.example。"),
            missing=missing,
        )


def whole(path: str) -> str:
    """Return the whole address of one of our pages, for mail."""
    return f"{settings.GREENWARD_SITE.rstrip('/')}{path}"


def message(
    to: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    connection: BaseEmailBackend | None = None,
) -> EmailMultiAlternatives:
    """Return a message to one address, as plain text and, if given, as HTML; it says that nobody wrote it."""
    made = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        connection=connection,
    )
    if html:
        made.attach_alternative(html, "text/html")
    return made
