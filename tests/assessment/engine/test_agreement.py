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
from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Indicator, Standard
from greenward.assessment.engine.status import verdict

AS_OF = date(2022, 9, 15)
TYPES = {
    **dict.fromkeys(["b", "b2", "b3"], FactType.BOOL),
    **dict.fromkeys(["i", "i2", "i3"], FactType.INT),
    **dict.fromkeys(["x", "x2"], FactType.NUMBER),
    **dict.fromkeys(["d", "d2"], FactType.DATE),
    **dict.fromkeys(["t", "t2"], FactType.TEXT),
}
DTYPES = {
    FactType.BOOL: pl.Boolean,
    FactType.INT: pl.Int64,
    FactType.NUMBER: pl.Float64,
    FactType.DATE: pl.Date,
    FactType.TEXT: pl.String,
}
SCHEMA = {"place": pl.String, **{name: DTYPES[kind] for name, kind in TYPES.items()}}

Text = st.SearchStrategy[str]


def named(kind: FactType) -> Text:
    return st.sampled_from([name for name, of in TYPES.items() if of is kind])


def filled(pattern: str, *parts: Text) -> Text:
    return st.tuples(*parts).map(lambda found: pattern.format(*found))


def either(pattern: str, signs: list[str], one: Text, other: Text) -> Text:
    return filled(pattern, one, st.sampled_from(signs), other)


DAY = named(FactType.DATE) | st.sampled_from(["as_of", "date('2022-01-01')", "date('1999-12-31')"])
WORD = named(FactType.TEXT) | st.sampled_from(["'企业'", '"单位自管"', "''"])
WHOLE_LEAF = named(FactType.INT) | st.sampled_from(["0", "1", "3", "10", "9007199254740992"])
NUMBER_LEAF = WHOLE_LEAF | named(FactType.NUMBER) | st.sampled_from(["0.3", "0.1", "2.5", "0.25"])
ORDER = ["<", "<=", ">", ">=", "==", "!="]


def numbers(inner: Text, truth: Text) -> Text:
    return st.one_of(
        either("({} {} {})", ["+", "-", "*", "/"], inner, inner),
        filled("ratio({}, {})", inner, inner),
        filled("-({})", inner),
        filled("({} ? {} : {})", truth, inner, inner),
    )


def wholes(inner: Text, truth: Text) -> Text:
    return st.one_of(
        filled("({} % {})", inner, inner),
        filled("days_since({})", DAY),
        filled("year({})", DAY),
        st.lists(truth, max_size=4).map(lambda members: f"count_true([{', '.join(members)}])"),
    )


def truths(inner: Text) -> Text:
    whole = WHOLE_LEAF | wholes(WHOLE_LEAF, inner)
    number = NUMBER_LEAF | whole | numbers(NUMBER_LEAF | whole, inner)
    deeper = number | numbers(number, inner)
    return st.one_of(
        filled("!({})", inner),
        either("({} {} {})", ["&&", "||", "==", "!="], inner, inner),
        filled("({} && {} && {})", inner, inner, inner),
        filled("({} ? {} : {})", inner, inner, inner),
        either("({} {} {})", ORDER, deeper, deeper),
        either("({} {} {})", ORDER, whole, whole),
        either("({} {} {})", ORDER, DAY, DAY),
        either("({} {} {})", ["==", "!="], WORD, WORD),
        filled("within({}, {}, {})", DAY, DAY, DAY),
        filled("has({})", st.sampled_from(list(TYPES))),
        filled("({} in [{}, {}])", WORD, WORD, WORD),
        filled("({} in [{}, {}])", number, number, number),
    )


RULE = st.recursive(named(FactType.BOOL) | st.sampled_from(["true", "false", "null"]), truths, max_leaves=12)
VALUES: dict[FactType, st.SearchStrategy[Any]] = {
    FactType.BOOL: st.booleans(),
    FactType.INT: st.integers(-3, 12) | st.sampled_from([2**53, -(2**53), 2**31]),
    FactType.NUMBER: st.sampled_from([0.0, -0.0, 0.1, 0.3, 1e308, -1e308, 5e-324, 3.0])
    | st.floats(allow_nan=True, allow_infinity=True),
    FactType.DATE: st.sampled_from([date(2022, 1, 1), AS_OF, date(1, 1, 1), date(9999, 12, 31)]) | st.dates(),
    FactType.TEXT: st.sampled_from(["企业", "单位自管", "", "无"]),
}
ROW = st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in TYPES.items()})


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
