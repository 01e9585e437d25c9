"""A large sheet that is read in pieces says the same as one that is read as a whole."""

import io
import random
import threading
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from greenward.survey.workbooks.formats import large, xlsx
from greenward.survey.workbooks.opening import FROM_BROWSER, Sheet, WorkbookError, open_workbook
from tests.factories import spreadsheets as write
from tests.factories import workbooks as make
from tests.factories.hostile import formula, sheet_with
from tests.factories.workbooks import Imitation

Row = list[object]


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Read every sheet in pieces of a few rows; return how many sheets were really read so."""
    count: list[int] = []
    real = large.read_large

    def counted(*given: object) -> large.Large | None:
        found = real(*given)  # type: ignore[arg-type]  # what it was called with
        count.extend([1] if found is not None else [])
        return found

    monkeypatch.setattr(xlsx, "LARGE", 0)
    monkeypatch.setattr(large, "PIECE", 2000)
    monkeypatch.setattr("greenward.survey.workbooks.formats.archive.BLOCK", 3000)
    monkeypatch.setattr(xlsx, "read_large", counted)
    return count


def workbook(rows: list[Row], *, strings: bool = True) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": not strings, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("表")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(number, column, cell)
    book.close()
    return buffer.getvalue()


def shown(content: bytes) -> tuple[object, ...]:
    sheet = open_workbook("a.xlsx", content, FROM_BROWSER).sheets[0]
    names = {letter: column.to_list() for letter, column in zip(sheet.letters, sheet.cells, strict=True)}
    said = {letter: column for letter, column in names.items() if any(cell is not None for cell in column)}
    return said, sheet.hidden_rows, sheet.merged, sheet.height


def plain_rows(many: int) -> list[Row]:
    dice = random.Random(3)  # noqa: S311 - figures for a test
    head: list[Row] = [["台账", None, None, None, None], ["代码", "名称", "户数", "比例", "日期"]]
    return head + [
        [str(990101001001 + n), f"第{n}社区", n, round(dice.random(), 4), date(2021, 9, 1 + n % 28)]
        for n in range(many)
    ]


ODD: dict[str, Callable[[list[Row]], list[Row]]] = {
    "plain": lambda rows: rows,
    "a total below": lambda rows: [*rows, ["合计", None, 9999, None, None]],
    "blank rows between": lambda rows: [*rows[:40], [], [], *rows[40:]],
    "a text among numbers": lambda rows: [*rows[:50], ["1", "x", "约100", "3%", None], *rows[50:]],
    "yes and no among numbers": lambda rows: [*rows, [True, None, True, 2.5, None]],
    "days among numbers": lambda rows: [*rows, ["1", None, date(2021, 1, 1), 3, 44469]],
    "a blank column in places": lambda rows: [
        [*row, None, n if n > 100 else None] for n, row in enumerate(rows)
    ],
    "nothing in the first column": lambda rows: [[None, *row[1:]] for row in rows],
    "wider below": lambda rows: [*rows, [*rows[-1], "备注", 1]],
}


@pytest.mark.parametrize("kept", ["shared", "inline"])
@pytest.mark.parametrize("odd", ODD)
def test_pieces_say_what_the_whole_says(odd: str, kept: str, in_pieces: list[int]) -> None:
    content = workbook(ODD[odd](plain_rows(150)), strings=kept == "shared")
    pieces = shown(content)
    assert in_pieces == [1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx, "LARGE", 1 << 40)
        assert shown(content) == pieces


def test_columns_of_numbers_stay_numbers(in_pieces: list[int]) -> None:
    sheet = open_workbook("a.xlsx", workbook(plain_rows(150), strings=False), FROM_BROWSER).sheets[0]
    assert sheet.body is not None
    assert [str(kind) for kind in sheet.body.dtypes[:4]] == ["String", "String", "Float64", "Float64"]
    assert (sheet.top.rows()[1][:3], sheet.top.height, sheet.body.height) == (
        ("代码", "名称", "户数"),
        2,
        150,
    )
    assert sheet.below(2)["column_2"].to_list() == list(range(150))
    assert sheet.below(1)["column_2"].to_list()[:3] == ["户数", "0", "1"]


@pytest.mark.parametrize("made", make.IMITATIONS, ids=lambda made: made.__name__)
def test_imitations_say_the_same(made: Callable[[], Imitation], in_pieces: list[int]) -> None:
    imitation = made()

    def opened() -> list[tuple[object, ...]]:
        sheets: tuple[Sheet, ...] = open_workbook(imitation.file_name, imitation.content, FROM_BROWSER).sheets
        return [(one.name, _said(one), one.hidden_rows, one.hidden_columns) for one in sheets]

    pieces = opened()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx, "LARGE", 1 << 40)
        assert opened() == pieces


def _said(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [
        (row, letter, cell)
        for letter, column in zip(sheet.letters, sheet.cells, strict=True)
        for row, cell in enumerate(column)
        if cell is not None
    ]


@pytest.mark.parametrize(
    "content,reason",
    [
        (formula("cmd|'/C calc'!A0")(), "formulas"),
        (sheet_with('<c r="XFD1048576"><v>1</v></c>'), "too_many_rows"),
    ],
)
def test_what_is_refused_is_refused_in_pieces_too(content: bytes, reason: str, in_pieces: list[int]) -> None:
    before = threading.active_count()
    with pytest.raises(WorkbookError) as caught:
        open_workbook("a.xlsx", content, FROM_BROWSER)
    assert caught.value.data["reason"] == reason
    assert threading.active_count() == before


def test_rows_out_of_order_are_read_as_a_whole(in_pieces: list[int]) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>1</v></c></row>' for n in (4, 3, 5)
    )
    head = f'<row r="1">{write.inline("A1", "代码")}{write.inline("B1", "户数")}</row>'
    content = write.raw_xlsx(write.worksheet(head + rows))
    sheet = open_workbook("a.xlsx", content, FROM_BROWSER).sheets[0]
    assert in_pieces == []
    assert sheet.cells.rows()[2:] == [("3", "1"), ("4", "1"), ("5", "1")]
