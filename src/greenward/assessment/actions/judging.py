"""Asking for judgements, giving opinions, deciding, and taking decisions back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment import access, events
from greenward.assessment.models import Decision, Judging, Opinion, Reopening
from greenward.assessment.queries.judging import latest_opinions, office_of
from greenward.assessment.queries.questions import question_of
from greenward.assessment.states import MOVES
from greenward.core import audit
from greenward.core.clock import local_day
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.evidence.models import Use
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.territories.models import PlaceVersion

LONGEST_REASON = 1000
LONGEST_NOTE = 500
MOST_OPINIONS = 9


@dataclass(frozen=True)
class Answer:
    """What somebody says: met or not met, or points (a deduction is negative); why; the evidence used.

    ``evidence`` are the numbers under which files are filed at the community.
    """

    reason: str
    met: bool | None = None
    points: Decimal | None = None
    evidence: tuple[int, ...] = ()


@transaction.atomic
def ask(
    number: str,
    places: Sequence[PlaceVersion],
    *,
    pack: InstalledPack,
    under: PlaceVersion,
    due_on: date,
    needed: int,
    by: User | None,
    at: datetime,
    note: str = "",
) -> list[Judging]:
    """Ask reviewers to judge a row of the standard at communities below ``under``; return what is new.

    A community of which the same is asked or decided already is left out. Raises NotAllowedError,
    NotFoundError for no such row, InvalidInputError for a day that is past or a number of opinions not in
    1..9.
    """
    access.check_may_ask(by, under.path)
    question = question_of(packs.pack(pack), number)
    _check_asked(places, under, due_on, needed, at)
    ids = [one.place_id for one in places]
    known = Judging.objects.filter(pack=pack, number=number, place__in=ids).exclude(state="withdrawn")
    taken = set(known.select_for_update().values_list("place_id", flat=True))
    least, most = question.ends or (None, None)
    made = [
        Judging(
            place_id=place,
            pack=pack,
            number=number,
            key=question.key,
            least=least,
            most=most,
            needed=needed,
            due_on=due_on,
            note=_shortened(note, LONGEST_NOTE),
            asked_by=by,
            asked_at=at,
        )
        for place in dict.fromkeys(ids)
        if place not in taken
    ]
    Judging.objects.bulk_create(made)
    codes = [one.place.code for one in places if one.place_id not in taken]
    audit.record(
        "assessment.ask", under.place, by=by, at=at, scope=under.path, number=number, communities=codes
    )
    return made


@transaction.atomic
def opine(
    judging: Judging, place: PlaceVersion, answer: Answer, *, seen: int, by: User, at: datetime
) -> Opinion:
    """Give an opinion, or a new version of one's own; the earlier ones stay.

    ``seen``: the newest version of their own that the person saw (0 for none). NotAllowedError,
    InvalidInputError for an answer that does not fit, ConflictError where it was decided or said elsewhere.
    """
    access.check_may_judge(by, place.path)
    judging = _locked(judging)
    access.check_can_move(judging, MOVES["opine"])
    last = judging.opinions.filter(by=by).order_by("-version").first()
    if seen != (last.version if last else 0):
        raise ConflictError(
            _("您在别处已经提交过新的意见。"), hint=_("请核对后再提交；您写的内容还在。"), number=judging.pk
        )
    reason = _checked(judging, answer)
    used = _evidence(judging, answer.evidence)
    made = Opinion.objects.create(
        judging=judging,
        by=by,
        version=seen + 1,
        met=answer.met,
        points=answer.points,
        reason=reason,
        at=at,
    )
    made.evidence.set(used)
    _count(judging)
    audit.record(
        "assessment.opine", judging, by=by, at=at, scope=place.path, item=judging.number, version=seen + 1
    )
    return made


@transaction.atomic
def decide(
    judging: Judging,
    place: PlaceVersion,
    answer: Answer,
    *,
    seen: int,
    observed_on: date,
    by: User | None,
    at: datetime,
) -> Decision:
    """Decide with the opinions before one's eyes. ``seen``: the judging's version that the person saw.

    NotAllowedError for who may not, or gave an opinion; ConflictError while opinions are lacking, or where
    something happened since; InvalidInputError for an answer or a day that does not fit.
    """
    access.check_may_ask(by, place.path)
    judging = _locked(judging)
    access.check_gave_none(judging, by)
    access.check_can_move(judging, MOVES["decide"])
    _check_seen(judging, seen)
    opinions = latest_opinions(judging)
    access.check_has_opinions(judging, len(opinions))
    reason = _checked(judging, answer)
    if observed_on > local_day(at):
        raise InvalidInputError(
            _("认定的日期还没有到。"), hint=_("请填情况属实的那一天。"), field="observed_on"
        )
    made = Decision.objects.create(
        judging=judging,
        met=answer.met,
        points=answer.points,
        reason=reason,
        observed_on=observed_on,
        office=office_of(by, place),
        by=by,
        at=at,
    )
    made.opinions.set(opinions)
    judging.state = MOVES["decide"].ends
    _count(judging)
    events.tell_judged(judging)
    audit.record("assessment.decide", judging, by=by, at=at, scope=place.path, item=judging.number)
    return made


@transaction.atomic
def reopen(
    judging: Judging, place: PlaceVersion, reason: str, *, seen: int, by: User | None, at: datetime
) -> Reopening:
    """Take the decision back, so that it is no fact any more; the opinions stand and may be changed."""
    access.check_may_ask(by, place.path)
    judging = _locked(judging)
    access.check_can_move(judging, MOVES["reopen"])
    _check_seen(judging, seen)
    decision = judging.decisions.latest("id")
    made = Reopening.objects.create(decision=decision, reason=_why(reason), by=by, at=at)
    judging.state = MOVES["reopen"].ends
    _count(judging)
    events.tell_judged(judging)
    audit.record("assessment.reopen", judging, by=by, at=at, scope=place.path, item=judging.number)
    return made


@transaction.atomic
def withdraw(
    judging: Judging, place: PlaceVersion, reason: str, *, seen: int, by: User | None, at: datetime
) -> Judging:
    """Ask no longer; what was said is kept, and the same may be asked anew."""
    access.check_may_ask(by, place.path)
    judging = _locked(judging)
    access.check_can_move(judging, MOVES["withdraw"])
    _check_seen(judging, seen)
    judging.withdrawn_because = _shortened(_why(reason), LONGEST_NOTE)
    judging.state = MOVES["withdraw"].ends
    _count(judging)
    audit.record("assessment.withdraw_judging", judging, by=by, at=at, scope=place.path, item=judging.number)
    return judging


def _locked(judging: Judging) -> Judging:
    return Judging.objects.select_for_update().get(pk=judging.pk)


def _count(judging: Judging) -> None:
    judging.version += 1
    judging.save(update_fields=["version", "state", "withdrawn_because"])


def _check_seen(judging: Judging, seen: int) -> None:
    if judging.version != seen:
        raise ConflictError(
            _("您打开之后，有人提交了意见或作了处理。"),
            hint=_("请看过新的情况再提交；您写的内容还在。"),
            number=judging.pk,
        )


def _check_asked(
    places: Sequence[PlaceVersion], under: PlaceVersion, due_on: date, needed: int, at: datetime
) -> None:
    outside = [one.place.code for one in places if not one.path.startswith(under.path)]
    if outside or not places:
        raise InvalidInputError(
            _("没有选定 %(name)s 范围内的社区。") % {"name": under.name},
            hint=_("请重新选择。"),
            field="places",
            codes=outside,
        )
    if due_on < local_day(at):
        raise InvalidInputError(_("截止日已经过去。"), hint=_("请填今天或以后的日期。"), field="due_on")
    if not 1 <= needed <= MOST_OPINIONS:
        raise InvalidInputError(
            _("需要的意见份数不对。"),
            hint=_("请填 1 到 %(most)d 之间的整数。") % {"most": MOST_OPINIONS},
            field="needed",
        )


def _checked(judging: Judging, answer: Answer) -> str:
    """Return the reason, after checking that the answer is one that was asked for."""
    if not judging.graded:
        if answer.met is None or answer.points is not None:
            raise InvalidInputError(_("没有选择结论。"), hint=_("请选“达标”或“未达标”。"), field="met")
        return _why(answer.reason)
    least, most = judging.least, judging.most
    fits = answer.points is not None and least is not None and most is not None
    if answer.met is not None or not fits or not least <= answer.points <= most:  # type: ignore[operator]  # fits
        raise InvalidInputError(
            _("分值应在 %(least)s 和 %(most)s 之间。") % {"least": _plain(least), "most": _plain(most)},
            hint=_("扣分写成负数。"),
            field="points",
        )
    return _why(answer.reason)


def _plain(points: Decimal | None) -> str:
    """Return points without idle zeros."""
    return "" if points is None else f"{points.normalize():f}"


def _why(text: str) -> str:
    reason = text.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InvalidInputError(
            _("请写明理由（最多 %(most)d 字）。") % {"most": LONGEST_REASON},
            hint=_("例如：现场查看了什么，看到了什么。"),
            field="reason",
        )
    return reason


def _shortened(text: str, most: int) -> str:
    said = text.strip()
    if len(said) > most:
        raise InvalidInputError(
            _("说明太长（最多 %(most)d 字）。") % {"most": most}, hint=_("请写短一些。"), field="note"
        )
    return said


def _evidence(judging: Judging, numbers: tuple[int, ...]) -> list[Use]:
    """Return the files named; InvalidInputError for one that is not filed at the community."""
    found = list(Use.objects.filter(pk__in=numbers, place=judging.place_id, withdrawn_at=None))
    if len(found) != len(set(numbers)):
        raise InvalidInputError(
            _("有材料不在这个社区名下，或者已经撤下。"), hint=_("请重新勾选。"), field="evidence"
        )
    return found
