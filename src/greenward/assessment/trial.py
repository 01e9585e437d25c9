"""A pack's cases, judged: situations side by side as a table of communities, the first of them explained."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import polars as pl

from greenward.assessment import rules
from greenward.assessment.engine import facts as engine
from greenward.assessment.engine.all import beside
from greenward.assessment.engine.facts import Facts, Range
from greenward.assessment.engine.frame import PLACE
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.outcome import Assessment
from greenward.assessment.engine.points import THOUSAND, Points
from greenward.packs.rules import Dated, Judgement, RuleValue, Situation
from greenward.packs.schema.cases import Judged
from greenward.packs.schema.pack import Pack


def judged(pack: Pack, situations: Sequence[Situation], as_of: date) -> Judgement:
    """Return what the standard says of the first situation, where the others stand beside it."""
    standard, constants = rules.standard_of(pack), rules.parameters_of(pack)
    known = [{**_facts(values), **constants} for values in situations]
    from_others = beside(standard, table_of(pack, known, as_of), as_of)[0]
    first: dict[str, engine.Value | Range | engine.Judgement | engine.Dated | None] = {
        **known[0],
        **from_others,
    }
    main = assess_one(standard, first, as_of)
    extra = assess_one(rules.supplements_of(pack), first, as_of)
    statuses = {each.indicator.id: str(each.status) for each in main.indicators}
    statuses |= {item.id: str(item.status) for item in (*main.items, *extra.items)}
    for refinement in pack.refinements:
        own = assess_one(rules.refined(pack, refinement), first, as_of)
        statuses |= {each.indicator.id: str(each.status) for each in own.indicators}
    level = "unknown" if main.level is None else main.level or "none"
    return Judgement(statuses, str(main.verdict), dict(_points(main)), level)


def table_of(pack: Pack, situations: Sequence[Facts], as_of: date) -> pl.DataFrame:
    """Return situations as the engine's columns take them; a judgement without a reason is unknown."""
    types = {fact.id: rules.COLUMN_TYPES[rules.FACT_TYPES[fact.type]] for fact in pack.facts}
    numbers = {parameter.id: pl.Float64() for parameter in pack.parameters}
    rows = [{name: _plain(value, as_of) for name, value in each.items()} for each in situations]
    schema: dict[str, pl.DataType] = {**types, **numbers}
    columns = {
        name: pl.Series([row.get(name) for row in rows], dtype=kind, strict=False)
        for name, kind in schema.items()
    }
    return pl.DataFrame({PLACE: list(range(len(rows))), **columns})


def _facts(values: Situation) -> dict[str, engine.Value | Range | engine.Judgement | engine.Dated | None]:
    return {name: _fact(value) for name, value in values.items()}


def _fact(value: RuleValue | Judged | Dated) -> engine.Value | engine.Judgement | engine.Dated | None:
    match value:
        case Judged():
            return engine.Judgement(value.value, value.reason)
        case Dated():
            return engine.Dated(value.value, value.observed_on, value.valid_until)
        case _:
            return value


def _plain(value: object, as_of: date) -> object:
    if isinstance(value, engine.Dated):
        value = value.on(as_of)
    if isinstance(value, engine.Judgement):
        value = value.value if value.reason.strip() else None
    return float(value) if isinstance(value, Decimal) else value


def _points(found: Assessment) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    """Yield points by indicator, item, area, and the total; what does not apply has none."""
    named = [(each.indicator.id, each.points) for each in found.indicators]
    named += [(item.id, item.points) for item in found.items]
    named += [(area.area.id, area.points) for area in found.areas]
    named += [("total", found.total)]
    for name, points in named:
        if points is not None:
            yield name, _in_points(points)


def _in_points(points: Points) -> tuple[Decimal, Decimal]:
    return Decimal(points.least) / THOUSAND, Decimal(points.most) / THOUSAND
