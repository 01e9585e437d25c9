"""How pressing a to-do is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """How pressing, the most pressing first. Without a last day nothing becomes overdue."""

    OVERDUE = "overdue", _("逾期")
    TODAY = "today", _("今天到期")
    SOON = "soon", _("即将到期")
    OPEN = "open", _("待办")
