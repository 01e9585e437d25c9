"""Files by content, who kept them, what pictures show, where files are filed, and answered questions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django_stubs_ext import StrOrPromise

from greenward.evidence.records import label_of
from greenward.territories.models import Place


class File(models.Model):
    """One content, stored once under its SHA-256 (64 hexadecimal digits). Never changed.

    ``size`` in bytes; ``name``, ``by`` and ``at`` are those of whoever kept it first; ``scanner`` is which
    virus scanner found it clean, empty where none was asked.
    """

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    scanner = models.CharField(max_length=200, default="")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        """The ending of the name, without its dot."""
        return self.name.rpartition(".")[2]


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


class Picture(models.Model):
    """What a file that is a picture shows: sides in pixels (upright), thumbnail (JPEG, without metadata).

    ``taken_at``, ``latitude`` and ``longitude`` (degrees, WGS 84) are what the picture says of itself; they
    are nobody's statement and never stand for the time of handing in. ``marks`` is the stored form of
    ``likeness.marks.Marks``.
    """

    file = models.OneToOneField(File, models.CASCADE, primary_key=True, related_name="picture")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    thumbnail = models.BinaryField()
    marks = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="picture_position_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class Word(models.Model):
    """A word (28 bits) of a picture's points; pictures that share some are compared. The key is the index."""

    pk = models.CompositePrimaryKey("word", "picture_id")
    word = models.IntegerField()
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="words", db_index=False)

    def __str__(self) -> str:
        return f"{self.word:07x}"


class Resemblance(models.Model):
    """Two pictures that may show the same, found when the ``later`` one came in.

    ``share``: percent of the picture that both show, of the one of which it is more; ``mirrored``: one is
    turned left to right.
    """

    later = models.ForeignKey(Picture, models.CASCADE, related_name="earlier_ones")
    earlier = models.ForeignKey(Picture, models.CASCADE, related_name="later_ones")
    share = models.PositiveSmallIntegerField()
    mirrored = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="resemblance_once"),
            models.CheckConstraint(condition=~models.Q(later=models.F("earlier")), name="resemblance_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.later_id} ~ {self.earlier_id}"


class Use(models.Model):
    """A file is filed under a community: for an item of the standard (empty: for none yet), of a year.

    ``observed_on``: the day on which things were as the file shows; ``source``: the kind of daily
    work whose record it is (``records``), empty where it was handed in as evidence. Withdrawn, never removed.
    """

    file = models.ForeignKey(File, models.PROTECT, related_name="uses")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    item = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField()
    observed_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.SlugField(max_length=40, blank=True, db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "file", "item", "year"],
                name="use_once",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | ~models.Q(withdrawn_because=""),
                name="use_withdrawn_because",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} → {self.place_id} {self.item} {self.year}"

    @property
    def work(self) -> StrOrPromise:
        """What the daily work is called whose record it is; empty where it was handed in as evidence."""
        return label_of(self.source) if self.source else ""


class Answer(models.Model):
    """What a reviewer said when asked why ``use`` shows the same as ``other``. Not a verdict; once a pair."""

    use = models.ForeignKey(Use, models.PROTECT, related_name="answers")
    other = models.ForeignKey(Use, models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["use", "other"], name="answer_once")]

    def __str__(self) -> str:
        return self.text
