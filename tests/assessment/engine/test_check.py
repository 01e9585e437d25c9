import pytest

from greenward.assessment.engine.check import check, check_known
from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.reader import parse

TYPES = {
    "plan": FactType.BOOL,
    "compounds_total": FactType.INT,
    "area": FactType.NUMBER,
    "last_post_on": FactType.DATE,
    "kind": FactType.TEXT,
}


def found(text: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.column) for problem in check(parse(text), TYPES)]


@pytest.mark.parametrize(
    "text",
    [
        "plan",
        "plan && compounds_total > 0 && area >= compounds_total",
        "ratio(compounds_total, area) >= 0.3",
        "days_since(last_post_on) <= 90 && year(last_post_on) == 2022",
        "within(last_post_on, date('2021-01-01'), as_of)",
        "kind in ['企业', '单位自管'] && kind != '无'",
        "count_true([plan, has(area), kind == 'x']) >= 2",
        "(plan ? compounds_total : area) > 1",
        "compounds_total % 2 == 0 && -compounds_total % 2 == 0",
        "plan == (area > 1)",
        "plan || null",
    ],
)
def test_a_rule_of_fitting_types_has_no_problem(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text,expected",
    [
        ("plans", [("unknown_fact", 1)]),
        ("has(plans)", [("unknown_fact", 5)]),
        ("compounds_total", [("type_mismatch", 1)]),
        ("plan && area", [("type_mismatch", 9)]),
        ("!kind", [("type_mismatch", 2)]),
        ("plan + 1 > 0", [("type_mismatch", 1)]),
        ("area % 2 == 0", [("type_mismatch", 1)]),
        ("(compounds_total / 2) % 2 == 0", [("type_mismatch", 1)]),
        ("days_since(compounds_total) > 3", [("type_mismatch", 12)]),
        ("last_post_on - 3 > as_of", [("type_mismatch", 1), ("incomparable", 20)]),
        ("count_true([plan, 3]) > 1", [("type_mismatch", 19)]),
        ("kind == 3", [("incomparable", 9)]),
        ("kind in ['a', 3]", [("incomparable", 15)]),
        ("last_post_on > '2022-01-01'", [("incomparable", 16)]),
        ("(plan ? 1 : 'x') == 1", [("incomparable", 13)]),
        ("kind < 'x'", [("unordered", 1)]),
        ("plan >= true", [("unordered", 1)]),
        ("area == null", [("compared_with_null", 9)]),
        ("area in [null]", [("compared_with_null", 10)]),
        ("x && y", [("unknown_fact", 1), ("unknown_fact", 6)]),
    ],
)
def test_each_problem_is_named_where_it_stands(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


def test_an_unknown_fact_comes_with_the_nearest_names() -> None:
    (problem,) = check(parse("compound_total > 1"), TYPES)
    assert str(problem.data["nearest"]).split(", ")[0] == "compounds_total"
    assert problem.message.startswith("没有名为“compound_total”的事实。最接近的名字：compounds_total")


def test_a_problem_on_a_later_line_has_its_line_and_column() -> None:
    (problem,) = check(parse("plan &&\n  area"), TYPES)
    assert (problem.line, problem.column) == (2, 3)
    assert str(problem) == "2:3 “area”是number，这里应当是bool。"


def test_facts_without_type_fit_everywhere() -> None:
    assert check_known(parse("a && b > 3 && days_since(c) < 4 && b == d && e == null"), {}) == []


def test_a_deep_rule_is_checked_at_once() -> None:
    assert check(parse("(" * 20 + "area" + " + area)" * 20 + " > 0"), TYPES) == []
