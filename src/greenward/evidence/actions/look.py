"""Taking in what a picture shows, and which earlier ones may show the same."""

from datetime import datetime

from django.db import connection, transaction

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.bulk import copy_rows
from greenward.evidence.models import File, Picture, Resemblance, Word
from greenward.evidence.pictures.looking import Look
from greenward.evidence.queries.likeness import Alike, alike

TURN = 0x65766964
"""The number of the lock under which pictures are taken in one by one, so that no two miss each other."""


@transaction.atomic
def take_in(file: File, look: Look, *, by: User | None, at: datetime) -> list[Alike]:
    """Store what a kept picture shows; return the pictures that came before and may show the same.

    Nothing happens to a picture that was taken in already. Others wait while one is taken in.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    if Picture.objects.filter(pk=file.pk).exists():
        return []
    Picture.objects.create(
        file=file,
        width=look.width,
        height=look.height,
        taken_at=look.taken.at,
        latitude=look.taken.latitude,
        longitude=look.taken.longitude,
        thumbnail=look.thumbnail,
        marks=look.marks.to_bytes(),
    )
    found = alike(look.views, but=file.pk)
    copy_rows(Word, ("word", "picture_id"), ((word, file.pk) for word in look.marks.words()))
    Resemblance.objects.bulk_create(
        Resemblance(
            later_id=file.pk,
            earlier_id=one.picture_id,
            share=round(100 * min(one.likeness.share, 1)),
            mirrored=one.likeness.mirrored,
        )
        for one in found
    )
    audit.record("evidence.take_in", f"evidence.file:{file.digest}", by=by, at=at, alike=len(found))
    return found
