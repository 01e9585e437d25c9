"""An indicator in words: whether it applies, what it asks, what bars, how its points come about."""

from collections.abc import Mapping
from dataclasses import dataclass

from greenward.assessment.engine.outcome import IndicatorOutcome
from greenward.assessment.engine.status import Status
from greenward.assessment.reading.conditions import Condition, Reader
from greenward.assessment.reading.scores import PartReading, in_points, number, read_part
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.scoring import Judgeable
from greenward.packs.schema.standard import Indicator, Item


@dataclass(frozen=True)
class IndicatorReading:
    """One indicator; ``own``: the item's own rule, which has no title of its own.

    ``points`` and ``out_of`` are empty where the standard gives none. ``written`` are the rules as the pack
    has them; ``how_to`` and ``evidence`` are an indicator's own, empty where the item's hold. ``bars``: what
    must not hold; ``barred`` whether it does (None: unknown).
    """

    id: str
    title: str
    own: bool
    status: Status
    verified: bool
    clause: str
    guidance: bool
    points: str
    out_of: str
    applies: Condition | None
    rule: Condition | None
    bars: Condition | None
    barred: bool | None
    parts: tuple[PartReading, ...]
    written: tuple[str, ...]
    how_to: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that decide its status, where it applies."""
        return tuple(each for each in (self.rule, self.bars) if each is not None)

    @property
    def asks_whether_it_applies(self) -> bool:
        """Whether the question of applying is worth showing: it is open, or answered with no."""
        return self.applies is not None and self.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


def read_indicators(
    reader: Reader, item: Item, found: tuple[IndicatorOutcome, ...]
) -> tuple[IndicatorReading, ...]:
    """Return an item's indicators in words, in the standard's order."""
    by_id: Mapping[str, Indicator] = {each.id: each for each in item.indicators}
    return tuple(_read(reader, item, by_id.get(one.indicator.id), one) for one in found)


def _read(reader: Reader, item: Item, part: Indicator | None, found: IndicatorOutcome) -> IndicatorReading:
    judged: Judgeable = part or item
    scored = found.indicator.score is not None
    rule, applies, barring = (
        None if outcome is None else reader.read(outcome.trace, goal=goal)
        for outcome, goal in ((found.rule, True), (found.applies, True), (found.barring, False))
    )
    return IndicatorReading(
        id=found.indicator.id,
        title=str(part.title) if part else "",
        own=part is None,
        status=found.status,
        verified=part.verified if part else item.verified,
        clause=(part.clause if part else None) or item.clause,
        guidance=judged.guidance,
        points=in_points(found.points) if scored else "",
        out_of=number(found.indicator.full) if found.indicator.full else "",
        applies=applies,
        rule=rule,
        bars=barring,
        barred=found.barred,
        parts=tuple(read_part(reader, each) for each in found.parts) if judged.score else (),
        written=judged.rules,
        how_to=str(part.how_to or "") if part else "",
        evidence=_evidence(part) if part else (),
    )


def _evidence(part: Indicator) -> tuple[str, ...]:
    """Return what counts as evidence of an indicator: each thing that must be shown, or the words for all."""
    needed = tuple(str(one.title) for one in part.evidence_needed)
    return needed or ((str(part.evidence),) if part.evidence else ())


def clause_text(pack: Pack, clause: str) -> str:
    """Return what a clause says; empty where the pack does not hold it."""
    known = pack.clause_by_id.get(clause)
    return (known.text or known.heading or "") if known else ""
