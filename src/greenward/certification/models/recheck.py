"""Rechecks of titles: the plan with its published seed, what was found, and every move."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.certification.models.title import Title
from greenward.certification.states import OPEN_RECHECKS, RECHECK_MOVES, RecheckState, pairs
from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Chosen(models.TextChoices):
    """Why a title is rechecked."""

    RISK = "risk", _("数据变化")
    RANDOM = "random", _("随机抽取")
    HEIR = "heir", _("社区调整")


class Found(models.TextChoices):
    """What a recheck finds of an item. Not looked at is not found wanting."""

    HOLDS = "holds", _("符合")
    FAILS = "fails", _("不符合")
    OPEN = "open", _("未能查明")


class RecheckPlan(models.Model):
    """Which titles of a district are rechecked by when. Never changed: who knows the seed can draw again."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="recheck_plans")
    territory = models.ForeignKey(Place, models.PROTECT, related_name="recheck_plans")
    title = models.CharField(_("标题"), max_length=120)
    seed = models.CharField(_("种子"), max_length=60)
    as_of = models.DateField(_("截至"))
    due_on = models.DateField(_("完成期限"))
    held = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("复查计划")
        ordering = ["-at"]
        triggers = [pgtrigger.Protect(name="plan_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


@track()
class Recheck(models.Model):
    """The recheck of one title where it is held now. A title has one open recheck at most.

    ``due_on`` is the last day for who must act; ``version`` grows with every move.
    """

    plan = models.ForeignKey(RecheckPlan, models.PROTECT, null=True, related_name="rechecks")
    title = models.ForeignKey(Title, models.PROTECT, related_name="rechecks")
    place = models.ForeignKey(Place, models.PROTECT, related_name="rechecks")
    why = models.CharField(max_length=6, choices=Chosen)
    state = models.CharField(_("状态"), max_length=10, choices=RecheckState, default=RecheckState.PLANNED)
    due_on = models.DateField(_("期限"), null=True)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("复查")
        constraints = [
            models.UniqueConstraint(
                fields=["title", "place"],
                name="recheck_open_once",
                condition=models.Q(state__in=sorted(state.value for state in OPEN_RECHECKS)),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="recheck_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]  # the library has no annotation here
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=(
                    f"IF (OLD.state, NEW.state) NOT IN ({pairs(RECHECK_MOVES)}) THEN"
                    " RAISE EXCEPTION 'a recheck cannot go from % to %', OLD.state, NEW.state;"
                    " END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.state}"


class RecheckMove(models.Model):
    """A move of a recheck: who, when, where to, why; ``findings`` per item where it looked at items.

    ``findings``: ``{item: {"found": holds|fails|open, "note": text}}``. Append-only.
    """

    recheck = models.ForeignKey(Recheck, models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=RecheckState)
    note = models.CharField(max_length=1000, blank=True)
    document = models.CharField(_("文号"), max_length=100, blank=True)
    findings = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="move_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.recheck_id} {self.verb}"
