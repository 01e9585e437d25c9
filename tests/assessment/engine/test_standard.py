from datetime import date
from typing import Any

import polars as pl
import pytest

from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Indicator, Standard
from greenward.assessment.engine.status import Status, verdict

AS_OF = date(2022, 9, 15)
STANDARD = Standard.of(
    [
        Indicator("1", parse("plan")),
        Indicator("2", parse("ratio(done, total) >= 0.3")),
        Indicator("3", parse("noise_kept"), parse("works")),
    ]
)


def one(**facts: Any) -> str:
    return "".join(item.status.letter for item in assess_one(STANDARD, facts, AS_OF).items)


@pytest.mark.parametrize(
    "works,noise_kept,expected",
    [
        (True, True, "M"),
        (True, False, "U"),
        (True, None, "?"),
        (False, True, "N"),
        (False, None, "N"),
        (None, True, "?"),
        (None, False, "?"),
        (None, None, "?"),
    ],
)
def test_applicability(*, works: bool | None, noise_kept: bool | None, expected: str) -> None:
    assert one(works=works, noise_kept=noise_kept)[2] == expected


def test_missing_facts_of_an_item() -> None:
    outcomes = assess_one(STANDARD, {"done": 1}, AS_OF).items
    assert [item.missing for item in outcomes] == [("plan",), ("total",), ("works", "noise_kept")]
    assert assess_one(STANDARD, {"works": False}, AS_OF).items[2].missing == ()


@pytest.mark.parametrize(
    "letters,expected",
    [
        ("MMM", "met"),
        ("MNM", "met"),
        ("NNN", "unknown"),
        ("", "unknown"),
        ("M?N", "unknown"),
        ("M?U", "unmet"),
        ("U", "unmet"),
        ("?", "unknown"),
    ],
)
def test_verdict(letters: str, expected: str) -> None:
    assert verdict(Status.of_letter(letter) for letter in letters) == Status(expected)


def test_letters_go_both_ways() -> None:
    assert {status: status.letter for status in Status} == {
        Status.MET: "M",
        Status.UNMET: "U",
        Status.UNKNOWN: "?",
        Status.NOT_APPLICABLE: "N",
    }
    assert [Status.of_letter(status.letter) for status in Status] == list(Status)


def test_all_places_keep_their_order_and_key() -> None:
    frame = pl.DataFrame(
        {
            "place": [3, 1, 2],
            "other": ["x", "y", "z"],
            "plan": [True, None, False],
            "done": pl.Series([3, 2, 0], dtype=pl.Int16),
            "total": pl.Series([10, 10, 0], dtype=pl.UInt8),
            "works": [False, True, None],
            "noise_kept": [None, True, True],
        }
    )
    assert assess_all(STANDARD, frame, AS_OF).to_dicts() == [
        {"place": 3, "statuses": "MMN", "verdict": "met"},
        {"place": 1, "statuses": "?UM", "verdict": "unmet"},
        {"place": 2, "statuses": "U??", "verdict": "unmet"},
    ]


def test_a_community_without_survey_is_unknown_never_unmet() -> None:
    standard = Standard.of(Indicator(str(n), parse(f"done > {n}")) for n in range(16))
    found = assess_all(standard, pl.DataFrame({"place": ["a"]}), AS_OF)
    assert found.to_dicts() == [{"place": "a", "statuses": "?" * 16, "verdict": "unknown"}]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 16, 17, 60])
def test_any_number_of_items(count: int) -> None:
    standard = Standard.of(Indicator(str(n), parse(f"n == {n}")) for n in range(count))
    frame = pl.DataFrame(
        {"place": range(count), "n": range(count)}, schema={"place": pl.Int64, "n": pl.Int64}
    )
    expected = ["U" * n + "M" + "U" * (count - n - 1) for n in range(count)]
    assert assess_all(standard, frame, AS_OF)["statuses"].to_list() == expected


def test_no_places_give_no_rows() -> None:
    frame = pl.DataFrame(schema={"place": pl.String, "plan": pl.Boolean})
    found = assess_all(STANDARD, frame, AS_OF)
    assert found.schema == {"place": pl.String, "statuses": pl.String, "verdict": pl.String}
    assert found.height == 0


def test_columns_of_other_widths_are_read_alike() -> None:
    frame = pl.DataFrame(
        {
            "place": ["a"],
            "narrow": pl.Series([100], dtype=pl.Int8),
            "money": pl.Series(["0.30"]).cast(pl.Decimal(10, 2)),
            "half": pl.Series([0.5], dtype=pl.Float32),
            "kind": pl.Series(["x"], dtype=pl.Categorical),
            "nothing": pl.Series([None], dtype=pl.Null),
        }
    )
    rules = [
        "narrow * 2 == 200",
        "narrow < 1000",
        "money >= 0.3",
        "half == 0.5",
        "kind == 'x'",
        "nothing > 1",
    ]
    found = assess_all(Standard.of(Indicator(text, parse(text)) for text in rules), frame, AS_OF)
    assert found["statuses"].to_list() == ["MMMMM?"]


@pytest.mark.parametrize(
    "text,column,code",
    [
        ("plan && n", pl.Series([3]), "type_mismatch"),
        ("n == 'x'", pl.Series([3]), "incomparable"),
        ("n > 1", pl.Series([2**53 + 1]), "value_out_of_range"),
        ("n > 1", pl.Series([2**64 - 1], dtype=pl.UInt64), "value_out_of_range"),
        ("n > 1", pl.Series([None, -(2**63)]).tail(1), "value_out_of_range"),
        ("has(n)", pl.Series([[1]]), "unknown_kind"),
    ],
)
def test_a_column_that_does_not_fit_is_refused(text: str, column: pl.Series, code: str) -> None:
    frame = pl.DataFrame({"place": ["a"], "plan": [True], "n": column})
    with pytest.raises(RuleError) as caught:
        assess_all(Standard.of([Indicator("1", parse(text))]), frame, AS_OF)
    assert caught.value.code == code
