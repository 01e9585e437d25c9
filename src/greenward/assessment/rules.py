"""From a pack's words to the engine's rules: the standard, and the parameters that rules name."""

from decimal import Decimal
from functools import lru_cache

import polars as pl

from greenward.assessment.engine import scores
from greenward.assessment.engine import standard as engine
from greenward.assessment.engine.facts import FactType, Value
from greenward.assessment.engine.points import THOUSAND, Rounding
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.tree import Rule
from greenward.packs.schema.facts import Fact, Parameter
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.refinement import Refinement
from greenward.packs.schema.scoring import Bands, Judgeable, Judged, Part, Steps
from greenward.packs.schema.standard import Area, Indicator, Item, Level, Peer, Standard

FACT_TYPES: dict[str, FactType] = {
    "bool": FactType.BOOL,
    "count": FactType.INT,
    "year": FactType.INT,
    "number": FactType.NUMBER,
    "judgement": FactType.NUMBER,
    "date": FactType.DATE,
    "text": FactType.TEXT,
    "choice": FactType.TEXT,
}
"""What a pack's types are to the engine."""
COLUMN_TYPES: dict[FactType, pl.DataType] = {
    FactType.BOOL: pl.Boolean(),
    FactType.INT: pl.Int64(),
    FactType.NUMBER: pl.Float64(),
    FactType.DATE: pl.Date(),
    FactType.TEXT: pl.String(),
}
"""What the engine's types are in columns."""


def standard_of(pack: Pack) -> engine.Standard:
    """Return the pack's standard as the engine takes it."""
    return _compiled(pack.standard)


def supplements_of(pack: Pack) -> engine.Standard:
    """Return the items that are reported beside the standard."""
    return engine.Standard(tuple(_item(item) for item in pack.standard.supplements))


def refined(pack: Pack, refinement: Refinement) -> engine.Standard:
    """Return a district's own indicators under the items they are tied to, in the standard's order."""
    tied = [(item.id, refinement.of_item(item.id)) for item in pack.standard.items]
    return engine.Standard(
        tuple(
            engine.Item(item, tuple(_indicator(own.id, own) for own in parts))
            for item, parts in tied
            if parts
        )
    )


@lru_cache(maxsize=64)
def _compiled(standard: Standard) -> engine.Standard:
    items = tuple(_item(item) for item in standard.items)
    areas = tuple(_area(area, items) for area in standard.areas)
    rounding = standard.rounding
    return engine.Standard(
        items=items,
        areas=areas,
        levels=tuple(_level(level) for level in standard.levels),
        passes=standard.passes or "",
        full=_full(standard, areas),
        cap=None if standard.cap is None else thousandths(standard.cap),
        round_to=1 if rounding is None else thousandths(rounding.to),
        rounding=Rounding.EXACT if rounding is None else Rounding(rounding.way),
        peers=tuple(_peer(peer) for peer in standard.peers),
    )


def _full(standard: Standard, areas: tuple[engine.Area, ...]) -> int:
    """Return what the total is out of: what is stated, unless a reading takes the rows."""
    if standard.points is not None and (standard.reading is None or standard.reading.takes == "stated"):
        return thousandths(standard.points)
    return sum(area.full for area in areas if not area.bonus)


def _area(area: Area, items: tuple[engine.Item, ...]) -> engine.Area:
    rows = sum(item.full for item in items if item.area == area.id)
    stated = area.points is not None and (area.reading is None or area.reading.takes == "stated")
    full = thousandths(area.points) if stated and area.points is not None else rows
    cap = None if area.cap is None else thousandths(area.cap)
    weight = None if area.weight is None else thousandths(area.weight)
    return engine.Area(area.id, full if cap is None else min(full, cap), cap, area.bonus, weight)


def _item(item: Item) -> engine.Item:
    own = (_indicator(item.id, item),) if item.judges else ()
    parts = tuple(_indicator(each.id, each) for each in item.indicators)
    return engine.Item(item.id, (*own, *parts), item.area)


def _indicator(number: str, judged: Judgeable) -> engine.Indicator:
    absence = judged.not_applicable
    return engine.Indicator(
        id=number,
        rule=_rule(judged.rule),
        applies=_rule(judged.applies),
        barred_if=_rule(judged.barred_if),
        score=_score(judged),
        absence=engine.Absence.LEAVE_OUT if absence is None else engine.Absence(absence.gives),
        among=None if absence is None else absence.among,
        guidance=judged.guidance,
    )


def _rule(text: str | None) -> Rule | None:
    return None if text is None else parse(text)


def _score(judged: Judgeable) -> scores.Score | None:
    """Return how a row scores; without a scheme its rule decides between all and nothing."""
    if judged.points is None and judged.deducts is None:
        return None
    if isinstance(judged, Item) and judged.indicators:
        return None
    least, most = -thousandths(judged.deducts or Decimal(0)), thousandths(judged.points or Decimal(0))
    if judged.score is not None:
        return scores.Score(tuple(_part(part, most) for part in judged.score), least, most)
    condition = judged.rule or f"!({judged.barred_if})"
    return scores.Score((scores.Bands(((parse(condition), most),), least),), least, most)


def _part(part: Part, most: int) -> scores.Part:
    match part:
        case Bands():
            bands = tuple((parse(band.when), thousandths(band.points)) for band in part.bands)
            return scores.Bands(bands, thousandths(part.otherwise))
        case Judged():
            return scores.Judged(parse(part.judged), thousandths(part.least), thousandths(part.most))
        case Steps():
            return scores.Steps(
                measure=parse(part.of),
                start=thousandths(part.start),
                each=thousandths(part.each),
                beyond=float(part.below if part.below is not None else part.above or 0),
                every=float(part.every),
                below=part.below is not None,
                rounding=Rounding(part.rounding),
                most=most,
            )


def _level(level: Level) -> engine.Level:
    quota = level.quota
    if quota is None:
        return engine.Level(level.id, parse(level.needs))
    share = None if quota.share is None else float(quota.share)
    room = engine.Quota(quota.count, share, quota.among, ties=quota.ties == "all_in")
    return engine.Level(level.id, parse(level.needs), room)


def _peer(peer: Peer) -> engine.Peer:
    return engine.Peer(
        peer.id,
        parse(peer.measure),
        peer.among,
        lowest_first=peer.best == "lowest",
        share=peer.gives == "share",
    )


def thousandths(points: Decimal) -> int:
    """Return points in whole thousandths; a shape has checked that there is nothing finer."""
    return int(points * THOUSAND)


def rules_of(judged: Item | Indicator) -> tuple[Rule, ...]:
    """Return the rules of an item with its indicators, or of one indicator."""
    found = _item(judged).rules if isinstance(judged, Item) else _indicator(judged.id, judged).rules
    return tuple(found)


def own_rules_of(row: Item | Indicator) -> tuple[Rule, ...]:
    """Return the rules of one row, those of an item's indicators left out."""
    return tuple(_indicator(row.id, row).rules) if row.judges else ()


def parameter_value(parameter: Parameter) -> Value:
    """Return the number as a rule computes with it: whole where it is whole."""
    value = parameter.value
    return int(value) if value == value.to_integral_value() else value


def parameters_of(pack: Pack) -> dict[str, Value]:
    """Return the pack's parameters as constants of its rules."""
    return {parameter.id: parameter_value(parameter) for parameter in pack.parameters}


def facts_named_by(pack: Pack, *standards: engine.Standard) -> list[Fact]:
    """Return the facts that standards name, in the pack's order."""
    named = frozenset().union(*(standard.facts for standard in standards))
    return [fact for fact in pack.facts if fact.id in named]
