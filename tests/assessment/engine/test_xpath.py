"""Rules as XPath for field apps: what surely fails, and nothing that missing answers leave open."""

import itertools
from datetime import date
from typing import Any

import pytest

from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.xpath import Question, fails

TODAY = date(2022, 6, 15)
KINDS = {
    "new": FactType.BOOL,
    "old": FactType.BOOL,
    "kind": FactType.TEXT,
    "lifts": FactType.INT,
    "area": FactType.NUMBER,
    "day": FactType.DATE,
}
VALUES: dict[FactType, tuple[Any, ...]] = {
    FactType.BOOL: (None, True, False),
    FactType.TEXT: (None, "a", "b"),
    FactType.INT: (None, 0, 1, 5),
    FactType.NUMBER: (None, 0.0, 2.5),
    FactType.DATE: (None, date(2021, 1, 1), date(2022, 6, 16)),
}
SAYABLE = [
    "new",
    "!new || lifts >= 1",
    "new && !old",
    "kind == 'a' || (lifts > 1 && area <= 2.5)",
    "kind in ['a', 'b'] && new == old",
    "kind != 'none'",
    "lifts / area >= 1",
    "lifts * 2 - 1 <= area + 3",
    "day <= as_of",
    "year(day) < year(as_of)",
    "days_since(day) >= 0",
    "within(day, date('2021-01-01'), date('2022-01-01'))",
    "has(lifts) || new",
    "new ? lifts > 0 : kind == 'a'",
    "count_true([new, old]) >= 1",
    "old != true",
    "-lifts < 0",
]


class App:
    """A field app's functions, enough of XPath to run what we write as Python."""

    @staticmethod
    def run(condition: str, values: dict[str, Any]) -> bool:
        python = condition.replace(" = ", " == ").replace(" div ", " / ").replace("true()", "True")
        python = python.replace("date('", "day_of('").replace("decimal-day_of", "decimal-date")
        python = (
            python.replace("decimal-date-time", "number")
            .replace("format-date", "year")
            .replace("false()", "False")
        )
        names = {name: App.written(value) for name, value in values.items()}
        return bool(eval(python, {**names, **App.FUNCTIONS}))  # noqa: S307 - our own text

    @staticmethod
    def written(value: Any) -> Any:
        return (
            {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else value
        )

    FUNCTIONS = {
        "today": lambda: TODAY,
        "day_of": date.fromisoformat,
        "number": lambda value: float(value.toordinal() if isinstance(value, date) else value),
        "int": int,
        "year": lambda day, _form: day.year,
    }


@pytest.mark.parametrize("rule", SAYABLE)
def test_what_fails_in_the_app_fails_here_and_what_is_open_does_not(rule: str) -> None:
    parsed = parse(rule)
    condition = fails(parsed, {name: Question(name, kind) for name, kind in KINDS.items()})
    assert condition is not None
    named = sorted(parsed.facts)
    for values in itertools.product(*(VALUES[KINDS[name]] for name in named)):
        given = dict(zip(named, values, strict=True))
        verdict = evaluate(parsed, given, TODAY).value
        if App.run(condition, given):
            assert verdict is False, (given, condition)
        elif None not in values and verdict is not None:
            assert verdict is True, (given, condition)


def test_paths_of_questions_stand_in_the_condition() -> None:
    questions = {"lifts": Question("${lifts}", FactType.INT), "new": Question(".", FactType.BOOL)}
    assert (
        fails(parse("!new || lifts >= 1"), questions) == "(. = 'yes' and (${lifts} != '' and ${lifts} < 1))"
    )


@pytest.mark.parametrize("rule", ["lifts % 2 == 0", "unasked > 1", 'kind == "it\'s \\"so\\""', "kind"])
def test_what_cannot_be_said_is_not_said(rule: str) -> None:
    assert fails(parse(rule), {name: Question(name, kind) for name, kind in KINDS.items()}) is None
