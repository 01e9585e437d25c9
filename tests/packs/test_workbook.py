"""Standards as workbooks: out and in again without loss, and every fault at its cell."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from greenward.packs.diff import compare
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.loading import load, read
from greenward.packs.workbook.grid import WorkbookError
from greenward.packs.workbook.reading import Drafted, drafted
from greenward.packs.workbook.shapes import Told, rule_of, told_of
from greenward.packs.workbook.writing import workbook_of
from tests.factories.packs import BEIJING, beijing_pack

SHAPES = sorted(path for path in (settings.ROOT / "tests" / "packs" / "shapes").iterdir() if path.is_dir())
HEAD = [
    "领域", "项号", "指标要求", "指标要求（英文）", "简称", "简称（英文）", "条款", "责任部门", "判定方式",
    "事实", "分母", "门槛", "规则", "分值（分）", "操作细则", "操作细则（英文）", "评定依据",
    "评定依据（英文）",
]  # fmt: skip
ROWS = 30
STATED = {"mechanism": 20, "infrastructure": 18, "environment": 22, "smart": 20, "culture": 20}
"""The subtotals as the rubric states them; the rows of the environment add up to 20, not 22."""


def book(sheets: dict[str, list[list[Any]]], *, merged: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        page.write(number, column, value)
            if merged:
                page.merge_range(0, 0, 0, 5, rows[0][0])
    return out.getvalue()


def rubric(**changed: Any) -> bytes:
    """Return a rubric of 30 rows as offices keep them: a title, merged areas, full-width digits, subtotals.

    ``changed``: row number (``r7``) → cells by column.
    """
    areas = list(STATED)
    lines: list[list[Any]] = [["绿色社区评分标准（试行）"], ["单位：分"], HEAD]
    number = 0
    for area in areas:
        for nth in range(6):
            number += 1
            points = 3 if area == "infrastructure" else [4, 4, 3, 3, 3, 3][nth]
            wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
            line = [
                area if nth == 0 else None, wide, f"第{number}条要求", f"Requirement {number}",
                f"条{number}",
                f"No {number}", "2.1", "housing", "比例不低于" if nth == 0 else "是",
                "compounds_managed" if nth == 0 else "smart_security",
                "compounds_total" if nth == 0 else None,
                "３０％" if nth == 0 else None, None, points, "照做", "Do it", "看资料", "Papers",
            ]  # fmt: skip
            for column, value in changed.get(f"r{number}", {}).items():
                line[HEAD.index(column)] = value
            lines.append(line)
        lines.append([f"{area} 小计", *[None] * 12, STATED[area]])
    lines.append(["合计", *[None] * 12, 100])
    return book({"评分标准": lines}, merged=True)


def taken(content: bytes) -> Drafted:
    return drafted(content, texts_of(beijing_pack()))


@pytest.mark.parametrize("folder", [BEIJING, *SHAPES], ids=lambda path: path.name)
def test_an_edition_goes_out_and_comes_in_again_without_loss(folder: Path) -> None:
    pack = load(folder)
    texts = texts_of(pack)
    found = drafted(workbook_of(texts), texts)
    again = read(found.texts)
    assert (found.faults, again.problems) == ((), ())
    assert again.pack is not None
    assert compare(pack, again.pack) == []


def test_a_rubric_of_thirty_rows_reports_its_one_wrong_sum_at_its_cell() -> None:
    found = taken(rubric())
    assert (found.faults, found.rows) == ((), ROWS)
    problems = [each for each in read(found.texts).problems if each.code == "source_inconsistent"]
    assert len(problems) == 1
    assert "22 分，各行合计 20 分" in problems[0].message
    cells = found.cells["standard.yaml"]
    assert cells["areas/environment/points"] == "评分标准!N24"
    assert cells["items/7/rule"] == "评分标准!L11"
    assert cells["points"] == "评分标准!N39"
    assert "points: 22" in found.texts["standard.yaml"], "the stated figure stays as it is stated"
    assert "ratio(compounds_managed, compounds_total) >= 0.3" in found.texts["standard.yaml"]


@pytest.mark.parametrize(
    "row, changed, cell, code",
    [
        ("r2", {"分值（分）": "四分"}, "评分标准!N5", "unreadable_cell"),
        ("r7", {"门槛": None}, "评分标准!I11", "blank_cell"),
        ("r7", {"判定方式": "差不多"}, "评分标准!I11", "unreadable_cell"),
        ("r7", {"规则": "smart_security"}, "评分标准!M11", "two_rules"),
        ("r3", {"操作细则": None}, "评分标准!O6", "blank_cell"),
        ("r3", {"项号": "三"}, "评分标准!B6", "unreadable_cell"),
        ("r7", {"领域": "绿化"}, "评分标准!A11", "unknown_area"),
    ],
)
def test_what_cannot_be_read_is_reported_at_its_cell(
    row: str, changed: dict[str, Any], cell: str, code: str
) -> None:
    found = taken(rubric(**{row: changed}))
    assert [(fault.cell, fault.code) for fault in found.faults] == [(cell, code)]


def test_several_faults_are_all_reported_at_once() -> None:
    found = taken(rubric(r2={"分值（分）": "x"}, r9={"简称": None}, r30={"评定依据": None}))
    assert [fault.cell for fault in found.faults] == ["评分标准!N5", "评分标准!E13", "评分标准!Q37"]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    for content in (b"", b"PK\x03\x04 not really", b"a,b\n1,2\n"):
        with pytest.raises(WorkbookError):
            taken(content)


def test_a_workbook_without_indicators_is_refused() -> None:
    with pytest.raises(WorkbookError) as refused:
        taken(book({"人员": [["姓名", "电话"], ["甲", "1"]]}))
    assert "列指标的工作表" in str(refused.value)


def test_an_empty_template_has_the_names_to_choose_from() -> None:
    texts = texts_of(beijing_pack())
    assert len(workbook_of(texts, filled=False)) < len(workbook_of(texts))
    found = drafted(workbook_of(texts, filled=False), texts)
    assert found.rows == 0


@pytest.mark.parametrize(
    "rule, told",
    [
        ("ratio(a, b) >= 0.30", Told("ratio_least", "a", "b", "0.30")),
        ("a >= least_a", Told("least", "a", "", "least_a")),
        ("smart_security", Told("yes", "smart_security")),
        ("days_since(d) <= 90", Told("within_days", "d", "", "90")),
        ("a >= 1 && b", None),
        ("ratio(a,b) >= 0.30", None),
    ],
)
def test_a_rule_is_told_by_its_shape_only_where_that_says_it_to_the_letter(
    rule: str, told: Told | None
) -> None:
    assert told_of(rule) == told
    if told is not None:
        assert rule_of(told) == rule
