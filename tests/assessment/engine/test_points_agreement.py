"""Points, vetoes and levels: both back-ends say the same, and what is unknown stays within bounds."""

import math
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenward.assessment.engine.all import assess_all, assess_few, beside
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.points import Points, Rounding
from greenward.assessment.engine.scores import Steps
from greenward.assessment.engine.standard import Standard
from greenward.assessment.engine.status import Status
from tests.factories.rules import AS_OF, ROW, SCHEMA
from tests.factories.standards import STEPS, standards

Rows = list[dict[str, Any]]
ROWS = st.lists(ROW, min_size=1, max_size=5)
PROPERTY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def table(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame([{"place": str(n), **row} for n, row in enumerate(rows)], schema=SCHEMA)


def one_by_one(standard: Standard, rows: Rows) -> Rows:
    found = []
    for n, (row, others) in enumerate(zip(rows, beside(standard, table(rows), AS_OF), strict=True)):
        one = assess_one(standard, {**row, **others}, AS_OF)
        line: dict[str, Any] = {"place": str(n), "statuses": one.letters, "verdict": str(one.verdict)}
        if one.total is not None:
            line |= {"least": one.total.least, "most": one.total.most}
        found.append(line | ({"level": one.level} if standard.levels else {}))
    return found


@PROPERTY
@given(standards(compares=False), ROWS)
def test_both_back_ends_agree_on_points(standard: Standard, rows: Rows) -> None:
    assert assess_all(standard, table(rows), AS_OF).to_dicts() == one_by_one(standard, rows)


@PROPERTY
@given(standards(compares=False), ROWS)
def test_a_few_places_are_told_the_same_one_by_one(standard: Standard, rows: Rows) -> None:
    few, together = (judge(standard, table(rows), AS_OF) for judge in (assess_few, assess_all))
    assert (few.schema, few.to_dicts()) == (together.schema, together.to_dicts())


@PROPERTY
@given(standards(compares=True), ROWS)
def test_both_back_ends_agree_where_places_are_compared(standard: Standard, rows: Rows) -> None:
    assert assess_all(standard, table(rows), AS_OF).to_dicts() == one_by_one(standard, rows)


@PROPERTY
@given(standards(compares=False), ROW, ROW)
def test_what_is_learnt_later_stays_within_what_was_open(
    standard: Standard, known: dict[str, Any], learnt: dict[str, Any]
) -> None:
    """Filling in what is missing never leaves the interval, and never turns a verdict that was given."""
    if any(rule.text.count("has(") for item in standard.items for rule in item.rules):
        return  # whether a fact is known is itself a fact that changes
    before = assess_one(standard, known, AS_OF)
    fuller = {name: learnt[name] if value is None else value for name, value in known.items()}
    after = assess_one(standard, fuller, AS_OF)
    if before.total is not None and after.total is not None:
        assert before.total.least <= after.total.least <= after.total.most <= before.total.most
    assert before.verdict in {Status.UNKNOWN, after.verdict}
    assert before.level in {None, after.level}


@PROPERTY
@given(STEPS, st.sampled_from([(0, 5000), (-4000, 0), (0, 1000)]), st.floats(-50, 50))
def test_marks_stand_where_the_steps_change(steps: Steps, ends: tuple[int, int], measured: float) -> None:
    """At each mark, just before it, and anywhere, the marks give what counting the steps gives."""
    marks = steps.marks(Points(*ends), 8)
    if marks is None:
        assert steps.rounding is Rounding.EXACT or abs(steps.each) * 8 < ends[1] - ends[0]
        return
    near = [value for mark, _points in marks[1:] for value in (mark, math.nextafter(mark, -math.inf))]
    for value in (measured, *near):
        reached = [points for mark, points in marks if mark <= value][-1]
        assert reached == min(max(steps.at(value), ends[0]), ends[1])
