"""Installed editions: immutable copies of a pack, known by their digest."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class InstalledPack(models.Model):
    """One edition of a pack as it was installed. The database refuses changes and removals."""

    pack_id = models.SlugField(_("方案包"), max_length=60)
    edition = models.CharField(_("版次"), max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "edition"], name="pack_edition_once")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.edition}"
