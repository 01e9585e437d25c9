"""Which communities of a street are proposed as pilots, ranked by the pack's criteria, with the reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.facts import registry
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.queries.picture import Above, owes_pilots, picture, places_above
from greenward.assessment.queries.pilots import pilot_target
from greenward.core.errors import NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.pilots import Criterion, PilotRules
from greenward.packs.schema.targets import Target
from greenward.pilots.models import Wish
from greenward.pilots.queries.ages import ages_of
from greenward.pilots.states import Age, WishKind
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import get_place_for

LONGEST = 12
"""Candidates shown of a street."""


@dataclass(frozen=True)
class Reason:
    """How a community stands by one criterion: between ``least`` and ``most`` (0 to 1), in words, from where.

    Equal ends: certain. 0 and 1: nothing is known.
    """

    criterion: Criterion
    least: float
    most: float
    text: str
    source: str

    @property
    def is_unknown(self) -> bool:
        """True when nothing at all is known."""
        return (self.least, self.most) == (0.0, 1.0)


@dataclass(frozen=True)
class Candidate:
    """A community with its reasons; ``score`` (0 to 100) of what is known, None where nothing is.

    ``least`` and ``most``: the ends between which the score lies once everything is known.
    ``proposed``: why it is proposed, empty where it is not.
    """

    place: int
    code: str
    name: str
    path: str
    is_pilot: bool
    participates: bool
    age: Age | None
    reasons: tuple[Reason, ...]
    score: float | None
    least: float
    most: float
    proposed: str = ""


@dataclass(frozen=True)
class StreetProposals:
    """A street or town: what it owes (0: nothing), its pilots, and its candidates, best first."""

    street: Above
    least: int
    most: int | None
    communities: int
    candidates: tuple[Candidate, ...]

    @property
    def pilots(self) -> int:
        """Communities that are pilots now."""
        return sum(one.is_pilot for one in self.candidates)

    @property
    def missing(self) -> int:
        """Pilots that can and must still be started."""
        return max(0, min(self.least, self.communities) - self.pilots)

    @property
    def exception(self) -> str:
        """Why the quota does not hold here; empty where it does."""
        if self.least == 0:
            return _("不是街道，文件没有规定试点名额（条款 3.1.3 只要求街道）。")
        if self.communities < self.least:
            return _("只有%(all)d个社区，少于要求的%(least)d个，全部启动即可。") % {
                "all": self.communities,
                "least": self.least,
            }
        return ""

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The candidates that a page shows: pilots, proposed ones, and the best of the rest."""
        kept = [one for one in self.candidates if one.is_pilot or one.proposed]
        rest = [one for one in self.candidates if not (one.is_pilot or one.proposed)]
        return (*kept, *rest[: max(0, LONGEST - len(kept))])


def get_place_with_streets(user: User | AnonymousUser, code: str) -> PlaceVersion:
    """Return a district or street within reach; NotFoundError for every other place."""
    place = get_place_for(user, code)
    if place.place.level not in {Level.DISTRICT, Level.SUBDISTRICT}:
        raise NotFoundError(_("没有找到这个区或街道。"), hint=_("请从试点首页选择。"))
    return place


def street_proposals(path: str, as_of: date) -> list[StreetProposals]:
    """Return every street and town below ``path`` with its candidates; a fixed number of queries."""
    programme = programmes.current(as_of)
    pack = programmes.policy(programme)
    if pack.pilots is None:
        return []
    frame = picture(as_of).filter(pl.col("path").str.starts_with(path))
    candidates = _candidates(programme, pack, pack.pilots, frame, as_of)
    target = pilot_target(as_of)
    found = []
    for street in places_above(as_of):
        own = [one for one in candidates if one.path.startswith(street.path)]
        near = street.path.startswith(path) or path.startswith(street.path)
        if street.level == "subdistrict" and near and own:
            found.append(_street(street, target, own))
    return found


def _street(street: Above, target: Target | None, own: list[Candidate]) -> StreetProposals:
    owes = target is not None and owes_pilots(street, target.kinds)
    least = (target.count_min or 0) if target and owes else 0
    most = target.count_max if target and owes else None
    ranked = sorted(own, key=lambda one: (not one.is_pilot, one.score is None, -(one.score or 0), one.code))
    free = max(0, min(most or least, len(own)) - sum(one.is_pilot for one in own))
    return StreetProposals(street, least, most, len(own), tuple(_proposed(ranked, free)))


def _proposed(ranked: Sequence[Candidate], free: int) -> list[Candidate]:
    """Mark as many as are free: the best, but with an old and a new community where there are both."""
    waiting = [one for one in ranked if not one.is_pilot]
    why = {one.code: _("按得分排在前面") for one in waiting[:free]}
    ages = {one.age for one in ranked if one.is_pilot or one.code in why} - {None}
    if free and len(ages) == 1:
        other = next((one for one in waiting if one.age is not None and one.age not in ages), None)
        if other is not None:
            last = list(why)[-1]
            if free > 1 or any(one.is_pilot for one in ranked):
                del why[last]
                why[other.code] = _("新老兼顾：%(age)s中得分最高") % {
                    "age": other.age.label if other.age else ""
                }
    return [_with(one, why.get(one.code, "")) for one in ranked]


def _with(one: Candidate, proposed: str) -> Candidate:
    return Candidate(**{**vars(one), "proposed": proposed})


def _candidates(
    programme: Programme, pack: Pack, rules: PilotRules, frame: pl.DataFrame, as_of: date
) -> list[Candidate]:
    ids = frame[PLACE].to_list()
    asked = [pack.fact_by_id[one.fact] for one in rules.activities]
    facts = {row[PLACE]: row for row in registry.frame_of(pack, asked, as_of, ids).to_dicts()}
    wishes = _wishes(programme, ids, as_of)
    ages = ages_of(pack, ids, rules.old_before, as_of)
    return [
        _candidate(
            pack, rules, row, facts[row[PLACE]], wishes.get(row[PLACE], {}), ages.get(row[PLACE]), as_of
        )
        for row in frame.to_dicts()
    ]


def _candidate(  # noqa: PLR0917 - one community's parts
    pack: Pack,
    rules: PilotRules,
    row: Mapping[str, object],
    facts: Mapping[str, object],
    wishes: Mapping[str, Wish],
    age: Age | None,
    as_of: date,
) -> Candidate:
    found = {
        "willingness": lambda one: _willingness(one, rules, wishes),
        "activity": lambda one: _activity(one, pack, rules, facts, as_of),
        "groundwork": lambda one: _groundwork(one, str(row["statuses"] or ""), as_of),
    }
    reasons = tuple(found[one.id](one) for one in rules.criteria)
    known = [r for r in reasons if not r.is_unknown]
    weight = sum(float(r.criterion.weight) for r in known)
    middle = sum(float(r.criterion.weight) * (r.least + r.most) / 2 for r in known)
    return Candidate(
        place=int(str(row[PLACE])),
        code=str(row["code"]),
        name=str(row["name"]),
        path=str(row["path"]),
        is_pilot=bool(row["is_pilot"]),
        participates=bool(row["participates"]),
        age=age,
        reasons=reasons,
        score=100 * middle / weight if known else None,
        least=100 * sum(float(r.criterion.weight) * r.least for r in reasons),
        most=100 * sum(float(r.criterion.weight) * r.most for r in reasons),
    )


def _wishes(programme: Programme, ids: Iterable[int], as_of: date) -> dict[int, dict[str, Wish]]:
    """Return each community's newest wish of each kind."""
    found: dict[int, dict[str, Wish]] = {}
    rows = Wish.objects.filter(programme=programme, place__in=list(ids), held_on__lte=as_of)
    for wish in rows.order_by("held_on", "id"):
        found.setdefault(wish.place_id, {})[wish.kind] = wish
    return found


def _willingness(one: Criterion, rules: PilotRules, wishes: Mapping[str, Wish]) -> Reason:
    if not wishes:
        return Reason(one, 0.0, 1.0, _("没有居民会议纪要或签名"), "")
    values, texts = [], []
    for kind in WishKind:
        wish = wishes.get(kind)
        if wish is None:
            continue
        texts.append(_said(wish))
        if kind == WishKind.MEETING:
            values.append(float(rules.minutes))
        if wish.agreed is not None and wish.asked:
            values.append(wish.agreed / wish.asked)
    if not values:
        return Reason(one, 0.0, 1.0, "；".join(texts), _("社区登记"))
    best = max(values)
    return Reason(one, best, best, "；".join(texts), _("社区登记"))


def _said(wish: Wish) -> str:
    kind = WishKind(wish.kind).label
    if wish.agreed is None or wish.asked is None:
        return _("%(kind)s %(day)s，人数不详") % {"kind": kind, "day": wish.held_on.isoformat()}
    return _("%(kind)s %(day)s，%(asked)d中%(agreed)d同意") % {
        "kind": kind,
        "day": wish.held_on.isoformat(),
        "asked": wish.asked,
        "agreed": wish.agreed,
    }


def _activity(
    one: Criterion, pack: Pack, rules: PilotRules, facts: Mapping[str, object], as_of: date
) -> Reason:
    least, most, texts = 0.0, 0.0, []
    for activity in rules.activities:
        value = facts.get(activity.fact)
        label = pack.fact_by_id[activity.fact].label
        if isinstance(value, int | float):
            part = min(1.0, float(value) / activity.full)
            least, most = least + part, most + part
            texts.append(f"{label} {value:g}")
        else:
            most += 1.0
            texts.append(_("%(label)s不明") % {"label": label})
    number = len(rules.activities)
    source = _("摸底，截至%(day)s") % {"day": as_of.isoformat()}
    return Reason(one, least / number, most / number, "；".join(texts), source)


def _groundwork(one: Criterion, statuses: str, as_of: date) -> Reason:
    met, unmet, unknown = (statuses.count(letter) for letter in ("M", "U", "?"))
    counted = met + unmet + unknown
    if not counted or unknown == counted:
        return Reason(one, 0.0, 1.0, _("评定资料不全"), "")
    text = _("%(all)d条中达标%(met)d，未达标%(unmet)d，资料不全%(unknown)d") % {
        "all": counted,
        "met": met,
        "unmet": unmet,
        "unknown": unknown,
    }
    source = _("评定，截至%(day)s") % {"day": as_of.isoformat()}
    return Reason(one, met / counted, (met + unknown) / counted, text, source)
