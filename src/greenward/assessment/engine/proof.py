"""An assessment as a tree of plain data: verdict, areas, items, indicators, rules, facts; numbers in place.

Every node has `kind` and `id` or `text`; points are in points, as numbers; days are texts. Rules of a node
stand under the part they play: `applies`, `rule`, `barred_if`, `parts`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from greenward.assessment.engine import tree
from greenward.assessment.engine.outcome import (
    AreaOutcome,
    Assessment,
    IndicatorOutcome,
    ItemOutcome,
    LevelOutcome,
    PartOutcome,
)
from greenward.assessment.engine.points import THOUSAND, Points
from greenward.assessment.engine.shortfall import Shortfall, shortfalls
from greenward.assessment.engine.trace import Trace

Node = dict[str, Any]


def proof_of(found: Assessment, as_of: date) -> Node:
    """Return the whole tree, ready for JSON."""
    areas = [
        _area(area, [i for i in found.items if i.item.area == area.area.id], as_of) for area in found.areas
    ]
    named = {area.area.id for area in found.areas}
    loose = [_item(item, as_of) for item in found.items if item.item.area not in named]
    return _known(
        kind="standard",
        as_of=as_of.isoformat(),
        verdict=str(found.verdict),
        level=found.level if found.levels else None,
        points=_points(found.total),
        barred=found.barred,
        levels=[_level(level, as_of) for level in found.levels],
        children=[*areas, *loose],
    )


def _level(found: LevelOutcome, as_of: date) -> Node:
    return _known(
        kind="level",
        id=found.level.id,
        reached=found.holds,
        **_rule(found.needs.trace, as_of, holds=found.holds),
    )


def _area(found: AreaOutcome, items: Sequence[ItemOutcome], as_of: date) -> Node:
    return _known(
        kind="area",
        id=found.area.id,
        points=_points(found.points),
        out_of=found.area.full / THOUSAND or None,
        children=[_item(item, as_of) for item in items],
    )


def _item(found: ItemOutcome, as_of: date) -> Node:
    return _known(
        kind="item",
        id=found.id,
        status=str(found.status),
        points=_points(found.points),
        children=[_indicator(each, as_of) for each in found.indicators],
    )


def _indicator(found: IndicatorOutcome, as_of: date) -> Node:
    asked = {"applies": found.applies, "rule": found.rule, "barred_if": found.barring}
    rules = {
        name: _rule(outcome.trace, as_of, holds=outcome.value, goal=name != "barred_if")
        for name, outcome in asked.items()
        if outcome is not None
    }
    return _known(
        kind="indicator",
        id=found.indicator.id,
        status=str(found.status),
        points=_points(found.points),
        out_of=found.indicator.full / THOUSAND or None,
        barred=found.barred if found.barring is not None else None,
        missing=list(found.missing),
        parts=[_part(part, as_of) for part in found.parts],
        **rules,
    )


def _part(found: PartOutcome, as_of: date) -> Node:
    return {
        "kind": type(found.part).__name__.lower(),
        "points": _points(found.points),
        "rules": [_rule(trace, as_of, holds=None) for trace in found.traces],
    }


def _rule(trace: Trace, as_of: date, *, holds: bool | None, goal: bool = True) -> Node:
    """Return a rule with its parts, and what it would take where it does not stand as it should."""
    found = _trace(trace)
    if holds is not goal and (needs := [_need(one) for one in _wanted(trace, as_of, goal=goal)]):
        found["needs"] = needs
    return found


def _wanted(trace: Trace, as_of: date, *, goal: bool) -> list[Shortfall]:
    return list(shortfalls(trace, as_of, goal=goal)) if isinstance(trace.value, bool | None) else []


def _trace(trace: Trace) -> Node:
    found: Node = {"text": trace.text}  # written out, for there are hundreds of them
    if isinstance(trace.node, tree.Fact):
        found["fact"] = trace.node.id
    if trace.value is not None:
        found["value"] = _plain(trace.value)
    if trace.ends is not None:
        found["between"] = list(trace.ends)
    if trace.why is not None:
        found["why"] = str(trace.why)
    if trace.parts and not isinstance(trace.node, tree.Has):
        found["children"] = [_trace(part) for part in trace.parts]
    return found


def _need(one: Shortfall) -> Node:
    return _known(
        fact=one.fact,
        now=_plain(one.current),
        sense=str(one.sense),
        needed=[_plain(value) for value in one.needed],
        change=one.change,
        either=one.either or None,
    )


def _points(points: Points | None) -> float | list[float] | None:
    if points is None:
        return None
    least, most = (each / THOUSAND for each in points)
    return least if points.settled else [least, most]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _known(**parts: Any) -> Node:
    """Return the parts that say anything."""
    kept: Mapping[str, Any] = {name: part for name, part in parts.items() if part is not None and part != []}
    return dict(kept)
