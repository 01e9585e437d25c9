"""The kinds of what is recorded about pilots."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WishKind(models.TextChoices):
    """How residents said that they want to take part."""

    MEETING = "meeting", _("居民会议纪要")
    SIGNATURES = "signatures", _("居民签名")


class SupportKind(models.TextChoices):
    """How a pilot is supported."""

    VISIT = "visit", _("到点指导")
    TRAINING = "training", _("培训")
    WORKS = "works", _("项目和资金")
    OTHER = "other", _("其他支持")


class Age(models.TextChoices):
    """For what kind of community a lesson holds."""

    ANY = "any", _("新老均适用")
    OLD = "old", _("老旧小区为主")
    NEW = "new", _("新建小区为主")
