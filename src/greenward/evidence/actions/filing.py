"""Filing kept files under a community, and taking them out again."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.evidence import access, events
from greenward.evidence.models import File, Use
from greenward.evidence.queries.uses import items, may_take
from greenward.territories.models import Place, PlaceVersion

MOST_NOTE = 200


@transaction.atomic
def file_evidence(
    digest: str,
    place: PlaceVersion,
    *,
    by: User | None,
    at: datetime,
    item: str = "",
    year: int | None = None,
    observed_on: date | None = None,
    note: str = "",
) -> Use:
    """File a kept content under a community; the same again changes nothing and returns the use there is.

    ``item`` is a number of the standard in force, empty for none; ``year`` that of ``observed_on``, else
    this year; ``observed_on`` the day that a picture names, else unknown. By whoever may file there, and
    only what they handed in themselves or the community holds already: NotFoundError for other contents.
    """
    access.check_may_file(by, place.path)
    access.check_takes_evidence(place)
    file = File.objects.select_related("picture").defer("content").filter(digest=digest).first()
    if file is None or not may_take(place.place, digest, by=by):
        raise NotFoundError(_("没有找到这份材料。"), hint=_("请先上传文件。"), digest=digest)
    _check_item(item)
    today = timezone.localdate(at)
    observed = observed_on or _taken_on(file, today)
    of_year = year if year is not None else (observed or today).year
    access.check_dates(of_year, observed, today)
    use, fresh = Use.objects.get_or_create(
        file=file,
        place=place.place,
        item=item,
        year=of_year,
        withdrawn_at=None,
        defaults={"observed_on": observed, "note": note.strip()[:MOST_NOTE], "by": by, "at": at},
    )
    if fresh:
        events.tell_filed(use)
        _record("evidence.file", use, place, by=by, at=at)
    return use


def file_record(
    digest: str,
    place: Place,
    *,
    by: User | None,
    at: datetime,
    source: str,
    note: str,
    observed_on: date,
) -> Use | None:
    """Note that a record of another module's daily work holds a kept content, within that module's write.

    The module has checked who may write the record. ``source`` is the kind of work as the module registered
    it, ``note`` says what the file is. None for a content that is not kept. The same community, content and
    year is one use.
    """
    file = File.objects.defer("content").filter(digest=digest).first()
    if file is None:
        return None
    use, fresh = Use.objects.get_or_create(
        file=file,
        place=place,
        item="",
        year=observed_on.year,
        withdrawn_at=None,
        defaults={"observed_on": observed_on, "source": source, "note": note[:MOST_NOTE], "by": by, "at": at},
    )
    if fresh:
        events.tell_filed(use)
    return use


@transaction.atomic
def withdraw(use: Use, place: PlaceVersion, *, by: User | None, at: datetime, because: str) -> None:
    """Take a file out of a community's evidence, with a reason of 1 to 200 characters; it stays on record."""
    access.check_may_file(by, place.path)
    held = Use.objects.select_for_update().get(pk=use.pk)
    access.check_not_withdrawn(held)
    reason = because.strip()
    if not 1 <= len(reason) <= MOST_NOTE:
        raise InvalidInputError(
            _("请写明撤下的理由（最多 200 字）。"), hint=_("例如：传错了社区。"), field="because"
        )
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_because = at, by, reason
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    events.tell_filed(held)
    _record("evidence.withdraw", held, place, by=by, at=at)


def _record(action: str, use: Use, place: PlaceVersion, *, by: User | None, at: datetime) -> None:
    audit.record(
        action, use, by=by, at=at, scope=place.path, file=use.file.digest, item=use.item, year=use.year
    )


def _check_item(item: str) -> None:
    if item and item not in {one.id for one in items()}:
        raise InvalidInputError(
            _("现行标准没有第 %(item)s 项。") % {"item": item}, hint=_("请从列表中选择。"), field="item"
        )


def _taken_on(file: File, today: date) -> date | None:
    """Return the day that the picture names; None for no picture, no day, or one that has not come."""
    taken = file.picture.taken_at if hasattr(file, "picture") else None
    day = timezone.localdate(taken) if taken is not None else None
    return day if day is not None and day <= today else None
