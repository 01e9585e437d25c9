"""One answer or a column of them: the same reading."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import as_text, read_column
from greenward.survey.answers.manner import PLAIN, Manner
from greenward.survey.answers.problems import AnswerError, described, told
from greenward.survey.answers.single import from_json, read, to_json
from greenward.survey.answers.words import as_written, in_words


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
    "position": field("position"),
}
WORKBOOK = Manner(months=True, serials=True)


@pytest.mark.parametrize(
    "kind,written,answer",
    [
        ("bool", "√", True), ("bool", "有", True), ("bool", "×", False), ("bool", "无", False),
        ("bool", "１", True), ("bool", "未知", None), ("bool", " ", None), ("bool", False, False),
        ("count", "1,200", 1200), ("count", "１２ 户", 12), ("count", "3.0", 3), ("count", "—", None),
        ("count", 7, 7), ("count", "NaN", None), ("count", "None", None),
        ("number", "12.345", 12.35), ("number", "1,234.5平方米", 1234.5), ("number", "-3", -3.0),
        ("share", "45%", 45.0), ("share", "４５％", 45.0), ("share", "45", 45.0),
        ("choice", "良好", "good"), ("choice", "Good", "good"), ("choice", "bad", "bad"),
        ("date", "2021.9.30", date(2021, 9, 30)), ("date", "2021年9月30日", date(2021, 9, 30)),
        ("date", "2021-09-30 00:00:00", date(2021, 9, 30)), ("date", "20210930", date(2021, 9, 30)),
        ("year", "1998年", 1998), ("year", 1998.0, 1998), ("text", " 一里（东） ", "一里（东）"),
        ("bool", "已", True), ("bool", "☑是 □否", True), ("bool", "□有 ☑无", False), ("bool", "●", True),
        ("count", "0.12万", 1200), ("count", "3 千户", 3000), ("count", "１，２００户", 1200),
        ("count", "1 200", 1200), ("count", "'35", 35),
        ("number", "3.5 万平方米", 35000.0), ("number", "3.5万㎡", 35000.0), ("number", "2公顷", 20000.0),
        ("number", "3亩", 2000.0), ("number", "1.2 km²", 1_200_000.0), ("number", "−3", -3.0),
        ("choice", "A.好", "good"), ("choice", "1、差", "bad"), ("choice", "□好 ☑差", "bad"),
        ("date", "2021.9.30.", date(2021, 9, 30)), ("date", "2021/9/30", date(2021, 9, 30)),
        ("date", "2021年9月30号", date(2021, 9, 30)), ("date", "20210930.0", date(2021, 9, 30)),
        ("year", "1998年6月", 1998), ("year", "1998.6", 1998), ("year", "1998-06-30 00:00:00", 1998),
        ("year", "1,998", 1998), ("year", "１９９８", 1998),
        ("position", "116.397,39.908", "116.39700,39.90800"),
        ("position", "39.908，116.397", "116.39700,39.90800"),
        ("position", "东经116.397°，北纬39.908°", "116.39700,39.90800"),
        ("position", "北纬39.908 东经116.397", "116.39700,39.90800"),
        ("position", "-70.5 -33.4", "-70.50000,-33.40000"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(kind: str, written: object, answer: object) -> None:
    found = read(FIELDS[kind], written)
    assert (found, type(found)) == (answer, type(answer))


@pytest.mark.parametrize(
    "kind,written,code",
    [
        ("bool", "也许", "not_a_bool"), ("bool", "2", "not_a_bool"), ("count", "无", "not_a_number"),
        ("count", "约20", "not_exact"), ("count", "1200余户", "not_exact"), ("count", "100-120", "not_exact"),
        ("count", "1200左右", "not_exact"), ("count", ">100", "not_exact"), ("count", "12元", "unit_differs"),
        ("count", "12平方米", "unit_differs"), ("count", "1905-06-22 00:00:00", "is_a_date"),
        ("count", "=B2+C2", "formula_without_value"), ("count", "三百", "not_a_number"),
        ("number", "5元", "unit_differs"), ("number", "#REF!", "error_cell"), ("bool", "○", "circle_unclear"),
        ("year", "1905-06-20 00:00:00", "is_a_date"), ("year", "1998-2000", "not_a_year"),
        ("position", "116.4", "not_a_position"), ("position", "190,95", "not_a_position"),
        ("position", "116°23′,39°54′", "not_a_position"), ("date", "44469", "not_a_date"),
        ("date", "2021年9月", "not_a_date"), ("count", "2.5", "not_whole"), ("count", "-1", "below_min"),
        ("count", "5001", "above_max"), ("count", "5%", "is_a_percentage"), ("count", "1,2", "not_a_number"),
        ("count", "inf", "not_a_number"), ("count", True, "not_a_number"),
        ("choice", "一般", "not_a_choice"), ("date", "2021.9", "date_unclear"),
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


@pytest.mark.parametrize(
    "kind,manner,written,answer",
    [
        ("number", Manner(factor=Decimal(10000)), "3.5", 35000.0),
        ("number", Manner(factor=Decimal(10000)), "1.1", 11000.0),
        ("number", Manner(factor=Decimal(10000)), "35000平方米", 35000.0),
        ("number", Manner(factor=Decimal(2000) / 3), "1.5", 1000.0),
        ("count", Manner(factor=Decimal(1000)), "1.2", 1200),
        ("share", Manner(share=True), "0.3", 30.0),
        ("share", Manner(share=True), "30%", 30.0),
        ("share", Manner(share=True), "0.285", 28.5),
        ("bool", Manner(circle=True), "○", True),
        ("bool", Manner(circle=False), "〇", False),
        ("date", WORKBOOK, "44469", date(2021, 9, 30)),
        ("date", WORKBOOK, "44469.5", date(2021, 9, 30)),
        ("date", Manner(serials=True, since_1904=True), "43007", date(2021, 9, 30)),
        ("date", WORKBOOK, "2021年9月", date(2021, 9, 1)),
        ("date", WORKBOOK, "2021-09", date(2021, 9, 1)),
        ("date", WORKBOOK, "202109", date(2021, 9, 1)),
        ("date", WORKBOOK, "2021.9月", date(2021, 9, 1)),
    ],
)
def test_what_the_column_says_is_heeded(kind: str, manner: Manner, written: str, answer: object) -> None:
    assert read(FIELDS[kind], written, manner) == answer


@pytest.mark.parametrize(
    "kind,manner,written,code",
    [
        ("number", Manner(factor=Decimal(10000)), "3.5万", "unit_twice"),
        ("date", WORKBOOK, "2021.9", "date_unclear"),
        ("date", WORKBOOK, "2021年13月", "not_a_date"),
        ("date", WORKBOOK, "123", "not_a_date"),
    ],
)
def test_what_stays_unclear_is_refused(kind: str, manner: Manner, written: str, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read(FIELDS[kind], written, manner)
    assert caught.value.code == code


TABLE = Field.model_validate(
    {
        "id": "spots",
        "label": {"zh": "易涝点", "en": "Spots"},
        "type": "table",
        "columns": (
            {"id": "where", "label": {"zh": "位置", "en": "Where"}, "type": "text"},
            {"id": "depth", "label": {"zh": "积水深度", "en": "Depth"}, "type": "number", "unit": "厘米"},
            {"id": "on", "label": {"zh": "日期", "en": "Day"}, "type": "date"},
        ),
    }
)


def test_a_table_is_a_list_of_its_rows() -> None:
    rows = [{"where": " 东门 ", "depth": "12", "on": "2021.7.12"}, {"where": "", "depth": None}]
    answer = read(TABLE, rows)
    assert answer == [{"where": "东门", "depth": 12.0, "on": "2021-07-12"}]
    assert (read(TABLE, []), read(TABLE, None), read(TABLE, rows[1:]), read(TABLE, "不详")) == (
        [],
        None,
        None,
        None,
    )
    assert read(TABLE, as_written(answer)) == answer == from_json(TABLE, to_json(answer))
    assert in_words(TABLE, answer) == "1 行"


@pytest.mark.parametrize(
    "raw,code,message",
    [
        ("东门、西门", "table_in_cell", "工作表"),
        ([{"where": "东门", "depth": "很深"}], "cell_of_table", "积水深度：应填数字"),
        ([{"width": 1}], "not_a_table", "列名"),
        ({"where": "东门"}, "not_a_table", "列名"),
        ([{"where": "东门"}] * 501, "too_many_rows", "行数"),
    ],
)
def test_what_is_no_table_is_named(raw: object, code: str, message: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read(TABLE, raw)
    assert caught.value.code == code
    assert message in told(TABLE, caught.value).message


def test_no_cell_holds_a_file_or_a_table() -> None:
    for kind, code in (("file", "file_in_cell"), ("table", "table_in_cell")):
        found = TABLE if kind == "table" else field(kind)
        answers, codes = read_column(found, pl.Series(["x", None]))
        assert (answers.to_list(), codes.to_list()) == ([None, None], [code, None])
        assert described(found, code).message


def one_by_one(kind: str, cells: list[str | None], manner: Manner) -> list[tuple[object, str | None]]:
    found: list[tuple[object, str | None]] = []
    for cell in cells:
        try:
            found.append((read(FIELDS[kind], cell, manner), None))
        except AnswerError as error:
            found.append((None, error.code))
    return found


WRITTEN = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "是",
            "否",
            "√",
            "×",
            "无",
            "良好",
            "2021.9.30",
            "2021-02-30",
            "１２",
            "1,200",
            "5%",
            "不详",
            "1e3",
            "1.2万",
            "2021年9月",
            "44469",
            "○",
            "30%",
            "0.3",
        ]
    ),
    st.floats().map(str),
    st.floats(-1e4, 1e4).map(lambda number: f"{number:.3f}"),
    st.integers(-10, 6000).map(str),
)


MANNERS = st.sampled_from(
    [PLAIN, WORKBOOK, Manner(share=True), Manner(factor=Decimal(10000)), Manner(circle=True)]
)


@pytest.mark.parametrize("kind", FIELDS)
@given(cells=st.lists(WRITTEN, max_size=12), manner=MANNERS)
@settings(max_examples=60, deadline=None)
def test_a_column_is_read_as_its_cells_are(kind: str, cells: list[str | None], manner: Manner) -> None:
    answers, codes = read_column(FIELDS[kind], pl.Series("cell", cells, dtype=pl.String()), manner)
    assert list(zip(answers, codes, strict=True)) == one_by_one(kind, cells, manner)


@pytest.mark.parametrize("kind", FIELDS)
@given(cells=st.lists(st.none() | st.floats(-1e6, 1e6) | st.integers(-10, 6000).map(float), max_size=12))
@settings(max_examples=40, deadline=None)
def test_numbers_are_read_as_their_texts_are(kind: str, cells: list[float | None]) -> None:
    numbers = pl.Series("cell", cells, dtype=pl.Float64())
    as_numbers, as_texts = read_column(FIELDS[kind], numbers), read_column(FIELDS[kind], as_text(numbers))
    assert [one.to_list() for one in as_numbers] == [one.to_list() for one in as_texts]
