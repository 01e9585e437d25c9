"""What stands out in a sheet's XML is found wherever its blocks are cut."""

from collections.abc import Iterator

import pytest

from greenward.survey.workbooks.formats.marks import Marks, marks_of
from greenward.survey.workbooks.refusals import WorkbookError
from tests.factories.spreadsheets import worksheet

SHEET = worksheet(
    '<row r="1" hidden="1"><c r="A1" t="e"><v>#N/A</v></c></row>'
    '<row r="2"><c r="A2" s="3"><v>0.5</v></c><c r="B2" t="s" s="3"><v>0</v></c></row>'
    '<row r="3" spans="1:3" hidden="true"><c r="B3" t="e"><f>IF("a"&gt;"b",1,1/0)</f><v>#DIV/0!</v></c>'
    '<c r="C3"><f>A2*2</f></c><c r="D3"><f t="shared" si="0"/><v></v></c>'
    '<c r="E3"><f>A2</f><v>1</v></c></row>',
    before='<cols><col min="2" max="3" width="9" hidden="1"/><col min="5" max="5"/></cols>',
    after='<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C2:C3"/></mergeCells>',
).encode()
EXPECTED = Marks(
    hidden_rows=[1, 3],
    hidden_columns=[(1, 2)],
    merged=[(0, 0, 0, 1), (1, 2, 2, 2)],
    texts={(1, "A"): "#N/A", (3, "B"): "#DIV/0!", (3, "C"): "=A2*2", (3, "D"): "=…"},
    percent={"A": [2]},
    formulas=3,
)


def cut(content: bytes, size: int) -> Iterator[bytes]:
    yield from (content[n : n + size] for n in range(0, len(content), size))


@pytest.mark.parametrize("size", [7, 40, 64, 333, 5000])
def test_marks_are_found_wherever_the_blocks_end(size: int) -> None:
    assert marks_of(cut(SHEET, size), "A", frozenset({3, 12})) == EXPECTED


def test_prefixed_tags_are_the_same() -> None:
    prefixed = SHEET.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
    assert marks_of([prefixed], "A", frozenset({3})) == EXPECTED


def test_a_formula_that_reaches_out_is_found_across_blocks() -> None:
    content = SHEET.replace(b"A2*2", b"HYPERLINK(&quot;http://x&quot;)")
    for size in (5, 61, 5000):
        with pytest.raises(WorkbookError) as caught:
            marks_of(cut(content, size), "A", frozenset())
        assert caught.value.data["reason"] == "formulas"
