"""Tables as CSV: a mark for spreadsheets, unknown as empty, no formulas."""

from datetime import date

import pytest

from greenward.core.web.csv import csv_response


def test_a_table_becomes_a_file() -> None:
    response = csv_response("places", ["代码", "数"], [["110101", 3], ["110102", None]])
    assert response["Content-Disposition"] == 'attachment; filename="places.csv"'
    assert response.content.decode() == "\ufeff代码,数\r\n110101,3\r\n110102,\r\n"


@pytest.mark.parametrize(
    "value,cell",
    [
        ("=1+1", "'=1+1"),
        ("@cmd", "'@cmd"),
        ("-2", "'-2"),
        (-2, "-2"),
        (date(2022, 9, 15), "2022-09-15"),
        ("一里", "一里"),
    ],
)
def test_no_text_becomes_a_formula(value: object, cell: str) -> None:
    assert csv_response("x", ["h"], [[value]]).content.decode().splitlines()[1] == cell
