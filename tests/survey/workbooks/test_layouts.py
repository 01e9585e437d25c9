"""Headings in any form, rows that are no data, cards, units: sheet by sheet, with a small form of our own."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import to_json
from greenward.survey.workbooks.grid import Area, Sheet, letter
from greenward.survey.workbooks.problems import Problems
from greenward.survey.workbooks.reading import Reading, read_sheet

Rows = Sequence[Sequence[Any]]


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def named(name: str, label: str, kind: str = "count", *aliases: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "label": both(label), "type": kind, "aliases": aliases, **more}


STATES = tuple({"value": value, "label": both(text)} for value, text in (("good", "好"), ("old", "老化")))
FORM = Form.model_validate(
    {
        "id": "community",
        "title": both("社区"),
        "level": "community",
        "sections": (
            {
                "id": "people",
                "title": both("人口情况"),
                "fields": (
                    named("households", "常住户数", "count", "户数", unit="户"),
                    named("people", "常住人口", "count", unit="人"),
                    named("old", "60岁以上人口", "count", unit="人"),
                ),
            },
            {
                "id": "green",
                "title": both("绿地"),
                "fields": (
                    named("green", "绿地面积", "number", unit="平方米", decimals=0),
                    named("built", "建筑面积", "number", unit="平方米", decimals=0),
                    named("rate", "绿地率", "number", unit="%"),
                    named("damage", "道路破损数", "count", unit="处"),
                ),
            },
            {
                "id": "rest",
                "title": both("其他"),
                "fields": (
                    named("water", "供水现状", "choice", "供水", choices=STATES),
                    named("gate", "门禁", "bool"),
                    named("seen_on", "巡查日期", "date"),
                    named("spot", "位置", "position"),
                    named("photo", "照片", "file"),
                    named("schools", "学校", "table", columns=(named("n", "名称", "text"),)),
                ),
            },
        ),
    }
)


def sheet(rows: Rows, *, name: str = "Sheet1", merged: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    width = max(len(row) for row in rows)
    columns = {
        f"c{n}": pl.Series(
            [None if n >= len(row) or row[n] is None else str(row[n]) for row in rows], dtype=pl.String()
        )
        for n in range(width)
    }
    areas = tuple(Area(*area) for area in merged)
    return Sheet(name, pl.DataFrame(columns), tuple(map(letter, range(width))), areas)


def read(
    *given: Any, headings: dict[str, str] | None = None, **more: Any
) -> tuple[Reading, list[tuple[int, str, str]]]:
    problems = Problems()
    reading = read_sheet(sheet(*given, **more), FORM, problems, given=headings)
    assert reading is not None
    return reading, [(one.row, one.column, one.code) for one in problems.sorted()]


def answers(reading: Reading) -> list[dict[str, Any]]:
    return [
        {name.lstrip("="): to_json(cell) for name, cell in row.items() if name[0] == "=" and cell is not None}
        for row in reading.rows.iter_rows(named=True)
    ]


def meanings(reading: Reading) -> dict[str, tuple[str, str]]:
    return {one.letter: (one.meaning, one.origin) for one in reading.columns}


def test_a_group_says_which_of_several_like_headings_is_meant() -> None:
    rows = [
        ["社区", "绿地", None, "建筑", "供水"],
        [None, "面积（㎡）", "率", "面积(万㎡)", None],
        ["一里", 5, "30%", 1.5, "好"],
    ]
    merged = [(0, 1, 0, 2), (0, 0, 1, 0), (0, 4, 1, 4)]
    reading, told = read(rows, merged=merged)
    assert told == []
    assert answers(reading) == [{"green": 5.0, "rate": 30.0, "built": 15000.0, "water": "good"}]
    assert [one.heading for one in reading.columns] == [
        "社区",
        "绿地 | 面积（㎡）",
        "绿地 | 率",
        "建筑 | 面积(万㎡)",
        "供水",
    ]
    assert read([[*row] for row in rows])[1] == []  # the same without telling what is merged


def test_three_levels_and_sections_are_groups_too() -> None:
    rows = [
        ["社区名称", "人口情况", None, None], [None, "总数", None, "其中"],
        [None, "户数", "常住人口", "60岁以上人口"],
        ["一里", 1, 2, 3],
    ]  # fmt: skip
    reading, told = read(rows, merged=[(0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 2)])
    assert (answers(reading), told) == ([{"households": 1, "people": 2, "old": 3}], [])


def test_like_headings_below_several_groups_are_asked_not_guessed() -> None:
    rows = [["社区", "甲", None, "乙"], [None, "户数", "常住人口", "户数"], ["一里", 1, 2, 3]]
    reading, told = read(rows, merged=[(0, 1, 0, 2), (0, 0, 1, 0)])
    assert (answers(reading), told) == (
        [{"people": 2}],
        [(2, "B", "heading_unclear"), (2, "D", "heading_unclear")],
    )
    assert meanings(reading)["B"] == ("", "refused")
    chosen = {"甲|户数": "households", "乙|户数": ""}
    reading, told = read(rows, merged=[(0, 1, 0, 2), (0, 0, 1, 0)], headings=chosen)
    assert (answers(reading), told) == ([{"households": 1, "people": 2}], [])
    assert (meanings(reading)["B"], meanings(reading)["D"]) == (("households", "given"), ("", "given"))


def test_a_column_per_answer_is_ticked() -> None:
    rows = [
        ["社区", "供水现状", None, "门禁", None], [None, "好", "老化", "有", "无"],
        ["一里", "√", None, None, "√"],
        ["二里", None, "√", "√", "×"], ["三里", "√", "√", None, None], ["四里", None, None, "/", "0"],
    ]  # fmt: skip
    reading, told = read(rows, merged=[(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)])
    assert answers(reading) == [{"water": "good", "gate": False}, {"water": "old", "gate": True}, {}, {}]
    assert told == [(5, "B", "not_a_choice")]
    assert meanings(reading)["C"] == ("water", "known")


@pytest.mark.parametrize(
    "heading,value,expected,code",
    [
        ("常住户数\n（户）*", "1200", 1200, None), (" 常 住 户 数 ", "1", 1, None),
        ("户数(必填)（户）", "1", 1, None),
        ("常住户数/户", "3", 3, None), ("常住户数：", "3", 3, None), ("户数（万）", "0.12", 1200, None),
        ("户数（2021年末）", "3", 3, None), ("户数（个/户）", "3", 3, None),
        ("户数(单位：千户)", "1.2", 1200, None),
        ("户数（人）", "3", None, "unit_other"), ("户数（含集体户）", "3", None, "unit_unknown"),
        ("ＨＯＵＳＥＨＯＬＤＳ", "3", 3, None), ("其中：户数", "3", 3, None),
    ],
)  # fmt: skip
def test_headings_carry_units_and_remarks(
    heading: str, value: str, expected: int | None, code: str | None
) -> None:
    reading, told = read([["社区", heading, "常住人口"], ["一里", value, 1]])
    assert answers(reading)[0].get("households") == expected
    assert told == ([(1, "B", code)] if code else [])
    assert meanings(reading)["B"] == (("", "refused") if code else ("households", "known"))


def test_people_may_say_that_a_remark_changes_nothing() -> None:
    rows = [["社区", "户数（含集体户）"], ["一里", 3]]
    reading, told = read(rows, headings={"户数": "households"})
    assert (answers(reading), told) == ([{"households": 3}], [])


def test_a_unit_above_the_table_holds_where_no_column_says_otherwise() -> None:
    rows = [
        ["情况表", "（单位：万平方米、户）"],
        ["社区", "绿地面积", "建筑面积（亩）", "户数"],
        ["一里", 0.5, 3, 4],
    ]
    reading, told = read(rows)
    assert (answers(reading), told) == ([{"green": 5000.0, "built": 2000.0, "households": 4}], [])
    assert [note.partition("按")[2].strip() for note in reading.notes] == [
        "1万平方米 = 10000平方米 换算。", "1亩 = 666.6667平方米 换算。",
    ]  # fmt: skip
    rows[0] = ["单位：公顷、亩"]
    assert read(rows)[1] == [(2, "B", "unit_unclear")]
    rows[0] = ["填报单位：东街街道"]
    assert answers(read(rows)[0])[0]["green"] == 0.0


def test_rows_of_units_and_numbers_below_the_headings_are_no_data() -> None:
    rows = [["社区", "户数", "绿地面积"], ["—", "户", "万㎡"], ["甲", "(1)", "(2)"], ["一里", 1, 2]]
    reading, told = read(rows)
    assert (answers(reading), told) == ([{"households": 1, "green": 20000.0}], [])


@pytest.mark.parametrize(
    "row",
    [
        ["合计", 1], ["总 计：", 1], ["小计（东街）", 1], [None, "东街街道合计", 3], ["1", "平均", 2],
        ["3", "平均值", 2],
        ["注：户数为常住"], ["说明1.以公安数为准"], ["填表人：王", None, "审核人：李"], ["单位（盖章）"],
        ["2022年6月10日"],
        ["2.人口含流动人口。"], ["社区", "常住户数", "常住人口"], ["情况表"], ["例：一里社区", 100, 200],
    ],
)  # fmt: skip
def test_rows_that_are_no_data_are_left_out_and_said(row: list[Any]) -> None:
    rows = [["情况表"], ["社区", "常住户数", "常住人口"], ["一里", 1, 2], [None], row, ["二里", 3, 4]]
    reading, told = read(rows)
    assert (reading.skipped, told) == ((5,), [])
    assert reading.rows["community"].to_list() == ["一里", "二里"]
    assert reading.rows["row"].to_list() == [3, 6]


@pytest.mark.parametrize(
    "row",
    [
        ["合计里社区", 1, 2],
        ["总计路", 1, 2],
        ["注册社区", 1, 2],
        ["2号院社区", None, None],
        ["例家社区", 1, None],
    ],
)
def test_names_that_sound_like_it_are_data(row: list[Any]) -> None:
    reading, _told = read([["社区", "常住户数", "常住人口"], row, ["二里", 3, 4]])
    assert reading.rows["community"].to_list() == [row[0], "二里"]


def test_a_coded_row_is_never_a_total() -> None:
    rows = [["社区代码", "备注", "常住户数"], ["110101001001", "合计", 1], [None, "合计", 1]]
    assert read(rows)[0].skipped == (3,)


def test_numbers_over_several_rows_belong_to_none_of_them() -> None:
    rows = [["社区", "户数", "供水"], ["一里", 10, "好"], ["二里", None, None], ["三里", 3, None]]
    reading, told = read(rows, merged=[(1, 1, 2, 1), (1, 2, 3, 2)])
    assert told == [(2, "B", "merged_number"), (3, "B", "merged_number")]
    assert answers(reading) == [{"water": "good"}, {"water": "good"}, {"households": 3, "water": "good"}]


@pytest.mark.parametrize(
    "above,name,expected",
    [
        (
            [["社区名称：一里社区", None, "填报单位：东街街道办事处"]],
            "Sheet1",
            ("一里社区", "东街街道办事处", None),
        ),
        (
            [["社区名称", "一里社区", "社区代码", "110101 001 001"]],
            "表",
            ("一里社区", None, "110101 001 001"),
        ),
        ([["情况表"]], "3.二里社区", ("二里社区", None, None)),
        ([["东街街道三里社区情况表"]], "Sheet2", ("东街街道三里社区", None, None)),
        ([["填报单位：四里社区居委会"]], "数据", ("四里社区居委会", None, None)),
        ([["情况表"]], "汇总", (None, None, None)),
    ],
)
def test_a_sheet_may_be_about_one_community(above: Rows, name: str, expected: tuple[str | None, ...]) -> None:
    rows = [*above, ["户数", "常住人口", "60岁以上人口"], [7, 5, 3]]
    reading, _told = read(rows, name=name)
    assert reading.rows.select("community", "street", "code").rows() == [expected]


def test_what_a_column_says_goes_before_what_the_sheet_says() -> None:
    rows = [["社区名称：一里"], ["社区", "户数"], ["二里", 1]]
    assert read(rows, name="三里社区")[0].rows["community"].to_list() == ["二里"]


def test_a_card_says_where_each_answer_stands() -> None:
    rows = [
        ["登记卡"],
        ["社区名称", "一里", "街道", "东街"],
        ["户数", "5户", "供水", "坏"],
        ["常住人口", 9, "门禁", None],
    ]
    reading, told = read(rows)
    assert told == [(3, "D", "not_a_choice")]
    assert answers(reading) == [{"households": 5, "people": 9}]
    assert (reading.lines["water"], reading.letters["water"]) == (3, "D")
    assert reading.rows.select("row", "column", "community", "street", "faulty").rows() == [
        (2, None, "一里", "东街", True)
    ]


def test_a_table_on_its_side_has_a_record_per_column() -> None:
    rows = [
        ["项目", "单位", None, None],
        ["社区名称", None, "一里", "二里"],
        ["户数", "户", 1, "x"],
        ["绿地面积", "万㎡", 0.1, 2],
        ["门禁", None, "有", None],
    ]
    reading, told = read(rows)
    assert told == [(3, "D", "not_a_number")]
    assert answers(reading) == [{"households": 1, "green": 1000.0, "gate": True}, {"green": 20000.0}]
    assert reading.rows.select("row", "column", "community").rows() == [(2, "C", "一里"), (2, "D", "二里")]


def test_coordinates_may_stand_in_two_columns() -> None:
    rows = [["社区", "户数", "经度", "纬度"], ["一里", 1, 116.4, 39.9], ["二里", 2, 116.4, None]]
    reading, told = read(rows)
    assert answers(reading) == [{"households": 1, "spot": "116.40000,39.90000"}, {"households": 2}]
    assert told == [(3, "C", "not_a_position")]


def test_files_and_tables_are_refused_at_their_heading_where_anything_stands_there() -> None:
    rows = [["社区", "户数", "照片", "学校"], ["一里", 1, "a.jpg", None]]
    reading, told = read(rows)
    assert (answers(reading), told) == ([{"households": 1}], [(1, "C", "file_in_cell")])
    assert (meanings(reading)["C"], meanings(reading)["D"]) == (("", "refused"), ("", "refused"))


def test_unknown_and_repeated_columns_are_told() -> None:
    rows = [["序号", "社区", "户数", "常住户数", "联系电话"], [1, "一里", 1, 2, 3]]
    reading, told = read(rows)
    assert (answers(reading), told) == ([{"households": 1}], [(1, "D", "heading_twice")])
    assert reading.unknown_headings == ("E 联系电话",)


def test_a_sheet_without_headings_is_none_of_ours() -> None:
    for rows in ([["填写说明"], ["请认真填写"]], [["户数"], [1]], [[None]], [["社区"], ["一里"]]):
        assert read_sheet(sheet(rows), FORM, Problems()) is None
