"""How far a sheet reaches is known before anything makes room for it, however its cells are placed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenward.survey.workbooks.formats.extent import SLACK, check_extent
from greenward.survey.workbooks.grid import FROM_BROWSER, MOST_COLUMNS, letter
from greenward.survey.workbooks.refusals import WorkbookError

LIMITS = replace(FROM_BROWSER, rows=1000, cells=20_000)
NEAR_ROW = 999
"""Up to here cells may stand in any order: so much room is bearable, and the reader counts again."""


def refused(content: bytes, size: int = 1 << 20) -> bool:
    blocks = [content[n : n + size] for n in range(0, len(content), size)]
    try:
        check_extent(blocks, blocks, "A", LIMITS)
    except WorkbookError as error:
        return error.data["reason"] == "too_many_rows"
    return False


def too_far(cells: list[tuple[int, int]]) -> bool:
    row, column = max(row for row, _column in cells), max(column for _row, column in cells)
    return row > LIMITS.rows + SLACK or column >= MOST_COLUMNS or row * (column + 1) > LIMITS.cells


PLACES = st.tuples(
    st.integers(1, 1_048_576) | st.integers(1, 1200), st.integers(0, 16_383) | st.integers(0, 120)
)


@given(
    places=st.lists(PLACES, min_size=1, max_size=5),
    prefix=st.sampled_from(["", "x:"]),
    size=st.integers(9, 90),
)
@settings(max_examples=200, deadline=None)
def test_far_cells_are_refused_in_any_spelling(places: list[tuple[int, int]], prefix: str, size: int) -> None:
    cells = "".join(
        f'<{prefix}c r="{letter(column)}{row}"><{prefix}v>1</{prefix}v></{prefix}c>' for row, column in places
    )
    content = f"<{prefix}sheetData><{prefix}row>{cells}</{prefix}row></{prefix}sheetData>".encode()
    if places == sorted(places):
        assert refused(content, size) == too_far(places)
    elif any(row > NEAR_ROW or column >= MOST_COLUMNS for row, column in places):
        assert refused(content, size)


@pytest.mark.parametrize("cell", ["<c><v>1</v></c>", '<c s="1"><v>1</v></c>', '<c\ns="1" t="n"><v>1</v></c>'])
def test_cells_that_do_not_say_where_they_are_are_counted(cell: str) -> None:
    assert not refused(f"<sheetData><row>{cell * 20}</row></sheetData>".encode())
    assert refused(f"<sheetData><row>{cell * MOST_COLUMNS}{cell}</row></sheetData>".encode())
    low = f'<sheetData><row r="1">{cell * 30}</row>{f"<row>{cell}</row>" * 800}</sheetData>'
    assert refused(low.encode())
    assert refused(f'<sheetData><row r="5000">{cell}</row></sheetData>'.encode())


@pytest.mark.parametrize(
    "row", ['<row r="{n}" s="1"/>', '<row r="{n}"><c r="ZZ{n}" s="4"/><c r="A{n}"/></row>']
)
def test_blank_formatted_cells_do_not_count(row: str) -> None:
    filled = '<row r="1"><c r="A1"><v>1</v></c></row>'
    blank = "".join(row.format(n=n) for n in range(2, 120_000, 400))
    assert not refused(f"<sheetData>{filled}{blank}</sheetData>".encode())
    assert refused(f'<sheetData>{blank}<row r="9"><c r="B120000"><v>1</v></c></row></sheetData>'.encode())
