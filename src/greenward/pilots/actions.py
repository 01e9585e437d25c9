"""Recording wishes, support and lessons, and opening lessons to all districts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Pilot
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.evidence.actions import file_record, keep_file
from greenward.pilots import access, events
from greenward.pilots.models import Lesson, Support, Wish
from greenward.pilots.states import Age, SupportKind, WishKind
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion

WORK = "residents"
"""The kind of daily work as which residents' meetings and signatures are registered."""


@dataclass(frozen=True)
class Told:
    """What a lesson says; ``before`` and ``after`` in ``unit``, all three or none."""

    title: str
    problem: str
    practice: str
    effect: str
    applies: str
    item: str = ""
    age: str = Age.ANY.value
    before: Decimal | None = None
    after: Decimal | None = None
    unit: str = ""


@transaction.atomic
def record_wish(
    place: PlaceVersion,
    *,
    programme: Programme,
    kind: WishKind,
    held_on: date,
    agreed: int | None,
    asked: int | None,
    by: User | None,
    at: datetime,
    note: str = "",
    file: tuple[str, bytes] | None = None,
) -> Wish:
    """Record what residents said of taking part; a newer one of the same kind counts instead.

    ``file``: name and content of the minutes or signatures, filed under the community as a record of daily
    work. InvalidInputError for more who agree than were asked, or a day to come.
    """
    access.check_is_community(place)
    access.check_may_record(by, place)
    _check_day(held_on, at)
    if agreed is not None and asked is not None and agreed > asked:
        raise InvalidInputError(
            _("同意的%(agreed)d多于征求的%(asked)d。") % {"agreed": agreed, "asked": asked},
            hint=_("请核对纪要或签名。"),
            field="agreed",
        )
    use = None
    if file is not None:
        kept = keep_file(*file, by=by, at=at)
        use = file_record(
            kept.digest, place.place, by=by, at=at, source=WORK, note=str(kind.label), observed_on=held_on
        )
    wish = Wish.objects.create(
        programme=programme,
        place=place.place,
        kind=kind,
        held_on=held_on,
        agreed=agreed,
        asked=asked,
        note=_text(note, 300, needed=False, name="note"),
        use=use,
        by=by,
        at=at,
    )
    audit.record("pilots.record_wish", wish, by=by, at=at, scope=place.path, kind=kind.value, held_on=held_on)
    return wish


@transaction.atomic
def support(
    place: PlaceVersion,
    *,
    programme: Programme,
    kind: SupportKind,
    given_on: date,
    text: str,
    by: User | None,
    at: datetime,
) -> Support:
    """Note support that a pilot was given; ConflictError for a community that was no pilot on the day."""
    access.check_is_community(place)
    access.check_may_support(by, place)
    _check_day(given_on, at)
    if not Pilot.objects.filter(
        programme=programme, place=place.place_id, during__contains=given_on
    ).exists():
        raise ConflictError(
            _("%(name)s 在 %(day)s 不是试点。") % {"name": place.name, "day": given_on.isoformat()},
            hint=_("请先选为试点，或核对日期。"),
            code=place.place.code,
        )
    given = Support.objects.create(
        programme=programme,
        place=place.place,
        kind=kind,
        given_on=given_on,
        text=_text(text, 1000, needed=True, name="text"),
        by=by,
        at=at,
    )
    events.tell_supported(given)
    audit.record("pilots.support", given, by=by, at=at, scope=place.path, kind=kind.value, given_on=given_on)
    return given


@transaction.atomic
def tell_lesson(
    place: PlaceVersion, told: Told, *, programme: Programme, by: User | None, at: datetime
) -> Lesson:
    """Write down what a pilot learnt; ConflictError for a community that never was one."""
    access.check_is_community(place)
    access.check_may_record(by, place)
    if not Pilot.objects.filter(programme=programme, place=place.place_id).exists():
        raise ConflictError(
            _("%(name)s 不是试点，也没有做过试点。") % {"name": place.name},
            hint=_("经验由试点社区总结。"),
            code=place.place.code,
        )
    measured = (told.before is not None, told.after is not None, bool(told.unit.strip()))
    if any(measured) and not all(measured):
        raise InvalidInputError(
            _("之前、之后和单位要么都填，要么都不填。"),
            hint=_("没有测量就都留空，在成效里用文字说明。"),
            field="before",
        )
    if told.item and told.item not in programmes.policy(programme).item_by_id:
        raise InvalidInputError(
            _("现行标准没有第 %(item)s 项。") % {"item": told.item[:20]},
            hint=_("请从列表中选择。"),
            field="item",
        )
    lesson = Lesson.objects.create(
        programme=programme,
        place=place.place,
        item=told.item,
        title=_text(told.title, 100, needed=True, name="title"),
        problem=_text(told.problem, 1000, needed=True, name="problem"),
        practice=_text(told.practice, 2000, needed=True, name="practice"),
        effect=_text(told.effect, 1000, needed=True, name="effect"),
        before=told.before,
        after=told.after,
        unit=_text(told.unit, 20, needed=False, name="unit"),
        applies=_text(told.applies, 500, needed=True, name="applies"),
        age=Age(told.age),
        by=by,
        at=at,
    )
    audit.record("pilots.tell_lesson", lesson, by=by, at=at, scope=place.path, item=told.item)
    return lesson


@transaction.atomic
def share(lesson: Lesson, place: PlaceVersion, *, by: User | None, at: datetime) -> Lesson:
    """Open a lesson to every district; done twice it is once."""
    access.check_may_share(by, place.path)
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if lesson.shared_at is None:
        lesson.shared_at, lesson.shared_by = at, by
        lesson.save(update_fields=["shared_at", "shared_by"])
        audit.record("pilots.share", lesson, by=by, at=at, scope=place.path)
    return lesson


def _check_day(day: date, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise InvalidInputError(
            _("日期 %(day)s 还没有到。") % {"day": day.isoformat()},
            hint=_("请填写今天或更早的日期。"),
            field="on",
        )


def _text(text: str, most: int, *, needed: bool, name: str) -> str:
    kept = text.strip()
    if (needed and not kept) or len(kept) > most:
        raise InvalidInputError(
            _("没有填写，或超过%(most)d字。") % {"most": most}, hint=_("请补写后再提交。"), field=name
        )
    return kept
