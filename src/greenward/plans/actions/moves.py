"""Submitting, deciding and filing a version, and commenting on what was filed."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.plans import access
from greenward.plans.models import PlanComment, PlanStep, PlanVersion
from greenward.plans.queries.content import SumLine, content_of, sums_of
from greenward.plans.queries.overview import due_on
from greenward.plans.queries.proposal import asked_of
from greenward.plans.states import MOVES, PlanState
from greenward.programmes import actions as programmes
from greenward.programmes import queries
from greenward.programmes.models import Delivery
from greenward.territories.models import PlaceVersion

LONGEST_NOTE = 500
LONGEST_COMMENT = 1000


@transaction.atomic
def move(
    version: PlanVersion,
    place: PlaceVersion,
    verb: str,
    *,
    seen: int,
    by: User | None,
    at: datetime,
    note: str = "",
) -> PlanVersion:
    """Make one move of ``states.MOVES`` but filing. ``seen``: the newest step that the person saw (its id).

    NotAllowedError for who may not, or decides what they wrote; ConflictError where somebody moved or saved
    it since; InvalidInputError without a reason where one is needed.
    """
    step = MOVES.get(verb)
    if step is None or verb == "file":
        raise NotFoundError(
            _("没有“%(verb)s”这一步。") % {"verb": verb[:20]},
            hint=_("可用的步骤：%(verbs)s。") % {"verbs": "、".join(v for v in MOVES if v != "file")},
        )
    access.check_may_move(by, step, place.path)
    version, steps = _locked(version)
    _check_seen(steps, seen)
    access.check_can_move(version, step, steps, by=by)
    reason = _checked(note, LONGEST_NOTE, needed=step.note)
    version.state = step.ends
    if verb == "submit":
        version.submitted_by = by
    if verb == "approve":
        version.approved_by = by
    version.save(update_fields=["state", "submitted_by", "approved_by"])
    PlanStep.objects.create(version=version, verb=verb, state=version.state, note=reason, by=by, at=at)
    audit.record(
        f"plans.{verb}", version, by=by, at=at, scope=place.path, number=version.number, state=version.state
    )
    return version


@transaction.atomic
def file(
    version: PlanVersion,
    place: PlaceVersion,
    *,
    document: str,
    filed_on: date,
    seen: int,
    by: User | None,
    at: datetime,
) -> PlanVersion:
    """File an approved version with the city, which delivers the plan's duty where it is still owed.

    A duty that was delivered before stays as it was: the first delivery is what counts as in time or late.
    InvalidInputError without a document or for a day to come; else as ``move``.
    """
    step = MOVES["file"]
    access.check_may_move(by, step, place.path)
    version, steps = _locked(version)
    _check_seen(steps, seen)
    access.check_can_move(version, step, steps, by=by)
    _check_day(filed_on, at)
    named = _checked(document, 200, needed=True, name="document")
    version.state, version.document, version.filed_on = step.ends, named, filed_on
    version.delivery = _delivered(version, place, by=by, at=at)
    version.save(update_fields=["state", "document", "filed_on", "delivery"])
    PlanStep.objects.create(version=version, verb="file", state=version.state, note=named, by=by, at=at)
    audit.record(
        "plans.file",
        version,
        by=by,
        at=at,
        scope=place.path,
        number=version.number,
        filed_on=filed_on,
        sums={str(line.asked.due): line.planned for line in _sums(version, place, filed_on)},
    )
    return version


@transaction.atomic
def comment(version: PlanVersion, place: PlaceVersion, text: str, *, by: User, at: datetime) -> PlanComment:
    """Say something of a filed version; it decides nothing. ConflictError for one that is not filed."""
    access.check_may_comment(by, place.path)
    if version.state != PlanState.FILED:
        raise ConflictError(
            _("第%(number)d版还没有报送，不能提意见。") % {"number": version.number},
            hint=_("报送之后再提。"),
            state=version.state,
        )
    said = PlanComment.objects.create(
        version=version, text=_checked(text, LONGEST_COMMENT, needed=True, name="text"), by=by, at=at
    )
    audit.record("plans.comment", version, by=by, at=at, scope=place.path, number=version.number)
    return said


def _sums(version: PlanVersion, place: PlaceVersion, day: date) -> list[SumLine]:
    return sums_of(content_of(version), asked_of(version.programme, place.path, day))


def _locked(version: PlanVersion) -> tuple[PlanVersion, list[PlanStep]]:
    """Return the version, locked until commit, and its steps, oldest first."""
    held = PlanVersion.objects.select_for_update(of=("self",)).select_related("programme__pack")
    version = held.get(pk=version.pk)
    return version, list(version.steps.select_related("by"))


def _check_seen(steps: list[PlanStep], seen: int) -> None:
    if steps and steps[-1].pk != seen:
        last = steps[-1]
        raise ConflictError(
            _("您查看期间，%(who)s 在 %(when)s 办理过这一版。")
            % {
                "who": last.by or _("系统"),
                "when": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
            },
            hint=_("请看过现在的内容再办理；您填写的文字还在。"),
            step=last.pk,
        )


def _checked(text: str, most: int, *, needed: bool, name: str = "note") -> str:
    kept = text.strip()
    if (needed and not kept) or len(kept) > most:
        raise InvalidInputError(
            _("没有填写，或超过%(most)d字。") % {"most": most}, hint=_("请补写后再提交。"), field=name
        )
    return kept


def _check_day(filed_on: date, at: datetime) -> None:
    if filed_on > timezone.localdate(at):
        raise InvalidInputError(
            _("报送日 %(day)s 还没有到。") % {"day": filed_on.isoformat()},
            hint=_("请填写今天或更早的日期。"),
            field="filed_on",
        )


def _delivered(
    version: PlanVersion, place: PlaceVersion, *, by: User | None, at: datetime
) -> Delivery | None:
    """Return the delivery of the plan's duty: the first there is, else one made now; None without a duty."""
    pack = queries.policy(version.programme)
    if pack.plan is None or version.filed_on is None:
        return None
    before = Delivery.objects.filter(
        programme=version.programme, duty=pack.plan.duty, place=place.place_id
    ).order_by("delivered_on", "id")
    last_day = due_on(pack, version.filed_on)
    if (known := before.first()) is not None or last_day is None:
        return known
    return programmes.deliver(
        programme=version.programme,
        duty=pack.plan.duty,
        place=place,
        due_on=last_day,
        document=version.document,
        delivered_on=version.filed_on,
        by=by,
        at=at,
    )
