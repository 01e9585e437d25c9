"""One answer or a column of them: the same reading."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import read_column
from greenward.survey.answers.problems import AnswerError, described
from greenward.survey.answers.single import read


def field(kind: str, **more: Any) -> Field:
    label = {"zh": "项", "en": "Item"}
    choices: tuple[Any, ...] = ()
    if kind == "choice":
        choices = (
            {"value": "good", "label": {"zh": "好", "en": "Good"}, "aliases": ("良好",)},
            {"value": "bad", "label": {"zh": "差", "en": "Bad"}},
        )
    more = {key: Decimal(value) if key in {"min", "max"} else value for key, value in more.items()}
    return Field.model_validate({"id": "f", "label": label, "type": kind, "choices": choices, **more})


FIELDS = {
    "bool": field("bool"),
    "count": field("count", unit="户", min=0, max=5000),
    "number": field("number", unit="平方米", decimals=2),
    "share": field("number", unit="%", min=0, max=100),
    "choice": field("choice"),
    "date": field("date"),
    "year": field("year", min=1900, max=2100),
    "text": field("text"),
}


@pytest.mark.parametrize(
    "kind,written,answer",
    [
        ("bool", "√", True), ("bool", "有", True), ("bool", "×", False), ("bool", "无", False),
        ("bool", "１", True), ("bool", "未知", None), ("bool", " ", None), ("bool", False, False),
        ("count", "1,200", 1200), ("count", "１２ 户", 12), ("count", "3.0", 3), ("count", "—", None),
        ("count", 7, 7),
        ("number", "12.345", 12.35), ("number", "1,234.5平方米", 1234.5), ("number", "-3", -3.0),
        ("share", "45%", 45.0), ("share", "４５％", 45.0), ("share", "45", 45.0),
        ("choice", "良好", "good"), ("choice", "Good", "good"), ("choice", "bad", "bad"),
        ("date", "2021.9.30", date(2021, 9, 30)), ("date", "2021年9月30日", date(2021, 9, 30)),
        ("date", "2021-09-30 00:00:00", date(2021, 9, 30)), ("date", "20210930", date(2021, 9, 30)),
        ("year", "1998年", 1998), ("year", 1998.0, 1998), ("text", " 一里（东） ", "一里（东）"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(kind: str, written: object, answer: object) -> None:
    found = read(FIELDS[kind], written)
    assert (found, type(found)) == (answer, type(answer))


@pytest.mark.parametrize(
    "kind,written,code",
    [
        ("bool", "也许", "not_a_bool"), ("bool", "2", "not_a_bool"), ("count", "无", "not_a_number"),
        ("count", "约20", "not_a_number"), ("count", "2.5", "not_whole"), ("count", "-1", "below_min"),
        ("count", "5001", "above_max"), ("count", "5%", "is_a_percentage"), ("count", "1,2", "not_a_number"),
        ("count", "inf", "not_a_number"), ("count", "nan", "not_a_number"), ("count", True, "not_a_number"),
        ("choice", "一般", "not_a_choice"), ("date", "2021.9", "not_a_date"),
        ("date", "2021-02-30", "not_a_date"), ("date", "21.9.30", "not_a_date"),
        ("year", "98", "not_a_year"), ("year", "1899", "below_min"),
        ("text", "字" * 2001, "too_long"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(kind: str, written: object, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read(FIELDS[kind], written)
    assert caught.value.code == code
    assert described(FIELDS[kind], code).message


def one_by_one(kind: str, cells: list[str | None]) -> list[tuple[object, str | None]]:
    found: list[tuple[object, str | None]] = []
    for cell in cells:
        try:
            found.append((read(FIELDS[kind], cell), None))
        except AnswerError as error:
            found.append((None, error.code))
    return found


WRITTEN = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["是", "否", "√", "×", "无", "良好", "2021.9.30", "2021-02-30", "１２", "1,200", "5%", "不详", "1e3"]
    ),
    st.floats().map(str),
    st.floats(-1e4, 1e4).map(lambda number: f"{number:.3f}"),
    st.integers(-10, 6000).map(str),
)


@pytest.mark.parametrize("kind", FIELDS)
@given(cells=st.lists(WRITTEN, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_column_is_read_as_its_cells_are(kind: str, cells: list[str | None]) -> None:
    answers, codes = read_column(FIELDS[kind], pl.Series("cell", cells, dtype=pl.String()))
    assert list(zip(answers, codes, strict=True)) == one_by_one(kind, cells)
