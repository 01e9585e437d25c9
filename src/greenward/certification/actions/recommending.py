"""What the recommending step does: visit, return items, recommend or decline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import applications as access
from greenward.certification.actions.applying import NARRATIVE
from greenward.certification.actions.moving import advance
from greenward.certification.models import Application, ReturnedItem, Visit, VisitFinding
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.hindrances import check_nothing_hinders
from greenward.certification.queries.locked import lock
from greenward.certification.queries.route import route_of
from greenward.certification.queries.snapshots import latest
from greenward.certification.states import WAITING, ApplicationState, Finding
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.evidence.models import File
from greenward.territories.roles import Permission


@dataclass(frozen=True)
class SentBack:
    """An item to send back, and why."""

    item: str
    reason: str


@dataclass(frozen=True)
class Seen:
    """What a visit found of an item; ``file`` is a kept picture or paper, if any."""

    item: str
    finding: Finding
    note: str = ""
    file: File | None = None


@transaction.atomic
def record_visit(
    application: Application,
    *,
    visited_on: date,
    findings: Sequence[Seen],
    by: User | None,
    at: datetime,
    summary: str = "",
    seen: int | None = None,
) -> Visit:
    """Record what somebody of the acting step saw on the spot; a visit is never changed, only followed.

    InvalidInputError for a day that has not come, no findings, unknown items, or a difference without a note.
    """
    held = lock(application)
    route, place = route_of(held.programme), version_of(held.place)
    act = route.act_of(held.step)
    permission = Permission.RECOMMEND if act == "recommend" else Permission.DECIDE_APPLICATION
    if by is not None and not access.acts_at(by, permission, place.path, route.step(held.step).level):
        access.check_may_move(by, access.move_of("return"), held, route, place.path)
    _check_is_looked_at(held)
    access.check_is_seen(held, list(held.moves.select_related("by")), seen)
    _check_findings(held, findings, visited_on, timezone.localdate(at))
    visit = Visit.objects.create(
        application=held,
        step=held.step,
        visited_on=visited_on,
        summary=summary.strip()[:1000],
        by=by,
        at=at,
    )
    VisitFinding.objects.bulk_create(
        VisitFinding(
            visit=visit, item=one.item, finding=one.finding, note=one.note.strip()[:500], file=one.file
        )
        for one in findings
    )
    held.version += 1
    held.save(update_fields=["version"])
    audit.record(
        "certification.record_visit",
        held,
        by=by,
        at=at,
        scope=place.path,
        step=held.step,
        on=visited_on.isoformat(),
        differs=sorted(one.item for one in findings if one.finding == Finding.DIFFERS),
    )
    return visit


@transaction.atomic
def return_items(
    application: Application,
    items: Sequence[SentBack],
    *,
    by: User | None,
    at: datetime,
    note: str = "",
    seen: int | None = None,
) -> Application:
    """Send an application back with a reason for each item; only these open again.

    From the recommending step, or from the review. ``#narrative`` stands for narrative and attachments.
    """
    held = lock(application)
    verb = "send_back" if held.state == ApplicationState.IN_REVIEW else "return"
    moves = list(held.moves.select_related("by"))
    if access.is_repeated(held, access.move_of(verb), moves, by=by):
        return held
    _check_items(held, items)
    advance(held, verb, by=by, at=at, seen=seen, note=note or _("逐项退回，见各项理由。"))
    ReturnedItem.objects.bulk_create(
        ReturnedItem(application=held, item=one.item, reason=one.reason.strip(), by=by, at=at)
        for one in items
    )
    audit.record(
        f"certification.{verb}",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        items=sorted(one.item for one in items),
    )
    return held


@transaction.atomic
def recommend(
    application: Application, *, by: User | None, at: datetime, note: str, seen: int | None = None
) -> Application:
    """Recommend an application with reasons; ConflictError while the visit that is due was not made."""
    return _judged(application, "recommend", by=by, at=at, note=note, seen=seen)


@transaction.atomic
def decline(
    application: Application, *, by: User | None, at: datetime, note: str, seen: int | None = None
) -> Application:
    """Decline an application with reasons; the community may apply anew."""
    return _judged(application, "decline", by=by, at=at, note=note, seen=seen)


def _judged(
    application: Application, verb: str, *, by: User | None, at: datetime, note: str, seen: int | None
) -> Application:
    held = lock(application)
    made = advance(held, verb, by=by, at=at, seen=seen, note=note)
    if made is None:
        return held
    check_nothing_hinders(held, verb, at_step=made.step, day=timezone.localdate(at))
    audit.record(
        f"certification.{verb}", held, by=by, at=at, scope=version_of(held.place).path, step=made.step
    )
    return held


def _check_is_looked_at(held: Application) -> None:
    if ApplicationState(held.state) not in WAITING | {ApplicationState.IN_REVIEW}:
        raise ConflictError(
            _("这份申报现在不需要现场核查。"), hint=_("推荐和审核期间才能登记核查。"), state=held.state
        )


def _check_findings(held: Application, findings: Sequence[Seen], visited_on: date, today: date) -> None:
    if visited_on > today:
        raise InvalidInputError(
            _("核查日期还没有到。"), hint=_("请填写今天或更早的日期。"), field="visited_on"
        )
    if not findings:
        raise InvalidInputError(
            _("没有填写任何一项的核查情况。"), hint=_("请至少核查一项。"), field="findings"
        )
    _check_known(held, [one.item for one in findings])
    for one in findings:
        if one.finding == Finding.DIFFERS and not one.note.strip():
            raise InvalidInputError(
                _("第%(item)s项与申报不符，请写明看到了什么。") % {"item": one.item},
                hint=_("写在该项的说明里。"),
                field=f"note:{one.item}",
            )


def _check_items(held: Application, items: Sequence[SentBack]) -> None:
    if not items:
        raise InvalidInputError(_("没有选中退回的项。"), hint=_("请在要退回的项写明理由。"), field="items")
    _check_known(held, [one.item for one in items if one.item != NARRATIVE])
    for one in items:
        if not one.reason.strip() or len(one.reason) > 500:  # noqa: PLR2004 - the column's width
            raise InvalidInputError(
                _("第%(item)s项的退回理由没有写，或超过500字。") % {"item": one.item},
                hint=_("请逐项写明理由。"),
                field=f"why:{one.item}",
            )


def _check_known(held: Application, items: Sequence[str]) -> None:
    snapshot = latest(held)
    known = {one["id"] for one in snapshot.content["items"]} if snapshot is not None else set()
    stranger = next((one for one in items if one not in known), None)
    if stranger is not None or len(set(items)) != len(items):
        raise InvalidInputError(
            _("申报里没有第%(item)s项，或同一项写了两次。") % {"item": stranger or ""},
            hint=_("请按标准的项逐项填写。"),
            field="items",
        )
