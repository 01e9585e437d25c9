"""An implementation of CEL that others wrote says the same of our rules, missing values included.

A missing fact is a key that the map `f` lacks: CEL makes that an error, which `&&` and `||` absorb
where the other side decides, as Kleene's logic does. So an error there is *unknown* here, and so is a
division by zero.
"""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import cel
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.scores import Bands, Score
from greenward.assessment.engine.standard import Area, Indicator, Item, Level, Standard

AS_OF = date(2022, 9, 15)
EPOCH = date(1970, 1, 1)
Both = st.SearchStrategy[tuple[str, str]]
"""A rule, and the same in CEL."""
Row = dict[str, Any]
Scored = list[tuple[tuple[str, str], tuple[str, str], int, str]]
"""Rows of a rubric: rule, whether it applies, points, area."""
SCHEMA = {
    "place": pl.Int64,
    "b": pl.Boolean,
    "b2": pl.Boolean,
    "i": pl.Int64,
    "i2": pl.Int64,
    "d": pl.Date,
    "t": pl.String,
}
TRUTH_LEAF: Both = st.sampled_from([("b", "f.b"), ("b2", "f.b2"), ("true", "true"), ("has(i)", "has(f.i)")])
WHOLE: Both = st.sampled_from(
    [
        ("i", "f.i"),
        ("i2", "f.i2"),
        ("0", "0"),
        ("3", "3"),
        ("days_since(d)", "(as_of - f.d)"),
        ("i + i2", "(f.i + f.i2)"),
    ]
)
SHARE: Both = st.sampled_from(
    [
        ("ratio(i, i2)", "(f.i2 == 0 ? f.nothing : double(f.i) / double(f.i2))"),
        ("sample_ratio(i, i2, 3)", "(f.i2 < 3 ? f.nothing : double(f.i) / double(f.i2))"),
    ]
)
LIMIT: Both = st.sampled_from([(limit, limit) for limit in ("0.30", "0.5", "1.0", "2.5")])
ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
WORDS = ("t in ['firm', 'unit']", "f.t in ['firm', 'unit']")


def compared(left: Both, right: Both) -> Both:
    return st.tuples(left, ORDER, right).map(
        lambda found: tuple(f"({found[0][n]} {found[1]} {found[2][n]})" for n in (0, 1))
    )


def joined(pattern: str, *parts: Both) -> Both:
    return st.tuples(*parts).map(
        lambda found: tuple(pattern.format(*(one[n] for one in found)) for n in (0, 1))
    )


def at_least(members: list[tuple[str, str]], least: int) -> tuple[str, str]:
    """Return that so many hold; in CEL, that some choice of so many all hold."""
    ours = f"(count_true([{', '.join(one for one, _cel in members)}]) >= {least})"
    choices = [" && ".join(one for _ours, one in chosen) for chosen in combinations(members, least)]
    return ours, f"({' || '.join(f'({choice})' for choice in choices) or 'false'})"


def is_readable(text: str) -> bool:
    """Whether the rule stays within the size that the reader takes; counts within counts grow fast."""
    try:
        parse(text)
    except RuleError as error:
        if error.problem.code != "rule_too_large":
            raise
        return False
    return True


def deeper(inner: Both) -> Both:
    return st.one_of(
        joined("!({})", inner),
        joined("({} && {})", inner, inner),
        joined("({} || {})", inner, inner),
        joined("({} ? {} : {})", inner, inner, inner),
        st.builds(at_least, st.lists(inner, min_size=1, max_size=3), st.integers(1, 3)),
    )


LEAF = TRUTH_LEAF | compared(WHOLE, WHOLE) | compared(SHARE, LIMIT) | st.just(WORDS)
RULE = st.recursive(LEAF, deeper, max_leaves=8).filter(lambda found: is_readable(found[0]))
ROW = st.fixed_dictionaries(
    {
        "b": st.none() | st.booleans(),
        "b2": st.none() | st.booleans(),
        "i": st.none() | st.integers(-2, 12),
        "i2": st.none() | st.integers(-2, 12),
        "d": st.none() | st.dates(AS_OF - timedelta(20), AS_OF + timedelta(5)),
        "t": st.none() | st.sampled_from(["firm", "unit", "none"]),
    }
)
PROPERTY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def in_cel(text: str, row: dict[str, Any]) -> Any:
    """Return what CEL says; None where it ends in an error."""
    known = {name: value for name, value in row.items() if value is not None}
    if "d" in known:
        known["d"] = (known["d"] - EPOCH).days
    try:
        return cel.evaluate(text, {"f": known, "as_of": (AS_OF - EPOCH).days})
    except (KeyError, RuntimeError, ValueError, TypeError, ZeroDivisionError):
        return None


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{"place": n, **row} for n, row in enumerate(rows)], schema=SCHEMA)


@PROPERTY
@given(RULE, st.lists(ROW, min_size=1, max_size=5))
def test_rules(rule: tuple[str, str], rows: list[dict[str, Any]]) -> None:
    standard = Standard.of([Indicator("1", parse(rule[0]))])
    expected = [{True: "M", False: "U", None: "?"}[in_cel(rule[1], row)] for row in rows]
    assert [assess_one(standard, row, AS_OF).letters for row in rows] == expected
    assert assess_all(standard, table(rows), AS_OF)["statuses"].to_list() == expected


@PROPERTY
@given(
    st.lists(st.tuples(RULE, st.integers(1, 5)), min_size=1, max_size=4),
    RULE,
    st.lists(ROW, min_size=1, max_size=4),
)
def test_points_vetoes_and_levels(
    table_of: list[tuple[tuple[str, str], int]], veto: tuple[str, str], rows: list[dict[str, Any]]
) -> None:
    """Where CEL can say the points, or whether a community passes, both back-ends say the same."""
    indicators = [
        Indicator(str(n), score=Score((Bands(((parse(ours), each * 1000),)),), 0, each * 1000))
        for n, ((ours, _cel), each) in enumerate(table_of)
    ]
    full = sum(each for _rule, each in table_of) * 1000
    standard = Standard(
        (
            *(Item(each.id, (each,), "a") for each in indicators),
            Item("veto", (Indicator("veto", barred_if=parse(veto[0])),), "a"),
        ),
        (Area("a", full),),
        (Level("pass", parse("total >= 3")),),
        "pass",
        full,
    )
    total = " + ".join(f"({rule} ? {each} : 0)" for (_ours, rule), each in table_of)
    found = assess_all(standard, table(rows), AS_OF).to_dicts()
    for row, columns in zip(rows, found, strict=True):
        one = assess_one(standard, row, AS_OF)
        assert one.total is not None
        assert (columns["least"], columns["most"], columns["verdict"]) == (*one.total, str(one.verdict))
        points, barred = in_cel(total, row), in_cel(veto[1], row)
        assert one.barred is barred
        assert points is None or (points * 1000, points * 1000) == one.total
        passed = in_cel(f"({total}) >= 3 && !({veto[1]})", row)
        assert passed is None or str(one.verdict) == ("met" if passed else "unmet")


@PROPERTY
@given(
    st.lists(st.tuples(RULE, RULE, st.integers(1, 5), st.sampled_from("ab")), min_size=1, max_size=4),
    ROW,
    ROW,
)
def test_points_where_some_is_left_out(table_of: Scored, known: Row, learnt: Row) -> None:
    """CEL stretches what applies over what does not; whatever is learnt, its total was among those open."""
    items = [
        Item(
            str(n),
            (
                Indicator(
                    str(n),
                    applies=parse(applies[0]),
                    score=Score((Bands(((parse(rule[0]), each * 1000),)),), 0, each * 1000),
                ),
            ),
            area,
        )
        for n, (rule, applies, each, area) in enumerate(table_of)
    ]
    fulls = {name: sum(each for _r, _a, each, area in table_of if area == name) for name in "ab"}
    standard = Standard(
        tuple(items),
        tuple(Area(name, full * 1000) for name, full in fulls.items()),
        full=sum(fulls.values()) * 1000,
    )
    before = assess_one(standard, known, AS_OF).total
    assert before is not None
    for row in (
        known,
        fuller := {name: learnt[name] if value is None else value for name, value in known.items()},
    ):
        one = assess_one(standard, row, AS_OF).total
        columns = assess_all(standard, table([row]), AS_OF).to_dicts()[0]
        assert one == (columns["least"], columns["most"])
        expected = _total_in_cel(table_of, fulls, row)
        assert expected is None or one == expected
        if row is fuller and expected is not None and not mentions_has(table_of):
            assert before.least <= expected[0] <= expected[1] <= before.most


def _total_in_cel(table_of: Scored, fulls: dict[str, int], row: Row) -> tuple[int, int] | None:
    """Return the total in thousandths as CEL finds it, area by area; None where it ends in an error."""
    found: dict[str, tuple[int, int]] = {}
    for name, full in fulls.items():
        rows = [(rule[1], applies[1], each) for rule, applies, each, area in table_of if area == name]
        earned = " + ".join(f"({applies} ? ({rule} ? {each} : 0) : 0)" for rule, applies, each in rows) or "0"
        possible = " + ".join(f"({applies} ? {each} : 0)" for _rule, applies, each in rows) or "0"
        out_of = in_cel(possible, row)
        points = in_cel(f"(2 * ({earned}) * {full * 1000} + ({possible})) / (2 * ({possible}))", row)
        if out_of is None or (out_of and points is None):
            return None
        if out_of:
            found[name] = points, full * 1000
    whole = sum(fulls.values()) * 1000
    if not found:
        return 0, whole
    earned_of_all, possible_of_all = (sum(each) for each in zip(*found.values(), strict=True))
    total = in_cel(f"(2 * {earned_of_all} * {whole} + {possible_of_all}) / (2 * {possible_of_all})", row)
    return total, total


def mentions_has(table_of: Scored) -> bool:
    """Whether a rule asks if a fact is known, which learning changes by itself."""
    return any("has(" in ours for rule, applies, _each, _area in table_of for ours, _cel in (rule, applies))
