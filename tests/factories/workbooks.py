"""Workbooks as offices send them, each an imitation of a kind that is met in practice.

:data:`IMITATIONS` builds them all: what they contain, what must be read, what must be told. They are about
the small tree of ``tests.factories.territories`` and the forms of Beijing's pack.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.factories import spreadsheets as write
from tests.factories.territories import COMMUNITY, OTHER_COMMUNITY, SECOND, TOWN_COMMUNITY

Target = tuple[str, str]
"""A community's code and, for compounds, the compound's name (else empty)."""
Told = tuple[str, int, str, str]
"""A problem: sheet, row as Excel counts, column letter, code."""


@dataclass(frozen=True)
class Imitation:
    """A workbook with what it says.

    ``expected``: by target, field → value as entries keep it, of all rows without problems. ``problems``: all
    of them. ``notes``: texts that stand in the notes. ``form``: the form that it answers.
    """

    file_name: str
    content: bytes
    expected: Mapping[Target, Mapping[str, object]]
    problems: Sequence[Told] = ()
    notes: Sequence[str] = ()
    form: str = "community"
    skipped: Mapping[str, Sequence[int]] = field(default_factory=dict)


class Book:
    """An .xlsx in the making: ``rows`` writes cells, days as Excel's days, and None as blank."""

    def __init__(self, options: dict[str, object] | None = None) -> None:
        self.buffer = io.BytesIO()
        given = {"in_memory": True, "default_date_format": "yyyy-mm-dd", **(options or {})}
        self.book = xlsxwriter.Workbook(self.buffer, given)
        self.percent = self.book.add_format({"num_format": "0.0%"})
        self.day = self.book.add_format({"num_format": "yyyy/m/d"})

    def page(self, name: str, rows: write.Rows, *, merged: Sequence[str] = ()) -> Worksheet:
        """Write a sheet; ``merged`` ranges keep the text of their first cell."""
        page = self.book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(number, column, cell)
        for area in merged:
            row, column = xlsxwriter.utility.xl_cell_to_rowcol(area.partition(":")[0])
            page.merge_range(area, rows[row][column])
        return page

    def done(self) -> bytes:
        """Return the file."""
        self.book.close()
        return self.buffer.getvalue()


def street_ledger() -> Imitation:
    """Imitate a street's ledger: a title, headings in two levels with merged groups, a row of units.

    Full-width digits, thousands separators, units in cells, the sum below, a note and signatures.
    """
    book = Book()
    rows: list[list[object]] = [
        ["2022年东街街道社区基本情况摸底表"],
        ["填报单位：东街街道办事处", None, None, None, "填报日期：2022年6月10日"],
        ["序号", "社区名称", "人口情况", None, None, "绿化", None, "停车秩序\n是否规范", "联系人"],
        [None, None, "总户数", "常住\n人口", "其中：60岁以上人口", "面积（㎡）", "绿地率", None, None],
        [None, None, "户", "人", "人", None, "%", None, None],
        [1, "一里社区居委会", "１，２００", "3,050人", 610, "12,500.0", "30%", "√", "王"],
        [2, "二里", "９８０ 户", "2 410", "—", "8600㎡", "28.5", "×", "李"],
        ["合 计", None, 2180, 5460, 610, 21100, None, None, None],
        ["注：绿化面积含集中绿地。"],
        ["填表人：王", None, None, "审核人：赵", None, None, "（盖章）"],
    ]
    merged = ["A1:I1", "A3:A4", "B3:B4", "C3:E3", "F3:G3", "H3:H4", "I3:I4"]
    book.page("摸底表", rows, merged=merged)
    first = {
        "households": 1200, "population": 3050, "population_60": 610, "green_area_m2": 12500.0,
        "green_rate": 30.0, "parking_orderly": True,
    }  # fmt: skip
    second = {
        "households": 980, "population": 2410, "green_area_m2": 8600.0, "green_rate": 28.5,
        "parking_orderly": False,
    }  # fmt: skip
    return Imitation(
        "东街街道摸底.xlsx",
        book.done(),
        {(COMMUNITY, ""): first, (SECOND, ""): second},
        notes=["I 联系人"],
        skipped={"摸底表": (8, 9, 10)},
    )


def sheet_per_community() -> Imitation:
    """Imitate lists of compounds, a sheet per community named after it, behind a sheet of instructions."""
    book = Book()
    head = ["序号", "小区名称", "建成年份", "楼数", "总户数", "总建筑面积（万㎡）", "老旧小区"]
    book.page(
        "填写说明", [["项目", "说明"], ["小区名称", "按产权证填写"], ["楼数", "整数"], ["总户数", "整数"]]
    )
    book.page(
        "1.河畔社区",
        [
            ["小区情况统计表"],
            head,
            [1, "一号院", "1998年", 6, 480, 3.25, "是"],
            [2, "二号院", 2005, 3, 210, 1.1, "否"],
        ],
    )
    book.page("二里社区", [head, [1, "一号院", "1985年6月", 12, "1020户", "7.2万", "√"]])
    expected = {
        (TOWN_COMMUNITY, "一号院"): {
            "name": "一号院", "year_built": 1998, "buildings": 6, "households": 480, "floor_area_m2": 32500.0,
            "is_old": True,
        },
        (TOWN_COMMUNITY, "二号院"): {
            "name": "二号院", "year_built": 2005, "buildings": 3, "households": 210, "floor_area_m2": 11000.0,
            "is_old": False,
        },
    }  # fmt: skip
    return Imitation(
        "各社区小区.xlsx",
        book.done(),
        expected,
        problems=[("二里社区", 2, "F", "unit_twice")],
        notes=["1万㎡ = 10000平方米"],
        form="compound",
    )


def registration_cards() -> Imitation:
    """Imitate a card per community and sheet: labels with their answers beside them, two pairs in a row."""
    book = Book()
    for name, code, households, people, old, water in (
        ("一里社区（东街）", COMMUNITY, 1200, "3050人", 610, "良好"),
        ("二里社区", SECOND, "980户", "约2400", 400, "老化"),
    ):
        book.page(
            name,
            [
                ["社区基本情况登记卡"],
                ["社区名称", name.partition("（")[0], "社区代码", code],
                ["总户数", households, "常住人口", people],
                ["60岁以上人口", old, "供水", water],
                ["最近培训日期", "2022年5月", "宣传场所", "有"],
                ["备注：", "无"],
            ],
            merged=["A1:D1"],
        )
    first = {
        "households": 1200, "population": 3050, "population_60": 610, "water_supply": "good",
        "last_training_on": "2022-05-01", "venue_exists": True,
    }  # fmt: skip
    return Imitation(
        "登记卡.xlsx",
        book.done(),
        {(COMMUNITY, ""): first},
        problems=[("二里社区", 3, "D", "not_exact")],
        notes=["只写到月的"],
    )


def turned_table() -> Imitation:
    """Imitate a table on its side: questions with their units below each other, communities side by side."""
    book = Book()
    rows = [
        ["东街街道各社区指标"],
        ["序号", "社区名称", "单位", "一里社区", "二里社区"],
        [1, "街道", None, "东街街道", "东街街道"],
        [2, "总户数", "户", 1200, 980],
        [3, "常住人口", "万人", 0.305, 0.241],
        [4, "绿地面积", "平方米", 12500, "很多"],
        [5, "停车秩序规范", None, "是", "否"],
    ]
    book.page("指标", rows)
    expected = {
        (COMMUNITY, ""): {
            "households": 1200, "population": 3050, "green_area_m2": 12500.0, "parking_orderly": True,
        },
    }  # fmt: skip
    return Imitation(
        "指标表.xlsx", book.done(), expected, [("指标", 6, "E", "not_a_number")], ["1万人 = 10000人"]
    )


def old_excel() -> Imitation:
    """Imitate an .xls of 2003: merged title, days and percents by format, a filtered row, a hidden sheet."""
    rows: list[list[object]] = [
        ["社区摸底表"],
        ["社区代码", "社区名称", "总户数", "绿地率", "租住比例", "最近培训日期", "宣传场所"],
        [COMMUNITY, "一里", 1200.0, 0.3, 0.125, date(2022, 5, 20), True],
        [SECOND, "二里社区", 980.0, 0.285, None, date(2021, 9, 30), False],
        ["合计", None, 2180.0],
    ]
    content = write.xls(
        {"摸底": rows, "草稿": [["社区代码", "总户数"], [SECOND, 1]]},
        merged=[(0, 0, 0, 6)],
        hidden_rows=[3],
        hidden_sheets=["草稿"],
        percent=[3, 4],
    )
    expected = {
        (COMMUNITY, ""): {
            "households": 1200, "green_rate": 30.0, "rented_share": 12.5, "last_training_on": "2022-05-20",
            "venue_exists": True,
        },
        (SECOND, ""): {
            "households": 980, "green_rate": 28.5, "last_training_on": "2021-09-30", "venue_exists": False,
        },
    }  # fmt: skip
    return Imitation(
        "摸底2003.xls",
        content,
        expected,
        notes=["隐藏的工作表没有读取：草稿", "1 行是隐藏的，也读取了：第 4 行"],
        skipped={"摸底": (5,)},
    )


TWICE = 'table:number-columns-repeated="2"'


def libre_office() -> Imitation:
    """Imitate an .ods: repeated cells, percent and days by type, a filtered row, a million blank rows."""
    percent = '<table:table-cell office:value-type="percentage" office:value="{}"/>'
    body = (
        '<table:table table:name="摸底" table:style-name="ta1">'
        '<table:table-column table:number-columns-repeated="6"/>'
        + write.ods_row(["社区代码", "总户数", "常住人口", "绿地率", "最近培训日期", "停车秩序"])
        + write.ods_row([int(COMMUNITY), 1200, "3,050", percent.format("0.3"), date(2022, 5, 20), "有"])
        + write.ods_row(
            [SECOND, write.ods_cell(980, TWICE), percent.format("0.285"), None, "无"],
            'table:visibility="filter"',
        )
        + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row></table:table>'
        + '<table:table table:name="草稿" table:style-name="ta2">' + write.ods_row(["社区代码", "总户数"])
        + "</table:table>"
    )  # fmt: skip
    styles = (
        '<style:style style:name="ta1" style:family="table"><style:table-properties/></style:style>'
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    expected = {
        (COMMUNITY, ""): {
            "households": 1200, "population": 3050, "green_rate": 30.0, "last_training_on": "2022-05-20",
            "parking_orderly": True,
        },
        (SECOND, ""): {
            "households": 980, "population": 980, "green_rate": 28.5, "parking_orderly": False,
        },
    }  # fmt: skip
    content = write.ods(body, styles=styles)
    return Imitation("摸底.ods", content, expected, notes=["草稿", "第 3 行"])


def csv_of(rows: write.Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as .csv; ``encoding`` utf-8-sig puts the mark before."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(rows)
    return buffer.getvalue().encode(encoding)


def exported_csv() -> Imitation:
    """Imitate a system's .csv in GB 18030: groups without merged cells, codes kept as ="…", blank tail."""
    rows = [
        ["社区摸底导出", "", "", "", "", ""],
        ["社区代码", "社区名称", "基本情况", "", "绿地", ""],
        ["", "", "总户数", "常住人口", "面积", "布局"],
        [f'="{COMMUNITY}"', "一里社区居委会", "1,200", "3050", "1.25万", "有"],
        [f'="{SECOND}"', "二里社区居委会", "980", "", "8600", "无"],
        ["", "", "", "", "", ""],
        ["总计：2个社区", "", "", "", "", ""],
    ]
    expected = {
        (COMMUNITY, ""): {
            "households": 1200, "population": 3050, "green_area_m2": 12500.0, "green_layout_reasonable": True,
        },
        (SECOND, ""): {"households": 980, "green_area_m2": 8600.0, "green_layout_reasonable": False},
    }  # fmt: skip
    return Imitation("导出.csv", csv_of(rows, encoding="gb18030"), expected, skipped={"CSV": (7,)})


def compounds_under_communities() -> Imitation:
    """Imitate compounds below a merged community, 同上, one number merged over two rows, a banner."""
    book = Book()
    rows: list[list[object]] = [
        ["社区", "小区", "竣工年", "户数", "楼数", "供热方式"],
        ["东街街道各小区"],
        ["二里社区", "甲院", 1990, 100, 2, "集中供热"],
        [None, "乙院", 1991, 120, 3, None],
        [None, "丙院", 1992, 130, 4, None],
        ["河畔社区", "甲院", 2001, 300, 5, "集中供热"],
        ["同上", "乙院", "2002年", None, 6, "集中供热"],
        ["小计", None, None, 650, 20],
    ]
    merged = ["A2:F2", "A3:A5", "F3:F5", "D6:D7"]
    book.page("小区台账", rows, merged=merged)
    second = {
        "甲院": (1990, 100, 2), "乙院": (1991, 120, 3), "丙院": (1992, 130, 4),
    }  # fmt: skip
    expected: dict[Target, dict[str, object]] = {
        (SECOND, name): {
            "name": name,
            "year_built": year,
            "households": n,
            "buildings": m,
            "heating": "district",
        }
        for name, (year, n, m) in second.items()
    }
    return Imitation(
        "小区台账.xlsx",
        book.done(),
        expected,
        problems=[("小区台账", 6, "D", "merged_number"), ("小区台账", 7, "D", "merged_number")],
        form="compound",
        skipped={"小区台账": (2, 8)},
    )


def converted_units() -> Imitation:
    """Imitate units other than ours: in the headings, above the table and in cells; shares in three ways."""
    book = Book()
    page = book.page(
        "面积",
        [
            ["社区面积及比例（单位：万平方米）"],
            ["社区代码", "社区面积", "绿地面积(亩)", "荫下场地（公顷）", "常住人口(万人)", "绿地率", "绿化率",
             "租住比例", "坡道（米）", "透水铺装面积（含停车场）"],
            [COMMUNITY, 25.5, 3, 0.12, "0.305", 0.3, "28%", None, 12, 100],
            [SECOND, "180000平方米", "1.5", None, 0.241, 0.285, "31.5", None, None, None],
        ],
    )  # fmt: skip
    page.write(2, 7, 0.125, book.percent)
    page.write(3, 7, 0.2, book.percent)
    expected = {
        (COMMUNITY, ""): {
            "land_area_m2": 255000.0, "green_area_m2": 2000.0, "shaded_ground_m2": 1200.0, "population": 3050,
            "green_rate": 30.0, "canopy_rate": 28.0, "rented_share": 12.5,
        },
        (SECOND, ""): {
            "land_area_m2": 180000.0, "green_area_m2": 1000.0, "population": 2410, "green_rate": 28.5,
            "canopy_rate": 31.5, "rented_share": 20.0,
        },
    }  # fmt: skip
    return Imitation(
        "面积.xlsx",
        book.done(),
        expected,
        problems=[("面积", 2, "I", "unit_other"), ("面积", 2, "J", "unit_unknown")],
        notes=["1亩 = 666.6667平方米", "1公顷 = 10000平方米", "1万平方米 = 10000平方米", "按比例读取"],
    )


def marks_and_dates() -> Imitation:
    """Imitate every way to say yes, no, a day and a year; and those that say nothing for certain."""
    book = Book()
    page = book.page(
        "台账",
        [
            [
                "社区代码",
                "停车秩序",
                "宣传场所",
                "智能安防",
                "噪声治理",
                "最近发布日期",
                "最近培训日期",
                "总户数",
            ],
            [COMMUNITY, "√", "有", "○", "○", "2021.9.30", None, "1.2千"],
            [SECOND, "✗", "无", "×", "○", "2021年9月", "20210930", "12元"],
            [OTHER_COMMUNITY, "是", None, "○", None, "2021.9", "2021/9/30", 7],
            [TOWN_COMMUNITY, "未", "已", "否", None, None, "21.9.30", "100余"],
        ],
    )
    page.write(1, 6, 44469)
    problems = [
        ("台账", 2, "E", "circle_unclear"), ("台账", 3, "E", "circle_unclear"),
        ("台账", 3, "H", "unit_differs"), ("台账", 4, "F", "date_unclear"),
        ("台账", 5, "G", "not_a_date"), ("台账", 5, "H", "not_exact"),
    ]  # fmt: skip
    notes = ["“○”读作“是”", "按当月 1 日读取：第 3 行", "日期序号读取：第 2 行"]
    return Imitation("台账.xlsx", book.done(), {}, problems, notes)


def filtered_by_hand() -> Imitation:
    """Imitate a filtered and printed sheet: hidden rows and columns, the headings again on every page.

    Names with their street before them, and a name that two communities bear.
    """
    book = Book()
    head = ["社区", "总户数", "常住人口", "停车秩序"]
    rows: list[list[object]] = [
        ["社区名单"],
        head,
        ["东街街道一里社区", 1200, 3050, "是"],
        ["二里社区居委会", 980, 2410, "否"],
        ["社区名单"],
        head,
        ["西街一里", 700, 1800, "是"],
        ["一里社区", 5, 6, "是"],
        ["河畔", 650, 1500, None],
    ]
    page = book.page("名单", rows, merged=["A1:D1"])
    page.set_row(3, None, None, {"hidden": True})
    page.set_column(2, 2, None, None, {"hidden": True})
    book.page("旧数据", [head, ["二里", 1, 1, "否"]]).hide()
    expected = {
        (COMMUNITY, ""): {"households": 1200, "population": 3050, "parking_orderly": True},
        (SECOND, ""): {"households": 980, "population": 2410, "parking_orderly": False},
        (OTHER_COMMUNITY, ""): {"households": 700, "population": 1800, "parking_orderly": True},
        (TOWN_COMMUNITY, ""): {"households": 650, "population": 1500},
    }
    return Imitation(
        "名单.xlsx",
        book.done(),
        expected,
        problems=[("名单", 8, "", "community_ambiguous")],
        notes=["隐藏的工作表没有读取：旧数据", "第 4 行；不要的请先删去", "隐藏列也读取了：C"],
        skipped={"名单": (5, 6)},
    )


def written_by_a_program() -> Imitation:
    """Imitate a program's .xlsx: prefixed tags, cells without places, a formula that was never reckoned."""
    cells = [["社区代码", "总户数", "常住人口"], [COMMUNITY, 1200, 3050], [SECOND, 980, "=B3*2.5"]]

    def cell(value: object) -> str:
        if isinstance(value, int):
            return f"<x:c><x:v>{value}</x:v></x:c>"
        if str(value).startswith("="):
            return f'<x:c r="C3"><x:f>{str(value)[1:]}</x:f></x:c>'
        return f'<x:c t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>'

    rows = "".join(f"<x:row>{''.join(map(cell, row))}</x:row>" for row in cells)
    sheet = f'<x:worksheet xmlns:x="{write.MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    return Imitation(
        "接口导出.xlsx",
        write.raw_xlsx(sheet, name="数据"),
        {(COMMUNITY, ""): {"households": 1200, "population": 3050}},
        problems=[("数据", 3, "C", "formula_without_value")],
    )


def old_macintosh() -> Imitation:
    """Imitate days counted from 1904, by format and as bare numbers; errors of formulas in cells."""
    book = Book({"date_1904": True})
    rows = [["社区代码", "最近培训日期", "最近发布日期", "总户数"], [COMMUNITY, None, 43007, 1200], [SECOND]]
    page = book.page("台账", rows)
    page.write_datetime(1, 1, date(2021, 9, 30), book.day)
    page.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    expected = {
        (COMMUNITY, ""): {
            "last_training_on": "2021-09-30", "last_post_on": "2021-09-30", "households": 1200,
        },
    }  # fmt: skip
    return Imitation("mac.xlsx", book.done(), expected, [("台账", 3, "D", "error_cell")])


IMITATIONS: Sequence[Callable[[], Imitation]] = (
    street_ledger,
    sheet_per_community,
    registration_cards,
    turned_table,
    old_excel,
    libre_office,
    exported_csv,
    compounds_under_communities,
    converted_units,
    marks_and_dates,
    filtered_by_hand,
    written_by_a_program,
    old_macintosh,
)
