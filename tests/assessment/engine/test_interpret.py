from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.meaning import Why
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.reader import parse

AS_OF = date(2022, 9, 15)
T, F, N = True, False, None


def value(text: str, **facts: Any) -> bool | None:
    return evaluate(parse(text), facts, AS_OF).value


def missing(text: str, **facts: Any) -> tuple[str, ...]:
    return evaluate(parse(text), facts, AS_OF).missing


@pytest.mark.parametrize(
    "a,b,both,either",
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, N, N, T),
        (F, T, F, T),
        (F, F, F, F),
        (F, N, F, N),
        (N, T, N, T),
        (N, F, F, N),
        (N, N, N, N),
    ],
)
def test_kleene(*, a: bool | None, b: bool | None, both: bool | None, either: bool | None) -> None:
    assert value("a && b", a=a, b=b) is both
    assert value("a || b", a=a, b=b) is either


@pytest.mark.parametrize("a,expected", [(T, F), (F, T), (N, N)])
def test_not(*, a: bool | None, expected: bool | None) -> None:
    assert value("!a", a=a) is expected


@pytest.mark.parametrize(
    "n,d,expected",
    [(3, 10, T), (29, 100, F), (30, 100, T), (0, 0, N), (3, 0, N), (N, 10, N), (3, N, N), (0, 10, F)],
)
def test_thirty_percent(*, n: int | None, d: int | None, expected: bool | None) -> None:
    assert value("ratio(n, d) >= 0.30", n=n, d=d) is expected
    assert value("n / d >= 0.3", n=n, d=d) is expected


@pytest.mark.parametrize("total", [1, 3, 7, 10, 30, 49, 97, 3730])
@pytest.mark.parametrize("percent", [10, 25, 30, 60, 100])
def test_a_share_holds_exactly_from_its_bound_on(percent: int, total: int) -> None:
    bound = -(-percent * total // 100)
    text = f"ratio(n, d) >= {percent // 100}.{percent % 100:02}"
    assert (value(text, n=bound - 1, d=total), value(text, n=bound, d=total)) == (F, T)


@pytest.mark.parametrize(
    "day,expected", [(date(2022, 6, 17), T), (date(2022, 6, 16), F), (date(2022, 9, 16), T), (N, N)]
)
def test_days_since(*, day: date | None, expected: bool | None) -> None:
    assert value("days_since(day) <= 90", day=day) is expected


@pytest.mark.parametrize(
    "day,expected",
    [
        (date(2022, 1, 1), T),
        (date(2022, 12, 31), T),
        (date(2023, 1, 1), F),
        (date(2021, 12, 31), F),
        (N, N),
    ],
)
def test_within_is_half_open(*, day: date | None, expected: bool | None) -> None:
    assert value("within(day, date('2022-01-01'), date('2023-01-01'))", day=day) is expected


def test_within_an_open_window_can_be_decided() -> None:
    assert value("within(day, first, end)", day=AS_OF, end=AS_OF) is False
    assert missing("within(day, first, end)", day=AS_OF, end=date(2023, 1, 1)) == ("first",)


def test_has_is_never_unknown() -> None:
    assert value("has(a)") is False
    assert value("has(a)", a=None) is False
    assert value("has(a)", a=False) is True


@pytest.mark.parametrize(
    "text,expected",
    [
        ("count_true([y, y2, u]) >= 2", T),
        ("count_true([y, n, u]) >= 2", N),
        ("count_true([n, n2, u]) >= 2", F),
        ("2 <= count_true([y, y2, u])", T),
        ("count_true([y, y2, u]) == 1", F),
        ("count_true([y, y2, u]) == 2", N),
        ("count_true([y, y2, u]) != 4", T),
        ("count_true([n, u]) > count_true([y, y2])", F),
        ("count_true([y, n]) + 1 == 2", T),
        ("count_true([y, u]) + 1 >= 2", N),
        ("count_true([]) == 0", T),
    ],
)
def test_a_count_decides_as_soon_as_it_can(*, text: str, expected: bool | None) -> None:
    assert value(text, y=True, y2=True, n=False, n2=False) is expected


@pytest.mark.parametrize(
    "text,expected",
    [
        ("t in ['a', 'b']", T),
        ("t in ['b', u]", N),
        ("t in ['a', u]", T),
        ("u in ['a']", N),
        ("u in []", F),
        ("!(t in ['b'])", T),
    ],
)
def test_among(*, text: str, expected: bool | None) -> None:
    assert value(text, t="a") is expected


def test_the_branch_not_taken_does_not_matter() -> None:
    assert value("a ? b : c", a=True, b=True) is True
    assert missing("a ? b : c", a=False, b=True) == ("c",)
    assert missing("a ? b : c", b=True) == ("a", "c")


@pytest.mark.parametrize(
    "text,facts,expected",
    [
        ("a && b", {"a": False}, ()),
        ("a && b", {"a": True}, ("b",)),
        ("a || b", {"a": True}, ()),
        ("a || b", {"a": False}, ("b",)),
        ("b && a && b", {}, ("b", "a")),
        ("a && ratio(n, d) >= 0.3", {"a": True, "n": 3}, ("d",)),
        ("a && ratio(n, d) >= 0.3", {"d": 3}, ("a", "n")),
        ("has(a) && b", {}, ()),
        ("ratio(n, d) > 0", {"n": 0, "d": 0}, ()),
        ("count_true([a, b, c]) >= 2", {"a": True, "b": True}, ()),
        ("count_true([a, b, c]) >= 2", {"a": True}, ("b", "c")),
    ],
)
def test_only_facts_that_matter_are_missing(
    text: str, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert missing(text, **facts) == expected


def test_the_trace_shows_each_part_with_its_value() -> None:
    outcome = evaluate(
        parse("plan && ratio(done, total) >= 0.3"), {"plan": True, "done": 3, "total": 12}, AS_OF
    )
    plan, comparison = outcome.trace.parts
    share, limit = comparison.parts
    assert [(part.text, part.value) for part in (outcome.trace, plan, comparison, share, limit)] == [
        ("plan && ratio(done, total) >= 0.3", False),
        ("plan", True),
        ("ratio(done, total) >= 0.3", False),
        ("ratio(done, total)", 0.25),
        ("0.3", 0.3),
    ]


@pytest.mark.parametrize(
    "text,why",
    [
        ("ratio(z, z) > 1", Why.DIVISION_BY_ZERO),
        ("z % z > 1", Why.DIVISION_BY_ZERO),
        ("(big * big - big * big) > 1", Why.OUT_OF_RANGE),
        ("u > 1", Why.MISSING),
    ],
)
def test_the_trace_says_why_a_value_is_unknown(text: str, why: Why) -> None:
    outcome = evaluate(parse(text), {"z": 0, "big": 1e300}, AS_OF)
    assert (outcome.value, outcome.trace.parts[0].why) == (None, why)


def test_numbers_beyond_doubles_are_infinite() -> None:
    assert value("big * big > 1", big=1e300) is True
    assert value("n" + " * n" * 30 + " > 1", n=2**53) is True


def test_decimals_and_numbers_that_are_none() -> None:
    assert value("x >= 0.3", x=Decimal("0.3")) is True
    assert missing("x >= 0.3", x=float("nan")) == ("x",)
    assert missing("x >= 0.3", x=Decimal("Infinity")) == ("x",)


@pytest.mark.parametrize(
    "text,facts,code,column",
    [
        ("a && b", {"a": True, "b": 1}, "type_mismatch", 6),
        ("n > 3", {"n": "4"}, "incomparable", 5),
        ("n > 3", {"n": 2**53 + 1}, "value_out_of_range", 1),
        ("1 < n", {"n": -(2**60)}, "value_out_of_range", 5),
        ("days_since(d) > 3", {"d": datetime(2022, 1, 1, tzinfo=UTC)}, "unknown_kind", 12),
        ("has(a)", {"a": []}, "unknown_kind", 5),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    text: str, facts: dict[str, Any], code: str, column: int
) -> None:
    with pytest.raises(RuleError) as caught:
        evaluate(parse(text), facts, AS_OF)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, 1, column)


def test_a_rule_of_the_greatest_length_is_applied() -> None:
    text = " || ".join(f"f{n} == {n}" for n in range(250))
    assert value(text, f249=249) is True
    assert len(missing(text)) == 250
