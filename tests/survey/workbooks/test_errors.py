"""Cells in which Excel shows an error are problems at their cell, not blanks."""

import io

import pytest
import xlsxwriter

from greenward.survey import actions
from greenward.survey.models import Entry
from greenward.survey.workbooks import errors
from greenward.survey.workbooks.opening import FROM_BROWSER, open_workbook
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND


def workbook() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("说明").write(0, 0, "空")
    page = book.add_worksheet("社区 & 小区")
    page.write_row(2, 1, ["社区代码", "常住户数", "常住人口"])
    page.write_row(3, 1, [COMMUNITY, 5])
    page.write_formula(3, 3, '=IF("a">"b",1,1/0)', None, "#DIV/0!")
    page.write_row(4, 1, [SECOND, 6, 9])
    page.write_formula(5, 1, "=NA()", None, "#N/A")
    page.write(5, 2, 7)
    book.close()
    return buffer.getvalue()


@pytest.mark.django_db
def test_an_error_in_a_cell_rejects_its_row() -> None:
    held = make.survey_round()
    file = actions.preview_import(held, "community", "a.xlsx", workbook(), by=None, at=make.AT)
    told = [(p["row"], p["column"], p["value"], p["code"]) for p in file.report["problems"]]
    assert told == [(4, "D", "#DIV/0!", "error_cell"), (6, "", "#N/A", "community_not_found")]
    assert not Entry.objects.exists()


def test_errors_are_found_at_their_cells() -> None:
    found = errors.error_cells(workbook(), ["说明", "社区 & 小区"])
    assert found == {"社区 & 小区": [(4, "D", "#DIV/0!"), (6, "B", "#N/A")]}


def test_other_cells_stay_as_they_are() -> None:
    sheet = open_workbook("a.xlsx", workbook(), FROM_BROWSER).sheets[1]
    rows = sheet.cells.rows()[-3:]
    assert [row[-3:] for row in rows] == [
        (COMMUNITY, "5", "#DIV/0!"),
        (SECOND, "6", "9"),
        ("#N/A", "7", None),
    ]


def test_a_mark_across_two_blocks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in range(3, 9):
        monkeypatch.setattr(errors, "BLOCK", size)
        assert len(errors.error_cells(workbook(), ["说明", "社区 & 小区"])["社区 & 小区"]) == 2


def test_large_files_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "MOST_BYTES", 10)
    assert errors.error_cells(workbook(), ["说明", "社区 & 小区"]) == {}
