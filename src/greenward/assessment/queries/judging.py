"""Judgements as a person may see them: the queue, one case, opinions without anchoring, and the spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment import access
from greenward.assessment.models import Decision, Judging, Opinion
from greenward.assessment.states import JudgingState
from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.territories.models import Appointment, PlaceVersion
from greenward.territories.queries import places_for, urban_communities
from greenward.territories.roles import ROLES, Permission


@dataclass(frozen=True)
class Wanted:
    """What a queue shows: a state (empty: all), a number, the part of the tree.

    ``mine``: only what lacks opinions, the person's own among them; ``ready``: only what has enough of them,
    none of which is the person's, and so can be decided.
    """

    state: str = JudgingState.OPEN
    number: str = ""
    under: str = ""
    mine: bool = False
    ready: bool = False


@dataclass(frozen=True)
class Queued:
    """A judging in the queue: where, how many opinions there are, whether I gave one, days left."""

    judging: Judging
    place: PlaceVersion
    given: int
    said: bool
    days_left: int

    @property
    def overdue(self) -> bool:
        """Whether it is open and its day is past."""
        return self.judging.state == JudgingState.OPEN and self.days_left < 0


@dataclass(frozen=True)
class Spread:
    """How far opinions lie apart. Points: least, most, mean (3 decimals); else how many say met."""

    given: int
    met: int = 0
    least: Decimal | None = None
    most: Decimal | None = None
    mean: Decimal | None = None

    @property
    def agreed(self) -> bool:
        """Whether all say the same."""
        return self.least == self.most if self.least is not None else self.met in {0, self.given}


@dataclass(frozen=True)
class Case:
    """A judging as a person sees it.

    ``own`` are their own opinions, the latest first. ``opinions`` (the latest of each reviewer) and
    ``spread`` are None until they may be seen: after giving one's own, or to decide.
    """

    judging: Judging
    place: PlaceVersion
    own: list[Opinion]
    given: int
    opinions: list[Opinion] | None
    spread: Spread | None
    decisions: list[Decision]
    may_judge: bool
    may_decide: bool

    @property
    def decision(self) -> Decision | None:
        """The decision that stands."""
        return self.decisions[-1] if self.judging.state == JudgingState.DECIDED else None

    @property
    def seen(self) -> int:
        """The newest version of one's own opinion; 0 for none."""
        return self.own[0].version if self.own else 0


def judgings_for(user: User | AnonymousUser, wanted: Wanted) -> QuerySet[Judging]:
    """Return the judgings at communities where the person judges or decides, or simply reads: within reach.

    With ``given`` (reviewers who said something) and ``said`` (whether the person did).
    """
    places = places_for(user).filter(path__startswith=wanted.under) if wanted.under else places_for(user)
    own = Opinion.objects.filter(judging=OuterRef("pk"), by=user.pk)
    found = Judging.objects.filter(place__in=places.values("place")).annotate(
        given=Count("opinions__by", distinct=True), said=Exists(own)
    )
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.number:
        found = found.filter(number=wanted.number)
    if wanted.mine:
        found = found.filter(said=False, given__lt=F("needed"))
    if wanted.ready:
        found = found.filter(said=False, given__gte=F("needed"))
    return found.select_related("place").order_by("due_on", "id")


def asked_places(under: PlaceVersion, codes: Sequence[str]) -> list[PlaceVersion]:
    """Return the urban communities below a place, or those of them that are named.

    InvalidInputError for a code that is none of them.
    """
    found = urban_communities(clock.today(), under=under.path).select_related("place")
    if not codes:
        return list(found)
    chosen = list(found.filter(place__code__in=codes))
    lacking = sorted(set(codes) - {one.place.code for one in chosen})
    if lacking:
        raise InvalidInputError(
            _("这些代码不是范围内的城市社区：%(codes)s。") % {"codes": "、".join(lacking[:5])},
            hint=_("请核对代码和范围。"),
            field="codes",
        )
    return chosen


def queued(user: User | AnonymousUser, judgings: Sequence[Judging]) -> list[Queued]:
    """Return a page of the queue with its places."""
    versions = {v.place_id: v for v in places_for(user).filter(place__in=[j.place_id for j in judgings])}
    today = clock.today()
    return [
        Queued(
            one,
            versions[one.place_id],
            getattr(one, "given", 0),
            getattr(one, "said", False),
            (one.due_on - today).days,
        )
        for one in judgings
        if one.place_id in versions
    ]


def get_judging_for(user: User | AnonymousUser, number: int) -> tuple[Judging, PlaceVersion]:
    """Return a judging within reach, with its place; NotFoundError for every other."""
    judging = Judging.objects.select_related("place", "pack").filter(pk=number).first()
    place = None
    if judging is not None:
        place = places_for(user).select_related("place").filter(place=judging.place_id).first()
    if judging is None or place is None:
        raise NotFoundError(_("没有这项评议。"), hint=_("请从评议清单打开。"), number=number)
    return judging, place


def case_for(user: User, number: int) -> Case:
    """Return a judging as the person may see it."""
    judging, place = get_judging_for(user, number)
    opinions = latest_opinions(judging)
    own = list(judging.opinions.filter(by=user).prefetch_related("evidence__file").order_by("-version"))
    may_decide = access.may_ask(user, place.path)
    open_to_see = bool(own) or may_decide
    decisions = list(judging.decisions.select_related("by", "reopening__by").order_by("id"))
    return Case(
        judging=judging,
        place=place,
        own=own,
        given=len(opinions),
        opinions=opinions if open_to_see else None,
        spread=spread_of(opinions) if open_to_see and opinions else None,
        decisions=decisions,
        may_judge=access.may_judge(user, place.path),
        may_decide=may_decide,
    )


def latest_opinions(judging: Judging) -> list[Opinion]:
    """Return the latest opinion of every reviewer, in the order in which they were given."""
    rows = judging.opinions.select_related("by").prefetch_related("evidence__file").order_by("version")
    return sorted({row.by_id: row for row in rows}.values(), key=lambda row: row.pk)


def spread_of(opinions: Sequence[Opinion]) -> Spread:
    """Return how far opinions lie apart."""
    points = [one.points for one in opinions if one.points is not None]
    if not points:
        return Spread(len(opinions), met=sum(one.met is True for one in opinions))
    mean = (sum(points, Decimal(0)) / len(points)).quantize(Decimal("0.001"))
    return Spread(len(opinions), least=min(points), most=max(points), mean=mean)


def judgings_at(place: PlaceVersion, as_of: date) -> list[tuple[Judging, Decision | None]]:
    """Return what people judge at a community, each with the decision that stands now.

    For whoever may see the community: opinions are not shown here. ``as_of`` leaves out what was asked later.
    """
    asked = Judging.objects.filter(place=place.place_id, asked_at__lt=clock.end_of(as_of))
    rows = list(asked.exclude(state=JudgingState.WITHDRAWN).order_by("number"))
    decided = Decision.objects.filter(judging__in=rows, reopening=None).order_by("id")
    latest = {row.judging_id: row for row in decided}
    return [(one, latest.get(one.pk)) for one in rows]


def office_of(by: User | None, place: PlaceVersion) -> str:
    """Return the office in whose name somebody decides at a place; the product's for the system."""
    if by is None:
        return _("系统")
    roles = [slug for slug, role in ROLES.items() if Permission.DECIDE_JUDGEMENT in role.permissions]
    held = Appointment.objects.filter(user=by, role__in=roles, during__contains=clock.today())
    rows = held.values_list("office__name", "office__place__versions__path")
    return next((name for name, path in rows if place.path.startswith(path)), str(by))
