"""What the deciding step does, and the departments and reviewers beside it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import reviewing
from greenward.certification.actions.moving import advance
from greenward.certification.models import Application, Countersign, Draw, Opinion, Seat, Snapshot
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.hindrances import check_nothing_hinders, countersigns_of, seats_of
from greenward.certification.queries.locked import lock
from greenward.certification.queries.panel import in_order, pot_of, standing_opinions
from greenward.certification.queries.route import route_of
from greenward.certification.queries.snapshots import latest
from greenward.certification.states import Reply, Stance
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.core.workdays import add_working_days
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.route import Panel
from greenward.programmes import queries as programmes


@dataclass(frozen=True)
class View:
    """What a reviewer thinks of an item."""

    item: str
    stance: Stance
    reason: str = ""


@transaction.atomic
def take_up(
    application: Application, *, by: User | None, at: datetime, seen: int | None = None, seed: str = ""
) -> Application:
    """Take an application into review: ask the departments, draw the reviewers with a published seed.

    ``seed`` is drawn here where none is given. What a department or reviewer said of an item that has not
    been frozen anew since still stands.
    """
    held = lock(application)
    if advance(held, "take_up", by=by, at=at, seen=seen) is None:
        return held
    snapshot = _snapshot(held)
    day = timezone.localdate(at)
    pack = programmes.policy(held.programme)
    asked = _ask_departments(held, snapshot, pack, at=at, day=day)
    route = route_of(held.programme)
    seated = (
        _seat(held, route.panel, seed or secrets.token_hex(16), by=by, at=at, day=day) if route.panel else []
    )
    audit.record(
        "certification.take_up",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        asked=asked,
        seated=seated,
    )
    return held


def _snapshot(held: Application) -> Snapshot:
    found = latest(held)
    if found is None:
        raise ConflictError(_("这份申报没有提交过。"), hint=_("请社区先提交。"))
    return found


def _ask_departments(
    held: Application, snapshot: Snapshot, pack: Pack, *, at: datetime, day: date
) -> list[str]:
    """Ask each department about its items, but for those it answered and that stand as they were."""
    frozen = {one["id"]: one for one in snapshot.content["items"]}
    answered = {(one.department, one.item): one for one in countersigns_of(held) if one.said}
    rows = []
    for rule in route_of(held.programme).countersigns:
        items = [*rule.items, *(item.id for area in rule.areas for item in pack.items_of(area))]
        for department in rule.departments:
            for item in dict.fromkeys(items):
                before = answered.get((department, item))
                if before is not None and _frozen(before.snapshot, item) == frozen.get(item):
                    continue
                if item in frozen:
                    rows.append(
                        Countersign(
                            snapshot=snapshot,
                            department=department,
                            item=item,
                            asked_at=at,
                            due_on=add_working_days(day, rule.working_days),
                        )
                    )
    Countersign.objects.bulk_create(rows, ignore_conflicts=True)
    return sorted(f"{one.department}:{one.item}" for one in rows)


def _frozen(snapshot: Snapshot, item: str) -> object:
    return next((one for one in snapshot.content["items"] if one["id"] == item), None)


def _seat(
    held: Application, panel: Panel, seed: str, *, by: User | None, at: datetime, day: date
) -> list[str]:
    """Fill the panel's empty seats by lot; who sits stays."""
    sitting = seats_of(held)
    due = add_working_days(day, panel.working_days)
    _ask_again(held, sitting, due)
    empty = panel.size - len(sitting)
    if empty <= 0:
        return []
    pot = pot_of(held, version_of(held.place), panel, day)
    names = [name for name in pot.reviewers if name not in {one.user.username for one in sitting}]
    drawn = in_order(seed, names)[:empty]
    Draw.objects.create(
        application=held,
        purpose="panel",
        seed=seed,
        pot=names,
        left_out=pot.left_out,
        drawn=drawn,
        by=by,
        at=at,
    )
    Seat.objects.bulk_create(
        Seat(application=held, user=pot.reviewers[name], due_on=due, seated_at=at) for name in drawn
    )
    return drawn


def _ask_again(held: Application, sitting: Sequence[Seat], due: date) -> None:
    """Ask reviewers again who said something of an item that was frozen anew since."""
    snapshot = _snapshot(held)
    for one in sitting:
        if one.done_at is not None and len(standing_opinions(one, snapshot)) < len(snapshot.content["items"]):
            one.done_at, one.due_on = None, due
            one.save(update_fields=["done_at", "due_on"])


@transaction.atomic
def countersign(
    application: Application,
    department: str,
    said: Mapping[str, tuple[Reply, str]],
    *,
    by: User | None,
    at: datetime,
) -> list[Countersign]:
    """Say of a department's items whether it agrees, and why; ``said`` maps items to answer and reason.

    NotAllowedError for who is not of the department; ConflictError for what somebody answered otherwise, or
    an application that is not in review; InvalidInputError for an objection without a reason. Late answers
    count as long as the application is in review.
    """
    held = lock(application)
    place = version_of(held.place)
    reviewing.check_may_countersign(by, department, place.path)
    reviewing.check_in_review(held)
    asked = {one.item: one for one in countersigns_of(held) if one.department == department}
    changed = []
    for item, (answer, reason) in said.items():
        reviewing.check_is_asked(asked, item)
        reviewing.check_reasoned(item, reason, needed=answer == Reply.OBJECTED)
        row = asked[item]
        if row.said:
            reviewing.check_is_same(row, answer, reason)
            continue
        row.said, row.reason, row.by, row.at = answer, reason.strip(), by, at
        row.save(update_fields=["said", "reason", "by", "at"])
        changed.append(row)
    if changed:
        held.version += 1
        held.save(update_fields=["version"])
        audit.record(
            "certification.countersign",
            held,
            by=by,
            at=at,
            scope=place.path,
            department=department,
            said={one.item: one.said for one in changed},
        )
    return changed


@transaction.atomic
def declare_conflict(seat: Seat, reason: str, *, by: User | None, at: datetime) -> Seat:
    """Leave a seat because of a conflict of interest; another reviewer is drawn in the same moment."""
    held = lock(seat.application)
    one = Seat.objects.select_for_update().get(pk=seat.pk)
    reviewing.check_is_own(one, by)
    reviewing.check_in_review(held)
    if one.vacated_at is not None:
        return one
    reviewing.check_is_not_done(one)
    text = reason.strip()
    if not text or len(text) > 300:  # noqa: PLR2004 - the column's width
        raise InvalidInputError(
            _("请写明回避理由，最多300字。"), hint=_("例如与社区有利害关系。"), field="conflict"
        )
    one.conflict, one.vacated_at = text, at
    one.save(update_fields=["conflict", "vacated_at"])
    panel = route_of(held.programme).panel
    day = timezone.localdate(at)
    drawn = _seat(held, panel, secrets.token_hex(16), by=by, at=at, day=day) if panel else []
    held.version += 1
    held.save(update_fields=["version"])
    audit.record(
        "certification.declare_conflict",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        drawn=drawn,
    )
    return one


@transaction.atomic
def give_opinions(seat: Seat, views: Sequence[View], *, by: User | None, at: datetime) -> Seat:
    """Give an opinion on every item at once, but for those whose opinion still stands; it is never changed.

    InvalidInputError where an item is missing, or one is not plainly met and no reason stands beside.
    """
    held = lock(seat.application)
    one = Seat.objects.select_for_update().get(pk=seat.pk)
    reviewing.check_is_own(one, by)
    reviewing.check_in_review(held)
    reviewing.check_is_not_vacated(one)
    if one.done_at is not None:
        reviewing.check_same_opinions(one, {view.item: view.stance.value for view in views})
        return one
    snapshot = _snapshot(held)
    standing = standing_opinions(one, snapshot)
    wanted = [item["id"] for item in snapshot.content["items"] if item["id"] not in standing]
    reviewing.check_complete(wanted, [view.item for view in views])
    for view in views:
        reviewing.check_reasoned(view.item, view.reason, needed=view.stance != Stance.FOR)
    Opinion.objects.bulk_create(
        Opinion(
            seat=one, snapshot=snapshot, item=view.item, stance=view.stance, reason=view.reason.strip(), at=at
        )
        for view in views
    )
    one.done_at = at
    one.save(update_fields=["done_at"])
    held.version += 1
    held.save(update_fields=["version"])
    audit.record(
        "certification.give_opinions",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        seat=one.pk,
    )
    return one


@transaction.atomic
def approve(
    application: Application, *, by: User | None, at: datetime, note: str, seen: int | None = None
) -> Application:
    """Approve with reasons, once visits, countersigns and opinions are in or their term is over."""
    return _decided(application, "approve", by=by, at=at, note=note, seen=seen)


@transaction.atomic
def refuse(
    application: Application, *, by: User | None, at: datetime, note: str, seen: int | None = None
) -> Application:
    """Refuse with reasons; the community may apply anew."""
    return _decided(application, "refuse", by=by, at=at, note=note, seen=seen)


def _decided(
    application: Application, verb: str, *, by: User | None, at: datetime, note: str, seen: int | None
) -> Application:
    held = lock(application)
    made = advance(held, verb, by=by, at=at, seen=seen, note=note)
    if made is None:
        return held
    check_nothing_hinders(held, verb, at_step=made.step, day=timezone.localdate(at))
    silent = sorted(f"{one.department}:{one.item}" for one in countersigns_of(held) if not one.said)
    audit.record(
        f"certification.{verb}",
        held,
        by=by,
        at=at,
        scope=version_of(held.place).path,
        silent=silent,
        snapshot=_snapshot(held).digest,
    )
    return held
