"""Workbooks about all units and several forms at once, and the template there and back."""

import io
import json
from datetime import date, timedelta
from typing import Any

import fastexcel
import psycopg
import pytest
from django.db import connection

from greenward.accounts.models import User
from greenward.survey import actions
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.queries import form_of, template_for, values_of
from greenward.survey.workbooks.grid import Workbook
from greenward.survey.workbooks.sheets import key_of
from greenward.territories.models import Place, PlaceVersion
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db

COMPOUNDS = [("社区代码", "小区名称", "楼栋数"), [COMMUNITY, "一号院", 3], [SECOND, "一号院", 4]]
BUILDINGS = [
    ("社区代码", "所属小区", "楼栋名称", "地上层数"),
    [COMMUNITY, "一号院", "1号楼", 6],
    [COMMUNITY, "１号院", "2号楼", 7],
    [SECOND, "一号院", "1号楼", 8],
]


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def clerk(held: Round) -> User:
    made = person("clerk")
    appoint(made, "street_clerk", STREET)
    return made


def preview(held: Round, content: bytes, form: str = "", by: User | None = None, **more: Any) -> ImportFile:
    return actions.preview_import(held, form, "台账.xlsx", content, by=by, at=more.get("at", make.AT))


def confirm(file: ImportFile, **more: Any) -> ImportFile:
    return actions.confirm_import(file, by=file.by, at=more.get("at", make.AT))


def problems(file: ImportFile) -> list[tuple[str, int, str]]:
    return [(p["sheet"], p["row"], p["code"]) for p in file.report["problems"]]


def known(held: Round, code: str, form: str = "community") -> dict[str, object]:
    values = values_of(Place.objects.get(code=code), form_of(held, form), make.TODAY + timedelta(days=400))
    return {name: value.value for name, value in values.items()}


def label(held: Round, form: str, field: str) -> str:
    return str(form_of(held, form).field(field).label)


def test_compounds_and_their_buildings_come_in_one_workbook(held: Round) -> None:
    key = label(held, "building", "name")
    rows = [
        ("社区代码", "所属小区", key, label(held, "building", "storeys")),
        *BUILDINGS[1:2],
        *BUILDINGS[3:],
    ]
    more = {"楼栋": rows, "社区": [("社区代码", "常住户数"), [COMMUNITY, 1200]]}
    file = preview(held, make.workbook(COMPOUNDS, sheet="小区", more=more))
    assert (file.form, problems(file)) == ("", [])
    assert file.report["forms"] == ["community", "compound", "building"]
    done = confirm(file)
    assert (done.report["written"], done.report["made"]) == (5, 4)
    names = PlaceVersion.objects.filter(place__level="building").order_by("path")
    assert [(one.parent.code, one.name) for one in names] == [
        (f"{COMMUNITY}-001", "1号楼"),
        (f"{SECOND}-001", "1号楼"),
    ]
    assert known(held, f"{COMMUNITY}-001-001", "building")["storeys"] == 6
    again = confirm(preview(held, make.workbook(COMPOUNDS, sheet="小区", more=more)))
    assert (again.report["written"], again.report["made"]) == (0, 0)


def test_a_building_needs_a_compound_that_is_there(held: Round) -> None:
    confirm(preview(held, make.workbook(COMPOUNDS), "compound"))
    head = ("社区代码", "所属小区", label(held, "building", "name"), label(held, "building", "storeys"))
    rows = [
        head,
        [COMMUNITY, "一号 院", "1号楼", 6],
        [COMMUNITY, "九号院", "1号楼", 6],
        [COMMUNITY, None, "2号楼", 1],
    ]
    file = preview(held, make.workbook(rows, sheet="楼栋"), "building")
    assert problems(file) == [("楼栋", 3, "compound_not_found"), ("楼栋", 4, "compound_name_missing")]
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert Place.objects.filter(level="building").count() == 1


def test_facilities_belong_to_their_sort_and_need_a_name(held: Round) -> None:
    key = label(held, "old-tree", form_of(held, "old-tree").key or "")
    other = next(
        f
        for f in form_of(held, "old-tree").fields
        if f.type in {"text", "count"} and f.id != form_of(held, "old-tree").key
    )
    rows = [("社区代码", key, str(other.label)), [COMMUNITY, "A001", 3], [COMMUNITY, None, 4]]
    file = preview(held, make.workbook(rows, sheet="古树"), "old-tree")
    assert problems(file) == [("古树", 3, "unit_name_missing")]
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert list(PlaceVersion.objects.filter(place__level="facility").values_list("sort", "name")) == [
        ("old-tree", "A001")
    ]


def test_every_value_knows_its_file_sheet_row_and_person(held: Round, clerk: User) -> None:
    confirm(preview(held, make.workbook(COMPOUNDS[:2], sheet="小区表"), by=clerk))
    entry = Entry.objects.get(level="compound")
    assert (entry.form, entry.sheet, entry.row, entry.by, entry.file.file_name) == (
        "compound", "小区表", 2, clerk, "台账.xlsx",
    )  # fmt: skip


def template(held: Round, form: str = "", **more: Any) -> bytes:
    return template_for(more.get("by"), held, form, as_of=more.get("as_of", make.TODAY))


def changed(content: bytes, sheet: str, cells: dict[tuple[int, int], object]) -> bytes:
    """Return the template as somebody filled it in: its sheets again, with other cells."""
    reader = fastexcel.read_excel(content)
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in reader.sheet_names:
        page = book.add_worksheet(name)
        rows = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars().rows()
        written = {
            (r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is not None
        }
        for (row, column), cell in {**written, **(cells if name == sheet else {})}.items():
            page.write(row, column, cell)
        if name == "_greenward":
            page.very_hidden()
    book.close()
    return buffer.getvalue()


def column_of(content: bytes, sheet: str, start: str) -> int:
    rows = fastexcel.read_excel(content).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    return next(n for n, text in enumerate(rows.to_polars().row(0)) if text and text.startswith(start))


@pytest.mark.django_db(transaction=True)
def test_the_template_of_all_forms_opens_again_and_changes_nothing(held: Round) -> None:
    make.fill(held, COMMUNITY)
    content = template(held)
    names = fastexcel.read_excel(content).sheet_names
    key = fastexcel.read_excel(content).load_sheet(
        "_greenward", header_row=None, skip_rows=0, dtypes="string"
    )
    said = dict(key.to_polars()[:, :2].drop_nulls().rows())
    assert {"form", "round", "pack", "place", "seen", "newest", "sheets"} <= said.keys() | {"form", "place"}
    sheets = json.loads(said["sheets"])
    assert {text.partition("/")[0] for text in sheets.values()} == {f.id for f in _forms(held)}
    assert set(sheets) <= set(names)
    file = preview(held, content)
    assert problems(file) == []
    assert file.report["outcomes"].keys() <= {"unchanged"}
    assert confirm(file).report["written"] == 0


def _forms(held: Round) -> list[Any]:
    from greenward.survey.queries import forms_of

    return list(forms_of(held).values())


def test_table_rows_have_their_own_sheet_and_become_one_value(held: Round) -> None:
    table = next(f for f in form_of(held, "community").fields if f.type == "table" and f.id == "schools")
    content = template(held, "community")
    sheet = str(table.label)
    width = column_of(content, sheet, str(table.columns[0].label))
    cells: dict[tuple[int, int], object] = {}
    for number, name in enumerate(("东街小学", "西街小学"), 1):
        cells |= {
            (number, 0): COMMUNITY,
            (number, 1): "一里社区居委会",
            (number, width): name,
            (number, width + 1): "小学",
        }
    file = preview(held, changed(content, sheet, cells), "community")
    assert (problems(file), file.report["outcomes"].get("new")) == ([], 1)
    confirm(file)
    assert Entry.objects.get().values == {
        "schools": [{"name": "东街小学", "kind": "primary"}, {"name": "西街小学", "kind": "primary"}]
    }
    assert confirm(preview(held, changed(content, sheet, cells), "community")).report["written"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_stale_template_never_goes_over_a_newer_value(held: Round, clerk: User) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 7, "population": 20}, by=None, at=make.AT)
    content = template(held, "community", by=clerk)
    sheet = fastexcel.read_excel(content).sheet_names[1]
    households = column_of(content, sheet, label(held, "community", "households"))
    actions.record_values(held, "community", place, {"households": 8, "population": 21}, by=clerk, at=make.AT)
    filled = changed(content, sheet, {(1, households): 9})
    file = preview(held, filled, "community", clerk)
    assert file.report["warning_counts"] == {"newer-value": 1}
    message = file.report["warnings"][0]["message"]
    assert "9" in message
    assert "8" in message
    assert "clerk" in message
    confirm(file)
    assert known(held, COMMUNITY) == {"households": 8, "population": 21}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ran_meanwhile_makes_nothing_newer(held: Round, clerk: User) -> None:
    with psycopg.connect(**connection.get_connection_params()) as beside:  # elsewhere on the server
        beside.execute("SELECT pg_current_xact_id()")
        place = Place.objects.get(code=COMMUNITY)
        actions.record_values(
            held, "community", place, {"households": 7, "population": 20}, by=None, at=make.AT
        )
        content = template(held, "community", by=clerk)
    sheet = fastexcel.read_excel(content).sheet_names[1]
    households = column_of(content, sheet, label(held, "community", "households"))
    actions.record_values(held, "community", place, {"population": 21}, by=clerk, at=make.AT)
    file = preview(held, changed(content, sheet, {(1, households): 9}), "community", clerk)
    assert file.report["warning_counts"] == {}
    confirm(file)
    assert known(held, COMMUNITY) == {"households": 9, "population": 21}


@pytest.mark.parametrize(
    "said,read",
    [
        ("741", "741:741:"),
        ("741:741:", "741:741:"),
        ("741:745:741,743", "741:745:741,743"),
        ("745:741:", None),
        ("741:745:743,742", None),
        ("741:745:750", None),
        ("0:5:", None),
        ("1:2:'); DROP", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_only_what_the_database_takes_is_a_snapshot(said: str, read: str | None) -> None:
    assert key_of(Workbook(sheets=(), key={"seen": said})).seen == read


@pytest.mark.django_db(transaction=True)
def test_with_a_reason_the_template_goes_first_and_the_reason_travels(held: Round, clerk: User) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 7}, by=None, at=make.AT)
    content = template(held, "community", by=clerk)
    sheet = fastexcel.read_excel(content).sheet_names[1]
    actions.record_values(held, "community", place, {"households": 8}, by=None, at=make.AT)
    column = column_of(content, sheet, label(held, "community", "households"))
    file = preview(held, changed(content, sheet, {(1, column): 9}), "community", clerk)
    assert problems(file) == []
    file = actions.decide_import(file, by=clerk, at=make.AT, reasons={"newer-value": "以入户核对为准"})
    assert file.report["outcomes"]["changed"] == 1
    confirm(file)
    newest = Entry.objects.latest("id")
    assert (newest.values, newest.reasons) == ({"households": 9}, {"newer-value": "以入户核对为准"})


@pytest.mark.django_db(transaction=True)
def test_an_expired_value_left_in_the_template_is_confirmed_a_valid_one_is_not(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    fields = [f for f in form_of(held, "community").fields if f.type == "count"]
    short = next(f for f in fields if f.valid_months and f.valid_months <= 12)
    forever = next(
        (f for f in form_of(held, "community").fields if f.valid_months is None and f.type == "bool"), None
    )
    values: dict[str, object] = {short.id: 7} | ({forever.id: True} if forever else {})
    actions.record_values(held, "community", place, values, by=None, at=make.AT)
    later = make.AT + timedelta(days=500)
    second = make.survey_round(
        "r2023", reference_on=date(2023, 10, 1), opens_on=date(2023, 10, 1), closes_on=date(2023, 12, 1)
    )
    content = template(second, "community", as_of=later.date())
    file = preview(second, content, "community", at=later)
    confirm(file, at=later)
    newest = Entry.objects.latest("id")
    assert (newest.round_id, newest.values) == (second.pk, {short.id: 7})
