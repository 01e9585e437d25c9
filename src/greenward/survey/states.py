"""How far an uploaded workbook came, what becomes of a row, and how far a community's survey is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """How far an uploaded workbook came. Both ends are final."""

    PREVIEWED = "previewed", _("待确认")
    CONFIRMED = "confirmed", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class Outcome(models.TextChoices):
    """What an import does with a row."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("更改")
    UNCHANGED = "unchanged", _("不变")
    REJECTED = "rejected", _("有问题")
    SKIPPED = "skipped", _("跳过")


class Progress(models.TextChoices):
    """How far the survey of one community is in a round."""

    NONE = "none", _("未摸底")
    STARTED = "started", _("部分填报")
    DONE = "done", _("已摸底")
