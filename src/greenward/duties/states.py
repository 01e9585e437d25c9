"""How pressing a to-do is; how often people are reminded, and where a reminder stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """How pressing, the most pressing first. Without a last day nothing becomes overdue."""

    OVERDUE = "overdue", _("逾期")
    TODAY = "today", _("今天到期")
    SOON = "soon", _("即将到期")
    OPEN = "open", _("待办")


class Rhythm(models.TextChoices):
    """How often a person is reminded by mail, and only when there is something new."""

    DAILY = "daily", _("每个工作日")
    WEEKLY = "weekly", _("每周一次")
    NEVER = "never", _("不发邮件")


class ReminderState(models.TextChoices):
    """Where a mail stands. What stays ``sending`` may have gone out."""

    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("没有发出")
