"""The content of a version as plain values: what is written, compared, checked and printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from greenward.assessment.queries.gaps import gaps
from greenward.core.errors import InvalidInputError
from greenward.packs.schema.pack import Pack
from greenward.plans.models import PlanVersion
from greenward.plans.queries.proposal import Asked, Proposed
from greenward.plans.states import Measure
from greenward.territories.models import PlaceVersion

LONGEST = {"introduction": 4000, "note": 200, "title": 200, "text": 500}
MOST = 60
"""Milestones and measures that a plan may hold, each."""

Key = tuple[str, date, str]
"""A target's name: the place's code, the day, the measure."""


@dataclass(frozen=True)
class TargetLine:
    """How many communities of a place by a day, and why."""

    number: int
    note: str = ""


@dataclass(frozen=True)
class MilestoneLine:
    """A step of the schedule."""

    title: str
    due: date
    clause: str = ""


@dataclass(frozen=True)
class MeasureLine:
    """Something to be done, by which departments' offices, by when (None: no day)."""

    text: str
    departments: tuple[str, ...] = ()
    item: str = ""
    due: date | None = None


@dataclass(frozen=True)
class PlanContent:
    """All that a plan says."""

    introduction: str = ""
    targets: Mapping[Key, TargetLine] = field(default_factory=dict)
    milestones: Sequence[MilestoneLine] = ()
    measures: Sequence[MeasureLine] = ()


@dataclass(frozen=True)
class SumLine:
    """The streets' numbers added up against what the policy asks of the district by a day."""

    asked: Asked
    planned: int

    @property
    def missing(self) -> int:
        """How many more the policy asks than are planned; 0 when enough are."""
        return max(0, self.asked.number - self.planned)

    @property
    def more(self) -> int:
        """How many more are planned than the policy asks."""
        return max(0, self.planned - self.asked.number)


def content_of(version: PlanVersion) -> PlanContent:
    """Return what a version says; three queries."""
    targets = version.targets.select_related("place").order_by("due", "measure", "place__code")
    return PlanContent(
        introduction=version.introduction,
        targets={(t.place.code, t.due, t.measure): TargetLine(t.number, t.note) for t in targets},
        milestones=[MilestoneLine(m.title, m.due, m.clause) for m in version.milestones.all()],
        measures=[MeasureLine(m.text, tuple(m.departments), m.item, m.due) for m in version.measures.all()],
    )


def first_content(pack: Pack, place: PlaceVersion, proposed: Sequence[Proposed], on: date) -> PlanContent:
    """Return what a first draft says: proposed numbers, the pack's schedule, a measure for every gap."""
    milestones = pack.plan.milestones if pack.plan else ()
    last = max((one.due for one in proposed), default=None)
    return PlanContent(
        introduction="",
        targets={(one.code, one.due, one.measure): TargetLine(one.number) for one in proposed},
        milestones=[MilestoneLine(str(one.title), one.due, one.clause or "") for one in milestones],
        measures=[
            MeasureLine(
                text=_("补齐“%(item)s”：%(unmet)d个社区未达标，%(unknown)d个社区资料不全（截至%(day)s）")
                % {"item": gap.item.title, "unmet": gap.unmet, "unknown": gap.unknown, "day": on.isoformat()},
                departments=tuple(one.slug for one in gap.departments),
                item=gap.item.id,
                due=last,
            )
            for gap in gaps(place.path, on)
            if gap.unmet or gap.unknown
        ],
    )


def sums_of(content: PlanContent, asked: Sequence[Asked]) -> list[SumLine]:
    """Return the streets' numbers added up, by day."""
    return [
        SumLine(
            one,
            sum(
                line.number
                for (_code, due, measure), line in content.targets.items()
                if due == one.due and measure == Measure.MEETING
            ),
        )
        for one in asked
    ]


def check_content(content: PlanContent, proposed: Sequence[Proposed]) -> None:
    """Raise InvalidInputError naming the field that cannot stand: sizes, more than there are, no reason."""
    limits = {(one.code, one.due, one.measure): one for one in proposed}
    strange = next((key for key in content.targets if key not in limits), None)
    if strange is not None:
        raise InvalidInputError(
            _("方案里没有这一格：%(code)s %(due)s。") % {"code": strange[0], "due": strange[1].isoformat()},
            hint=_("请刷新页面后再改。"),
            field="targets",
        )
    for key, line in content.targets.items():
        _check_number(limits[key], line)
    _check_texts(content)


def _check_number(one: Proposed, line: TargetLine) -> None:
    where = {"name": one.name, "due": one.due.isoformat(), "number": line.number}
    name = f"n-{one.code}-{one.due.isoformat()}-{one.measure}"
    if line.number > one.communities:
        raise InvalidInputError(
            _("%(name)s（%(due)s）计划%(number)d个，多于那里的社区数%(all)d个。")
            % {**where, "all": one.communities},
            hint=_("请改小。"),
            field=name,
        )
    outside = line.number < min(one.least, one.communities) or (
        one.most is not None and line.number > one.most
    )
    if one.measure == Measure.PILOTS and outside and not line.note.strip():
        raise InvalidInputError(
            _("%(name)s的试点计划%(number)d个，与要求的%(least)d至%(most)s个不符，没有写说明。")
            % {**where, "least": one.least, "most": one.most or "—"},
            hint=_("请在说明里写明原因，例如社区不足。"),
            field=name,
        )


def _check_texts(content: PlanContent) -> None:
    texts = [
        ("introduction", content.introduction),
        *(("note", line.note) for line in content.targets.values()),
        *(("title", one.title) for one in content.milestones),
        *(("text", one.text) for one in content.measures),
    ]
    for name, text in texts:
        if len(text) > LONGEST[name]:
            raise InvalidInputError(
                _("“%(start)s…”超过%(most)d字。") % {"start": text[:12], "most": LONGEST[name]},
                hint=_("请写短一些。"),
                field=name,
            )
    if max(len(content.milestones), len(content.measures)) > MOST:
        raise InvalidInputError(
            _("时序或措施多于%(most)d条。") % {"most": MOST}, hint=_("请合并几条。"), field="measures"
        )
