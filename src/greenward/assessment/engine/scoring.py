"""An indicator's points at one place."""

from collections.abc import Sequence

from greenward.assessment.engine.interpret import bounds
from greenward.assessment.engine.outcome import PartOutcome
from greenward.assessment.engine.points import MOST_STEPS, THOUSAND, Points, Rounding, stepped, total
from greenward.assessment.engine.scores import Bands, Judged, Part, Score, Steps
from greenward.assessment.engine.situation import Situation


def score_one(score: Score, situation: Situation) -> tuple[Points, tuple[PartOutcome, ...]]:
    """Return the points that a score gives, and what each part gives; RuleError as `evaluate` raises it."""
    parts = tuple(_part(part, situation) for part in score.parts)
    return total([part.points for part in parts]).within(score.least, score.most), parts


def _part(part: Part, situation: Situation) -> PartOutcome:
    if isinstance(part, Bands):
        outcomes = [situation.holds(rule) for rule, _points in part.bands]
        points = _banded(part, [outcome.value for outcome in outcomes])
        return PartOutcome(part, points, tuple(outcome.trace for outcome in outcomes))
    trace = situation.measured(part.measure if isinstance(part, Steps) else part.fact)
    ends = bounds(trace)
    found = _stepped(part, ends) if isinstance(part, Steps) else _judged(part, ends)
    return PartOutcome(part, found, (trace,))


def _banded(bands: Bands, holds: Sequence[bool | None]) -> Points:
    """Return the span of the bands that may still be the first to hold."""
    possible: list[int] = []
    for (_rule, points), value in zip(bands.bands, holds, strict=True):
        if value is not False:
            possible.append(points)
        if value:
            return Points(min(possible), max(possible))
    possible.append(bands.otherwise)
    return Points(min(possible), max(possible))


def _stepped(steps: Steps, ends: tuple[float, float] | None) -> Points:
    if ends is None:
        found = [steps.start, steps.start + stepped(MOST_STEPS, steps.each, steps.rounding)]
    else:
        found = [steps.at(end) for end in ends]
    return Points(min(found), max(found))


def _judged(judged: Judged, ends: tuple[float, float] | None) -> Points:
    """Return what the reviewer picked; a pick beyond the ends is none."""
    open_yet = Points(judged.least, judged.most)
    if ends is None or ends[0] != ends[1]:
        return open_yet
    picked = stepped(abs(ends[0]) * THOUSAND, 1, Rounding.NEAREST) * (-1 if ends[0] < 0 else 1)
    return Points(picked, picked) if judged.least <= picked <= judged.most else open_yet
