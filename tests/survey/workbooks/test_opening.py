"""What is not a plain workbook of bearable size is refused with the way out; the rest is read."""

import io
import zipfile
from dataclasses import replace

import pytest

from greenward.survey.workbooks.opening import FROM_BROWSER, WorkbookError, letter, open_workbook
from tests.factories.survey import workbook

GOOD = workbook([["社区代码"], ["110101001001"]])


def reason(name: str, content: bytes, **limits: int) -> object:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(name, content, replace(FROM_BROWSER, **limits))
    assert caught.value.hint
    return caught.value.data["reason"]


def with_member(name: str) -> bytes:
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"x")
    return buffer.getvalue()


def other_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", b"x")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    "name,content,why",
    [
        ("a.xlsx", b"", "not_a_workbook"),
        ("a.xlsx", b"<html>", "not_a_workbook"),
        ("a.xlsx", other_zip(), "not_a_workbook"),
        ("a.xlsx", OLE, "old_format"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.xlsm", with_member("xl/vbaProject.bin"), "macros"),
        ("a.xlsx", with_member("xl/vbaProject.bin"), "macros"),
        ("a.xls", GOOD, "wrong_extension"),
        ("a.xlsx", GOOD[:-200], "damaged"),
        ("a.xlsx", GOOD[: len(GOOD) // 2], "damaged"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused(name: str, content: bytes, why: str) -> None:
    assert reason(name, content) == why


def test_size_is_bounded_packed_unpacked_and_in_rows() -> None:
    assert reason("a.xlsx", GOOD, packed=100) == "too_large"
    assert reason("a.xlsx", GOOD, unpacked=100) == "too_large"
    assert reason("a.xlsx", workbook([["x"]] * 20), rows=10) == "too_many_rows"


def test_cells_come_as_text_with_their_true_column() -> None:
    opened = open_workbook("a.xlsx", workbook([[None, "甲"], [None, 12]], more={"空": []}), FROM_BROWSER)
    assert [(sheet.name, sheet.letters, sheet.cells.rows()) for sheet in opened.sheets] == [
        ("社区", ("B",), [("甲",), ("12",)])
    ]


def test_letters_are_excels() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
