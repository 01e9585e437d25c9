"""Rechecking titles: the plan, what was found, rectification, hearing, and taking a title back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import aftercare as access
from greenward.certification.actions.telling import tell
from greenward.certification.models import (
    Found,
    Happening,
    Recheck,
    RecheckMove,
    RecheckPlan,
    TitleEvent,
    TitleHolding,
)
from greenward.certification.queries.rechecks import Choice, choices, failing, held_below
from greenward.certification.queries.route import route_of
from greenward.certification.states import RECHECK_MOVES, Turn
from greenward.core import audit, workdays
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.packs.schema.route import Route
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import version_on
from greenward.territories.roles import Permission

Findings = Mapping[str, Mapping[str, str]]
TOLD = {
    "pass": Happening.RECHECKED,
    "rectify": Happening.RECTIFYING,
    "accept": Happening.RECHECKED,
    "keep": Happening.KEPT,
    "revoke": Happening.REVOKED,
}
"""What the public history of a title says of a move; the other moves are not in it."""


@transaction.atomic
def plan_rechecks(
    *,
    programme: Programme,
    territory: PlaceVersion,
    title: str,
    seed: str,
    due_on: date,
    by: User | None,
    at: datetime,
) -> RecheckPlan:
    """Choose titles to recheck by drift and by lot, and publish the seed; return the plan.

    InvalidInputError without title or seed or for a last day that has passed, ConflictError where no title
    is left to recheck.
    """
    access.check_may_here(by, Permission.RECHECK, territory.path)
    rule, on = access.check_has_rechecks(route_of(programme)), timezone.localdate(at)
    _check_plan(title, seed, due_on, on)
    chosen = choices(programme, territory.path, seed.strip(), rule, on)
    if not chosen:
        raise ConflictError(
            _("没有可以列入复查的称号。"), hint=_("正在复查和间隔期内复查过的不再列入；请以后再定计划。")
        )
    plan = RecheckPlan.objects.create(
        programme=programme,
        territory=territory.place,
        title=title.strip(),
        seed=seed.strip(),
        as_of=on,
        due_on=due_on,
        held=len(held_below(programme, territory.path, on)),
        by=by,
        at=at,
    )
    _begin(plan, chosen, at=at)
    audit.record(
        "certification.plan_rechecks",
        plan,
        by=by,
        at=at,
        scope=territory.path,
        seed=plan.seed,
        titles=[one.title.number for one in chosen],
    )
    return plan


@transaction.atomic
def move_recheck(
    recheck: Recheck,
    verb: str,
    *,
    note: str = "",
    document: str = "",
    findings: Findings | None = None,
    seen: int | None = None,
    by: User | None,
    at: datetime,
) -> Recheck:
    """Make one move of ``RECHECK_MOVES``; ``seen`` is the version that the person had before their eyes.

    ``pass`` needs every item found to hold, ``rectify`` one that fails; ``revoke`` a document, and a hearing
    where the route asks for one. NotAllowedError, ConflictError, InvalidInputError.
    """
    turn = RECHECK_MOVES[verb]
    recheck = (
        Recheck.objects.select_for_update(of=("self",))
        .select_related("title__programme", "place")
        .get(pk=recheck.pk)
    )
    on = timezone.localdate(at)
    version = version_on(recheck.place, on)
    path = version.path if version else ""
    access.check_may_here(by, turn.permission, path)
    route = route_of(recheck.title.programme)
    access.check_can_turn_recheck(recheck, turn, route, seen)
    said = access.check_said(note, needed=turn.reasons, field="note")
    number = access.check_document(document) if verb == "revoke" else document.strip()[:100]
    found = _check_findings(recheck, turn, findings or {})
    _turn(recheck, turn, _due(turn, route, on), at=at)
    written = {"note": said, "document": number, "findings": found}
    RecheckMove.objects.create(recheck=recheck, verb=verb, state=turn.ends, by=by, at=at, **written)
    _tell_of(recheck, turn, said, number, by=by, at=at)
    audit.record(
        f"certification.recheck_{verb}",
        recheck,
        by=by,
        at=at,
        scope=path,
        title=recheck.title.number,
        failing=failing(found),
        document=number,
    )
    return recheck


def _begin(plan: RecheckPlan, chosen: Sequence[Choice], *, at: datetime) -> None:
    Recheck.objects.bulk_create(
        [
            Recheck(
                plan=plan,
                title=one.title,
                place=one.place.place,
                why=one.why,
                due_on=plan.due_on,
                moved_at=at,
            )
            for one in chosen
        ]
    )


def _check_plan(title: str, seed: str, due_on: date, on: date) -> None:
    if not title.strip() or not seed.strip() or len(title) > 120 or len(seed) > 60:  # noqa: PLR2004 - the columns
        raise InvalidInputError(
            _("复查计划要有标题和种子。"),
            hint=_("种子可以是事先公布的任意数字，例如当天开奖号码，任何人都能用它核对抽取结果。"),
            field="seed",
        )
    if due_on <= on:
        raise InvalidInputError(_("完成期限应晚于今天。"), hint=_("请填写今后的日期。"), field="due_on")


def _turn(recheck: Recheck, turn: Turn, due_on: date | None, *, at: datetime) -> None:
    recheck.state, recheck.due_on = turn.ends, due_on
    recheck.version, recheck.moved_at = recheck.version + 1, at
    recheck.save(update_fields=["state", "due_on", "version", "moved_at"])


def _check_findings(recheck: Recheck, turn: Turn, findings: Findings) -> dict[str, dict[str, str]]:
    """Return the findings of the standard's items; InvalidInputError where they do not carry the move."""
    if turn.verb not in {"pass", "rectify", "accept"}:
        return {}
    items = [item.id for item in programmes.policy(recheck.title.programme).standard.items]
    found = {
        item: {"found": findings[item].get("found", ""), "note": findings[item].get("note", "").strip()[:300]}
        for item in items
        if item in findings
    }
    wrong = [item for item, one in found.items() if one["found"] not in Found.values]
    if wrong or (turn.verb != "accept" and len(found) != len(items)):
        raise InvalidInputError(
            _("复查要逐项写明结果。"), hint=_("没有看到的项，请选“未能查明”。"), field="findings"
        )
    bad = [item for item, one in found.items() if one["found"] != Found.HOLDS]
    if turn.verb == "rectify" and not failing(found):
        raise InvalidInputError(
            _("没有不符合的项，不能责令整改。"), hint=_("未能查明的项，请先查明。"), field="findings"
        )
    if turn.verb != "rectify" and bad:
        raise InvalidInputError(
            _("第 %(items)s 项不符合或未能查明，不能通过。") % {"items": "、".join(bad)},
            hint=_("请责令限期整改，或先查明。"),
            field="findings",
        )
    return found


def _due(turn: Turn, route: Route, on: date) -> date | None:
    """Return by when who must act next must act; None where nobody must or the route says nothing."""
    rule = route.recheck
    if rule is None:
        return None
    days = {"rectify": rule.rectify_working_days, "hear": rule.hearing_working_days}.get(turn.verb)
    return workdays.add_working_days(on, days) if days else None


def _tell_of(
    recheck: Recheck, turn: Turn, note: str, document: str, *, by: User | None, at: datetime
) -> None:
    """Write the title's public history; a title taken back is no longer held."""
    happening = TOLD.get(turn.verb)
    if happening is None:
        return
    on = timezone.localdate(at)
    if happening == Happening.REVOKED:
        _take_back(recheck, happening, on, at=at)
    TitleEvent.objects.create(
        title=recheck.title,
        place=recheck.place,
        what=happening,
        on=on,
        note=note,
        document=document,
        by=by,
        at=at,
    )


def _take_back(recheck: Recheck, how: Happening, on: date, *, at: datetime) -> None:
    """End that the community of a recheck holds its title, from a day on."""
    holding = (
        TitleHolding.objects.select_for_update()
        .filter(title=recheck.title_id, place=recheck.place_id, during__contains=on)
        .first()
    )
    if holding is None:
        raise ConflictError(
            _("这个社区现在没有这个称号。"), hint=_("请核对称号的历史。"), title=recheck.title.number
        )
    holding.during, holding.ended_by = DateRange(holding.during.lower, on), how
    holding.save(update_fields=["during", "ended_by"])
    tell([recheck.place_id], by=None, at=at)
