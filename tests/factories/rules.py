"""Generated rules, and rows of facts for them."""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import strategies as st

from greenward.assessment.engine.facts import FactType

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


TRUTH_LEAF = named(FactType.BOOL) | st.sampled_from(["true", "false", "null"])
RULE = st.recursive(TRUTH_LEAF, truths, max_leaves=12)
VALUES: dict[FactType, st.SearchStrategy[Any]] = {
    FactType.BOOL: st.booleans(),
    FactType.INT: st.integers(-3, 12) | st.sampled_from([2**53, -(2**53), 2**31]),
    FactType.NUMBER: st.sampled_from([0.0, -0.0, 0.1, 0.3, 1e308, -1e308, 5e-324, 3.0])
    | st.floats(allow_nan=True, allow_infinity=True),
    FactType.DATE: st.sampled_from([date(2022, 1, 1), AS_OF, date(1, 1, 1), date(9999, 12, 31)]) | st.dates(),
    FactType.TEXT: st.sampled_from(["企业", "单位自管", "", "无"]),
}
ROW = st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in TYPES.items()})
SHORT_RULE = st.recursive(TRUTH_LEAF, truths, max_leaves=4)
MEASURE = NUMBER_LEAF | numbers(NUMBER_LEAF, TRUTH_LEAF) | wholes(WHOLE_LEAF, TRUTH_LEAF)
"""Numbers to count points from."""
