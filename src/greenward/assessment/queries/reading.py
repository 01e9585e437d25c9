"""One community's result to be read: areas, items, conditions, levels in words; what would be enough."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from greenward.assessment.engine.points import THOUSAND
from greenward.assessment.engine.status import Status
from greenward.assessment.facts.values import FactValue
from greenward.assessment.queries.explanation import AreaAssessment, CommunityAssessment, ItemAssessment
from greenward.assessment.reading.ages import Ages, ages_of
from greenward.assessment.reading.conditions import Condition, Reader
from greenward.assessment.reading.indicators import IndicatorReading, clause_text, read_indicators
from greenward.assessment.reading.lexicon import Lexicon, listed
from greenward.assessment.reading.scores import LevelReading, PartReading, in_points, number, read_level
from greenward.assessment.reading.ways import Path, paths_of
from greenward.packs.schema.refinement import Refinement


@dataclass(frozen=True)
class OwnReading:
    """What the district asks of an item beyond the standard, in words.

    ``status``: the item with the district's stricter indicators; None where all of them are only reported.
    ``stricter``: the numbers of those.
    """

    refinement: Refinement
    indicators: tuple[IndicatorReading, ...]
    status: Status | None
    stricter: frozenset[str]


@dataclass(frozen=True)
class ItemReading:
    """An item with its indicators in words; ``points`` empty where the standard gives none."""

    found: ItemAssessment
    indicators: tuple[IndicatorReading, ...]
    clause_text: str
    points: str
    out_of: str
    own: OwnReading | None = None

    @property
    def singles(self) -> list[Condition]:
        """Every single condition that decides the status, in order."""
        return [one for each in self.indicators for cond in each.conditions for one in cond.singles]

    @property
    def parts(self) -> list[PartReading]:
        """The parts by which its indicators give points."""
        return [part for each in self.indicators for part in each.parts]

    @property
    def missing(self) -> list[FactValue]:
        """What is unknown beyond the conditions: what keeps points open."""
        named = {value.fact for one in self.lacking for value in one.missing}
        return [value for value in self.found.missing if value.fact not in named]

    @property
    def lacking(self) -> list[Condition]:
        """The single conditions that do not hold, and those that are open."""
        return [one for one in self.singles if not one.holds]


@dataclass(frozen=True)
class AreaReading:
    """An area with its items; ``points`` empty where the standard gives none."""

    found: AreaAssessment
    items: tuple[ItemReading, ...]
    points: str
    out_of: str
    bonus: bool


@dataclass(frozen=True)
class Reading:
    """The whole: what the verdict rests on, in the reader's language."""

    found: CommunityAssessment
    reader: Reader
    areas: tuple[AreaReading, ...]
    supplements: tuple[ItemReading, ...]
    levels: tuple[LevelReading, ...]
    total: str
    out_of: str

    @property
    def items(self) -> tuple[ItemReading, ...]:
        """All items that count, area by area."""
        return tuple(item for area in self.areas for item in area.items)

    def item_with(self, number: str) -> ItemReading | None:
        """Return the item with a number, or the item whose indicator has it."""
        for item in (*self.items, *self.supplements):
            if number == item.found.id or any(each.id == number for each in item.indicators):
                return item
        return None

    @cached_property
    def paths(self) -> list[Path]:
        """The smallest ways to the requirement; empty when it is met, or none was found."""
        found = self.found
        wanting: dict[str, list[str]] = {}
        for item in found.items:
            if item.status in {Status.UNMET, Status.UNKNOWN}:
                for fact in found.pack.facts_of(item.item):
                    wanting.setdefault(fact.id, []).append(item.id)
        return paths_of(found.pack, found.given, found.as_of, found.hidden, wanting)

    @cached_property
    def ages(self) -> Ages:
        """How old the figures are that the items rest on."""
        facts = self.found.known  # parameters of the policy are no figures
        used = {one.fact: one for item in self.items for one in item.found.inputs if one.fact in facts}
        return ages_of(used.values(), self.found.as_of)

    @property
    def unverified(self) -> int:
        """How many items have wording that nobody has confirmed."""
        return sum(not item.found.verified for item in (*self.items, *self.supplements))

    @property
    def has_costs(self) -> bool:
        """Whether the pack knows what anything costs."""
        return bool(self.found.pack.costs)

    @property
    def sentence(self) -> str:
        """Why the verdict is what it is, in a sentence or two."""
        return " ".join(part for part in (self._by_levels(), self._by_items()) if part)

    def _by_items(self) -> str:
        items = [item.found for item in self.items]
        counts = {status: [i for i in items if i.status is status] for status in Status}
        told = {
            "all": len(items),
            "met": len(counts[Status.MET]),
            "unmet": _numbered(counts[Status.UNMET]),
            "unknown": _numbered(counts[Status.UNKNOWN]),
            "none": len(counts[Status.NOT_APPLICABLE]),
        }
        words = _("共 %(all)s 项：达标 %(met)s；未达标 %(unmet)s；资料不全 %(unknown)s；不适用 %(none)s。")
        return words % told + self._rule(counts)

    def _rule(self, counts: dict[Status, list[ItemAssessment]]) -> str:
        if self.levels:
            return ""
        if counts[Status.UNMET]:
            return _("适用的各项都达标才算达标，有一项确定未达标，结论就是未达标。")
        if counts[Status.UNKNOWN]:
            return _("没有一项确定未达标，但有的项缺资料，因此还不能下结论；缺资料不等于未达标。")
        return _("适用的各项都达标，结论为达标。")

    def _by_levels(self) -> str:
        if not self.levels:
            return ""
        if self.found.outcome.barred:
            return _("触发一票否决，不论得分，不达标。")
        passing = next((one for one in reversed(self.levels) if one.passes), None)
        told = {"total": self.total, "full": self.out_of, "pass": passing.title if passing else "—"}
        reached = next((one for one in self.levels if one.holds), None)
        if self.found.outcome.level is None:
            return _("总分 %(total)s（满分 %(full)s）；等级未定，“%(pass)s”及以上为达标。") % told
        if reached is None:
            return _("总分 %(total)s（满分 %(full)s）；没有达到任何等级，“%(pass)s”及以上为达标。") % told
        words = _("总分 %(total)s（满分 %(full)s），等级“%(level)s”；“%(pass)s”及以上为达标。")
        return words % {**told, "level": reached.title}


def reading_of(found: CommunityAssessment) -> Reading:
    """Return an explained community in words. No further query."""
    reader = Reader(Lexicon(found.pack), found.known, found.hidden, found.as_of, found.inputs)
    outcome, standard = found.outcome, found.pack.standard
    areas = {area.area.id: area for area in outcome.areas}
    deciding = [level.id for level in standard.levels]
    last = deciding.index(standard.passes) if standard.passes else -1
    full = sum(area.area.full for area in outcome.areas if not area.area.bonus)
    return Reading(
        found=found,
        reader=reader,
        areas=tuple(
            AreaReading(
                area,
                tuple(_item(reader, item, _own(reader, found, item)) for item in area.items),
                in_points(areas[area.area.id].points) if areas[area.area.id].area.full else "",
                number(areas[area.area.id].area.full) if areas[area.area.id].area.full else "",
                area.area.bonus,
            )
            for area in found.areas
        ),
        supplements=tuple(_item(reader, item) for item in found.supplements),
        levels=tuple(
            read_level(reader, level, passes=place <= last) for place, level in enumerate(outcome.levels)
        ),
        total="" if outcome.total is None else in_points(outcome.total),
        out_of=number(THOUSAND * float(standard.points) if standard.points else full),
    )


def _own(reader: Reader, found: CommunityAssessment, item: ItemAssessment) -> OwnReading | None:
    refinement = found.refinement
    outcome = next((one for one in found.own.items if one.id == item.id), None) if found.own else None
    if refinement is None or outcome is None:
        return None
    tied = item.item.model_copy(update={"indicators": refinement.of_item(item.id)})
    words = read_indicators(reader, tied, outcome.indicators)
    return OwnReading(refinement, words, found.own_status(item), refinement.stricter)


def _item(reader: Reader, found: ItemAssessment, own: OwnReading | None = None) -> ItemReading:
    outcome = found.outcome
    return ItemReading(
        found=found,
        indicators=read_indicators(reader, found.item, outcome.indicators),
        clause_text=clause_text(reader.lexicon.pack, found.clause),
        points="" if outcome.points is None and not outcome.item.scored else in_points(outcome.points),
        out_of=number(outcome.item.full) if outcome.item.full else "",
        own=own,
    )


def _numbered(items: list[ItemAssessment]) -> str:
    """Return how many items, and which."""
    if not items:
        return "0"
    told = {"n": len(items), "names": listed([item.id for item in items])}
    return ngettext("%(n)s（第 %(names)s 项）", "%(n)s（第 %(names)s 项）", len(items)) % told
