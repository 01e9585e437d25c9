from datetime import date
from typing import Any

import pytest

from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.shortfall import Sense, Shortfall

AS_OF = date(2022, 9, 15)


def shortfall(text: str, **facts: Any) -> tuple[Shortfall, ...]:
    return evaluate(parse(text), facts, AS_OF).shortfall


def told(text: str, **facts: Any) -> list[tuple[str, Any, str, Any]]:
    found = shortfall(text, **facts)
    return [(one.fact, one.current, str(one.sense), *one.needed) for one in found]


def test_a_share_needs_one_more() -> None:
    (one,) = shortfall("ratio(done, total) >= 0.3", done=3, total=12)
    assert one == Shortfall("done", 3, Sense.AT_LEAST, (4,), "ratio(done, total) >= 0.3")
    assert one.change == 1


@pytest.mark.parametrize(
    "text,facts,expected",
    [
        ("ratio(n, d) > 0.3", {"n": 3, "d": 10}, [("n", 3, "at_least", 4)]),
        ("ratio(n, d) <= 0.3", {"n": 5, "d": 10}, [("n", 5, "at_most", 3)]),
        ("ratio(n, d) < 0.3", {"n": 5, "d": 10}, [("n", 5, "at_most", 2)]),
        ("ratio(n, d) == 1", {"n": 5, "d": 7}, [("n", 5, "exactly", 7)]),
        ("0.1 <= n / d", {"n": 0, "d": 10}, [("n", 0, "at_least", 1)]),
        ("ratio(n, d) >= 0.3", {"d": 12}, [("n", None, "at_least", 4)]),
        ("ratio(n, d) >= 0.3", {"n": 3}, []),
        ("ratio(n, d) >= 0.3", {"n": 0, "d": 0}, []),
        ("ratio(n, n + m) >= 0.5", {"n": 1, "m": 3}, []),
        ("ratio(n, d) < 0", {"n": 1, "d": 3}, []),
        ("n >= 5", {"n": 2}, [("n", 2, "at_least", 5)]),
        ("n > 5", {"n": 5}, [("n", 5, "at_least", 6)]),
        ("n > 4.5", {"n": 2}, [("n", 2, "at_least", 5)]),
        ("n < 5", {"n": 5}, [("n", 5, "at_most", 4)]),
        ("n <= 4.5", {"n": 5}, [("n", 5, "at_most", 4)]),
        ("n == 0", {"n": 2}, [("n", 2, "exactly", 0)]),
        ("n == 0.5", {"n": 2}, []),
        ("n != 2", {"n": 2}, [("n", 2, "other_than", 2)]),
        ("n > 5", {}, [("n", None, "more_than", 5)]),
        ("x > 0.5", {"x": 0.25}, [("x", 0.25, "more_than", 0.5)]),
        ("n == m", {"n": 2, "m": 3}, [("n", 2, "exactly", 3)]),
        ("n >= n + 1", {"n": 2}, []),
        ("a", {"a": False}, [("a", False, "exactly", True)]),
        ("a", {}, [("a", None, "exactly", True)]),
        ("!a", {"a": True}, [("a", True, "exactly", False)]),
        ("!(n < 5)", {"n": 4}, [("n", 4, "at_least", 5)]),
        ("has(a)", {}, []),
        ("a ? n > 1 : n > 2", {"a": True, "n": 1}, [("n", 1, "at_least", 2)]),
        ("n + 1 > 5", {"n": 1}, []),
        ("t in ['x', 'y']", {"t": "z"}, [("t", "z", "one_of", "x", "y")]),
        (
            "d > date('2022-01-01')",
            {"d": date(2021, 1, 1)},
            [("d", date(2021, 1, 1), "at_least", date(2022, 1, 2))],
        ),
        ("d < date('2022-01-01')", {"d": AS_OF}, [("d", AS_OF, "at_most", date(2021, 12, 31))]),
        ("d > date('9999-12-31')", {"d": AS_OF}, []),
    ],
)
def test_what_is_needed(text: str, facts: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    assert told(text, **facts) == expected


@pytest.mark.parametrize(
    "text,expected",
    [
        ("days_since(d) <= 365", ("at_least", date(2021, 9, 15))),
        ("days_since(d) < 365", ("at_least", date(2021, 9, 16))),
        ("days_since(d) >= 30", ("at_most", date(2022, 8, 16))),
        ("365 >= days_since(d)", ("at_least", date(2021, 9, 15))),
    ],
)
def test_the_last_day_that_will_do(text: str, expected: tuple[str, date]) -> None:
    assert told(text) == [("d", None, *expected)]
    (one,) = shortfall(text)
    assert evaluate(parse(text), {"d": one.needed[0]}, AS_OF).value is True


def test_no_day_is_named_beyond_the_calendar() -> None:
    assert shortfall("days_since(d) <= 900000") == ()
    assert shortfall("days_since(d) <= 9007199254740992") == ()


def test_within_names_both_ends() -> None:
    text = "within(d, date('2022-01-01'), date('2023-01-01'))"
    assert told(text) == [
        ("d", None, "at_least", date(2022, 1, 1)),
        ("d", None, "less_than", date(2023, 1, 1)),
    ]
    assert told(text, d=date(2023, 5, 1)) == [("d", date(2023, 5, 1), "at_most", date(2022, 12, 31))]


def test_all_failing_parts_of_an_and_are_needed() -> None:
    found = shortfall("a && b && n >= 3", a=True, b=False, n=1)
    assert [(one.fact, one.either) for one in found] == [("b", False), ("n", False)]


def test_one_part_of_an_or_is_enough() -> None:
    found = shortfall("a || n >= 3", a=False, n=1)
    assert [(one.fact, one.either) for one in found] == [("a", True), ("n", True)]


def test_a_count_can_be_reached_by_any_member() -> None:
    found = shortfall("count_true([a, b, n > 2]) >= 2", a=True, b=False, n=1)
    assert [(one.fact, one.needed, one.either) for one in found] == [("b", (True,), True), ("n", (3,), True)]


def test_a_rule_that_holds_needs_nothing() -> None:
    assert shortfall("a || b", a=True) == ()


def test_change_is_said_of_numbers_only() -> None:
    assert shortfall("n <= 3", n=5)[0].change == -2
    assert shortfall("n <= 3")[0].change is None
    assert shortfall("a", a=False)[0].change is None
    assert shortfall("n != 3", n=3)[0].change is None
