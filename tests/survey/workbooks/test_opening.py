"""Opening: the size, the name, and the same cells whatever the format."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from greenward.survey.workbooks.opening import (
    FROM_BROWSER,
    Area,
    Sheet,
    WorkbookError,
    index_of,
    letter,
    open_workbook,
)
from tests.factories import spreadsheets as write
from tests.factories.survey import workbook
from tests.factories.workbooks import Book, csv_of

GOOD = workbook([["社区代码"], ["110101001001"]])
ROWS = [
    ["社区", "户数", "日期", None],
    ["一里\n社区", 1200, date(2021, 9, 30)],
    ["二里", 3.5, None],
    [None, True],
]
SHOWN = [
    ("社区", "户数", "日期"),
    ("一里\n社区", "1200", "2021-09-30 00:00:00"),
    ("二里", "3.5", None),
    (None, "true", None),
]


def reason(name: str, content: bytes, **limits: int) -> object:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(name, content, replace(FROM_BROWSER, **limits))
    assert caught.value.hint
    return caught.value.data["reason"]


def opened(name: str, content: bytes) -> list[Sheet]:
    return list(open_workbook(name, content, FROM_BROWSER).sheets)


def xlsx() -> bytes:
    book = Book()
    book.page("甲", ROWS)
    return book.done()


def ods() -> bytes:
    return write.ods(f'<table:table table:name="甲">{"".join(map(write.ods_row, ROWS))}</table:table>')


@pytest.mark.parametrize(
    "name,made", [("a.xlsx", xlsx), ("a.xls", lambda: write.xls({"甲": ROWS})), ("a.ods", ods)]
)
def test_every_format_shows_the_same_cells(name: str, made: Callable[[], bytes]) -> None:
    sheets = opened(name, made())
    assert [(one.name, one.letters, one.cells.rows()) for one in sheets] == [("甲", ("A", "B", "C"), SHOWN)]
    assert set(sheets[0].cells.dtypes) == {pl.String()}


def test_size_is_bounded_packed_unpacked_in_rows_and_in_cells() -> None:
    assert reason("a.xlsx", GOOD, packed=100) == "too_large"
    assert reason("a.xlsx", GOOD, unpacked=100) == "too_large"
    assert reason("a.csv", b"1,2\n" * 40, unpacked=100) == "too_large"
    rows = [["x", "y"]] * 200
    for name, content in (
        ("a.xlsx", workbook(rows)),
        ("a.xls", write.xls({"A": rows})),
        ("a.csv", csv_of(rows)),
        ("a.ods", write.ods(f'<table:table table:name="A">{write.ods_row(["x"]) * 200}</table:table>')),
    ):
        assert reason(name, content, rows=50) == "too_many_rows"
        assert reason(name, content, cells=150) == "too_many_rows"


def test_cells_come_with_their_true_column_and_row() -> None:
    book = Book()
    book.page("社区", [[], [None, "甲"], [None, 12]])
    assert [(one.letters, one.cells.rows()) for one in opened("a.xlsx", book.done())] == [
        (("B",), [(None,), ("甲",), ("12",)])
    ]


def test_sheets_without_cells_and_hidden_ones_are_left_aside() -> None:
    book = Book()
    book.page("空", [])
    book.page("甲", [["x"]])
    book.page("旧", [["y"]]).hide()
    found = open_workbook("a.xlsx", book.done(), FROM_BROWSER)
    assert ([one.name for one in found.sheets], found.notes) == (["甲"], ("隐藏的工作表没有读取：旧。",))


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_merged_and_hidden_cells_are_told(kind: str) -> None:
    rows = [["题"], ["甲", "乙"], ["a", 1], [None, 2]]
    if kind == "xlsx":
        book = Book()
        page = book.page("A", rows, merged=["A1:B1", "A3:A4"])
        page.set_row(3, None, None, {"hidden": True})
        content = book.done()
    elif kind == "xls":
        content = write.xls({"A": rows}, merged=[(0, 0, 0, 1), (2, 0, 3, 0)], hidden_rows=[3])
    else:
        across, down = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
        body = (
            write.ods_row([write.ods_cell("题", across), "<table:covered-table-cell/>"])
            + write.ods_row(rows[1])
            + write.ods_row([write.ods_cell("a", down), 1])
            + write.ods_row(["<table:covered-table-cell/>", 2], 'table:visibility="collapse"')
        )
        content = write.ods(f'<table:table table:name="A">{body}</table:table>')
    sheet = opened(f"a.{kind}", content)[0]
    assert sorted(sheet.merged, key=lambda area: area.top) == [Area(0, 0, 0, 1), Area(2, 0, 3, 0)]
    assert sheet.hidden_rows == (4,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_is_read_whatever_its_encoding_and_separator(encoding: str, separator: str) -> None:
    rows = [["社区，街道", "户数", "说明"], ["一里", "1,200", '引"号'], ["", "", ""], ["𠮷里", "3", "两\n行"]]
    content = csv_of(rows, separator=separator, encoding=encoding)
    assert opened("a.csv", content)[0].cells.rows() == [
        ("社区，街道", "户数", "说明"),
        ("一里", "1,200", '引"号'),
        (None, None, None),
        ("𠮷里", "3", "两\n行"),
    ]


def test_text_may_say_its_separator_and_keep_codes_as_formulas() -> None:
    content = 'sep=;\r\n代码;户,数\r\n="0110";1\r\n;\r\n'.encode()
    assert opened("a.csv", content)[0].cells.rows() == [(None, None), ("代码", "户,数"), ("0110", "1")]
    assert opened("表.TXT", "代码\t户数\n1\t2\n".encode())[0].letters == ("A", "B")


def test_letters_are_excels() -> None:
    names = ["A", "Z", "AA", "ZZ", "AAA"]
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == names
    assert [index_of(name) for name in names] == [0, 25, 26, 701, 702]
