from datetime import date

import pytest

from greenward.assessment.engine import tree
from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.problems import TEMPLATES, RuleError
from greenward.assessment.engine.reader import parse

AS_OF = date(2022, 9, 15)


def fault(text: str) -> tuple[str, int, int]:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert caught.value.message == TEMPLATES[caught.value.code].format_map(caught.value.data)
    return caught.value.code, caught.value.line, caught.value.column


@pytest.mark.parametrize(
    "text,expected",
    [
        ("", ("empty_rule", 1, 1)),
        (" \n ", ("empty_rule", 1, 1)),
        ("a &&", ("unexpected_end", 1, 5)),
        ("(a", ("unexpected_end", 1, 3)),
        ("a ? b", ("unexpected_end", 1, 6)),
        ("a b", ("expected_end", 1, 3)),
        ("a)", ("expected_end", 1, 2)),
        ("(a]", ("expected_sign", 1, 3)),
        ("a && > 3", ("expected_value", 1, 6)),
        ("a = b", ("single_sign", 1, 3)),
        ("a & b", ("single_sign", 1, 3)),
        ("a and b", ("single_sign", 1, 3)),
        ("not a", ("single_sign", 1, 1)),
        ("a\n  && b\n  or c", ("single_sign", 3, 3)),
        ("a < b < c", ("chained_comparison", 1, 7)),
        ("a == b in [c]", ("chained_comparison", 1, 8)),
        ("（a）", ("full_width_character", 1, 1)),
        ("a && b，c", ("full_width_character", 1, 7)),
        ("居民", ("unquoted_text", 1, 1)),
        ("a && Beta", ("unquoted_text", 1, 6)),
        ("a; b", ("unexpected_character", 1, 2)),
        ("t == 'x", ("unclosed_text", 1, 6)),
        ("d > date('2022-02-30')", ("invalid_date", 1, 10)),
        ("d > date('20220201')", ("invalid_date", 1, 10)),
        ("d > date(d)", ("invalid_date", 1, 10)),
        ("d > date(", ("invalid_date", 1, 10)),
        ("i > 9007199254740993", ("number_too_large", 1, 5)),
        ("share(a, b)", ("unknown_function", 1, 1)),
        ("ratio(a)", ("wrong_argument_count", 1, 1)),
        ("year(a, b) == 1", ("wrong_argument_count", 1, 1)),
        ("has(a && b)", ("expected_sign", 1, 7)),
        ("has(3)", ("expected_fact", 1, 5)),
        ("has(true)", ("expected_fact", 1, 9)),
        ("a in b", ("expected_list", 1, 6)),
        ("count_true(a)", ("expected_list", 1, 12)),
    ],
)
def test_a_fault_is_named_where_it_stands(text: str, expected: tuple[str, int, int]) -> None:
    assert fault(text) == expected


@pytest.mark.parametrize(
    "text,code",
    [
        ("(" * 2000 + "a", "rule_too_deep"),
        ("!" * 2000 + "a", "rule_too_deep"),
        ("-" * 2000 + "i > 0", "rule_too_deep"),
        ("+".join(["i"] * 500) + " > 0", "rule_too_deep"),
        ("a ? b : " * 400 + "c", "rule_too_deep"),
        ("(" * 40 + "a" + " ? b : c)" * 40, "rule_too_large"),
        ("a " * 2001, "rule_too_long"),
    ],
)
def test_a_rule_beyond_the_limits_is_refused_clearly(text: str, code: str) -> None:
    assert fault(text)[0] == code


def test_a_rule_at_the_limit_of_depth_is_read() -> None:
    assert evaluate(parse("!" * 48 + "a"), {"a": True}, AS_OF).value is True


def test_a_long_chain_is_flat() -> None:
    rule = parse(" && ".join(f"a{n}" for n in range(400)))
    assert isinstance(rule.root, tree.Logic)
    assert len(rule.root.operands) == 400


def test_a_rule_names_its_facts() -> None:
    rule = parse(
        "ratio(done, total) >= 0.3 && has(plan) || as_of > date('2022-01-01') && kind in ['x', other]"
    )
    assert rule.facts == {"done", "total", "plan", "kind", "other"}


def test_a_rule_is_read_once() -> None:
    assert parse("a && b") is parse("a && b")


@pytest.mark.parametrize(
    "text,value",
    [
        ("true || false && false", True),
        ("(true || false) && false", False),
        ("!true || true", True),
        ("!(true || true)", False),
        ("1 + 2 * 3 == 7", True),
        ("(1 + 2) * 3 == 9", True),
        ("10 - 4 - 3 == 3", True),
        ("16 / 4 / 2 == 2", True),
        ("-2 * 3 == -6", True),
        ("2 - -1 == 3", True),
        ("7 % 4 * 2 == 6", True),
        ("1 + 1 > 1 && 2 < 3", True),
        ("true ? false : true ? true : false", False),
        ("false ? true : false ? true : false", False),
        ("1 < 2 ? 3 == 3 : false", True),
        ("(1 < 2) == true", True),
        ("2 in [1, 1 + 1]", True),
        ("2 in []", False),
        ("!(2 in [1])", True),
        ("\"a'b\" == 'a\\'b'", True),
        ("'\\\\' == \"\\\\\"", True),
        ("0.1 < 0.2", True),
        ("year(date('2022-01-01')) == 2022", True),
        ("as_of == date('2022-09-15')", True),
    ],
)
def test_precedence_and_literals(*, text: str, value: bool) -> None:
    assert evaluate(parse(text), {}, AS_OF).value is value


def test_parentheses_belong_to_the_source_of_a_part() -> None:
    rule = parse(" (a || b)  && c ")
    assert [rule.source(child) for child in tree.children(rule.root)] == ["(a || b)", "c"]
