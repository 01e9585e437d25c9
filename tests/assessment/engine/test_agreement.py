"""The interpreter and the columns say the same of every rule and every row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.check import check
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Indicator, Standard
from greenward.assessment.engine.status import verdict
from tests.factories.rules import AS_OF, ROW, RULE, SCHEMA, TYPES


def agree(
    rules: list[str], rows: list[dict[str, Any]], items: Callable[[list[Any]], list[Indicator]]
) -> None:
    standard = Standard.of(items([parse(text) for text in rules]))
    frame = pl.DataFrame([{"place": str(n), **row} for n, row in enumerate(rows)], schema=SCHEMA)
    found = assess_all(standard, frame, AS_OF)
    expected = []
    for n, row in enumerate(rows):
        statuses = [item.status for item in assess_one(standard, row, AS_OF).items]
        letters = "".join(status.letter for status in statuses)
        expected.append({"place": str(n), "statuses": letters, "verdict": str(verdict(statuses))})
    assert found.to_dicts() == expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RULE, min_size=1, max_size=3), st.lists(ROW, min_size=1, max_size=6))
def test_both_back_ends_agree(rules: list[str], rows: list[dict[str, Any]]) -> None:
    for text in rules:
        faults = [problem for problem in check(parse(text), TYPES) if problem.code != "compared_with_null"]
        assert faults == []
    agree(rules, rows, lambda read: [Indicator(str(n), rule) for n, rule in enumerate(read)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULE, RULE, st.lists(ROW, min_size=1, max_size=6))
def test_both_back_ends_agree_on_applicability(rule: str, applies: str, rows: list[dict[str, Any]]) -> None:
    agree([rule, applies], rows, lambda read: [Indicator("1", read[0], read[1])])


FIXED_ROWS: list[dict[str, Any]] = [
    dict.fromkeys(TYPES),
    {**dict.fromkeys(TYPES), "b": True, "b2": False, "i": 2, "i2": 0, "x": 0.3, "d": AS_OF, "t": "企业"},
    {**dict.fromkeys(TYPES), "b": False, "i": -7, "i2": 3, "x": 1e308, "d2": date(2022, 1, 1)},
]


@pytest.mark.parametrize("applies", ["true", "false", "null", "b", "1 > 2", "has(d)"])
@pytest.mark.parametrize(
    "rule",
    [
        "true",
        "null",
        "3 < -(count_true([b, i < 3]))",
        "-(i) in [count_true([]), 7]",
        "count_true([null, b]) <= i",
        "count_true([null, true]) >= 1",
        "(b ? null : null) ? true : b",
        "(false ? b : b2) || (null ? b : b2)",
        "(b ? i : x) == 2",
        "i % i2 == 2",
        "i / i2 < 0",
        "x * x > i",
        "i < 9007199254740992 * 2022",
    ],
)
def test_what_polars_treats_specially(rule: str, applies: str) -> None:
    """Constants beside columns, types of nothing, overflow and zero."""
    agree([rule, applies], FIXED_ROWS, lambda read: [Indicator("1", read[0], read[1])])
