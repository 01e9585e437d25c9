"""Installed editions: immutable copies of a pack, known by their digest; and drafts of editions to come."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenward.packs.states import DraftState

PEOPLE = settings.AUTH_USER_MODEL


class InstalledPack(models.Model):
    """One edition of a pack as it was installed. The database refuses changes and removals."""

    pack_id = models.SlugField(_("方案包"), max_length=60)
    edition = models.CharField(_("版次"), max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "edition"], name="pack_edition_once")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.edition}"


NO_AUTHOR = """
IF EXISTS (SELECT 1 FROM packs_draftchange WHERE draft_id = NEW.id AND by_id = NEW.decided_by_id) THEN
    RAISE EXCEPTION 'packs: who wrote draft % cannot publish it', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
ONLY_OPEN = """
IF (SELECT state FROM packs_draft WHERE id = NEW.draft_id) <> 'open' THEN
    RAISE EXCEPTION 'packs: draft % is not open', NEW.draft_id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Draft(models.Model):
    """An edition in the making. ``version`` counts its changes; ``territory`` (12 digits) says whose it is.

    ``cells`` remembers, for a draft read from a workbook, the cell of each part of a file:
    ``{"standard.yaml": {"items/3/points": "指标!R7"}}``, entries by their name.
    """

    pack_id = models.SlugField(_("方案包"), max_length=60)
    title = models.CharField(_("草稿名称"), max_length=200)
    territory = models.CharField(max_length=12)
    base = models.ForeignKey(InstalledPack, models.PROTECT, null=True, related_name="drafts")
    state = models.CharField(_("状态"), max_length=9, choices=DraftState, default=DraftState.OPEN)
    version = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=dict)
    created_by = models.ForeignKey(PEOPLE, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_digest = models.CharField(max_length=64, default="")
    decided_by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("理由"), default="")
    published = models.OneToOneField(InstalledPack, models.PROTECT, null=True, related_name="draft")

    class Meta:
        verbose_name = _("方案草稿")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DraftState.SUBMITTED)
                | (Q(submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(submitted_digest="")),
                name="draft_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED)
                | (
                    Q(published__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decided_by=F("submitted_by"))
                    & ~Q(decided_by=F("created_by"))
                ),
                name="draft_published_by_a_second",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="second_person",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state=DraftState.PUBLISHED),
                func=NO_AUTHOR,
            ),
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=DraftState.PUBLISHED),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} · {self.title}"


class DraftFile(models.Model):
    """One file of a draft. ``version`` is the draft's version at which it changed last."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="files")
    path = models.CharField(max_length=120)
    text = models.TextField()
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["draft", "path"], name="draft_file_once")]
        triggers = [
            pgtrigger.Trigger(
                name="only_open",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.Before,
                func=ONLY_OPEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.path}"


class DraftChange(models.Model):
    """What somebody did to a draft: who, when, at which version, and the file's text afterwards.

    ``path`` is empty for what concerns the whole; ``text`` is null where a file was taken out.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    path = models.CharField(max_length=120, default="")
    text = models.TextField(null=True)
    note = models.TextField(_("说明"), default="")
    by = models.ForeignKey(PEOPLE, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("草稿改动")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "version", "path"], name="draft_change_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_open", operation=pgtrigger.Insert, when=pgtrigger.Before, func=ONLY_OPEN
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} v{self.version} {self.path}"
