"""Files by content, and who kept them under which name."""

import pgtrigger
from django.conf import settings
from django.db import models


class File(models.Model):
    """One content, stored once under its SHA-256 (64 hexadecimal digits). Never changed.

    ``size`` in bytes; ``name``, ``by`` and ``at`` are those of whoever kept it first.
    """

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


class Keeping(models.Model):
    """Somebody (None: the system) handed a file in, under a name of their own; once a person and file."""

    file = models.ForeignKey(File, models.CASCADE, related_name="keepings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "by"], name="keeping_once", nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["by", "at"], name="keeping_by_at")]

    def __str__(self) -> str:
        return self.name
