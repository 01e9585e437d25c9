"""Values out: every format says the same, as of a day, within reach, with people's figures only as sums."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import fastexcel
import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import GreenwardError, InvalidInputError, NotFoundError
from greenward.core.models import AuditEntry
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey.actions.exports import ExportTooLargeError, take_out, take_page
from greenward.survey.exports.chosen import Chosen, chosen_for
from greenward.survey.exports.formats import FORMATS, file_name, format_named
from greenward.survey.exports.paged import page_of
from greenward.survey.exports.rows import blocks
from greenward.survey.exports.sums import sums_of
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.states import Way
from greenward.territories.actions import create_units
from greenward.territories.models import Level, Place
from tests.factories import survey as make
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

KNOWN: Mapping[str, Any] = {
    "households": 1200,
    "population": 3100,
    "rented_share": 12.5,
    "water_supply": "good",
    "co_creation_mechanism": True,
    "last_training_on": "2022-03-01",
    "heritage_present": False,
    "schools": [{"name": "=一小", "kind": "primary"}, {"name": "幼儿园", "kind": "kindergarten"}],
}


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def pack() -> Pack:
    return programmes.policy(programmes.current(make.TODAY))


def told(held: Round, code: str, values: Mapping[str, Any], *, at: datetime = make.AT, **more: Any) -> Entry:
    place = Place.objects.get(code=code)
    form = more.pop("form", place.level)
    return Entry.objects.create(
        round=held, form=form, level=place.level, place=place, values=values, at=at, **more
    )


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def choose(person: User | None, **more: Any) -> Chosen:
    return chosen_for(person, **{"as_of": make.TODAY, **more})


def taken(chosen: Chosen, name: str) -> bytes:
    buffer = io.BytesIO()
    take_out(chosen, pack(), FORMATS[name], buffer, by=chosen.person or None, at=make.AT)  # type: ignore[arg-type]
    return buffer.getvalue()


def sheet(content: bytes, name: str) -> pl.DataFrame:
    return fastexcel.read_excel(content).load_sheet(name).to_polars()


def row_of(frame: pl.DataFrame, column: str, code: str) -> dict[str, Any]:
    return frame.filter(pl.col(column) == code).row(0, named=True)


def test_a_workbook_has_a_sheet_per_level_with_typed_cells(held: Round) -> None:
    told(held, COMMUNITY, KNOWN)
    content = taken(choose(None), "xlsx")
    book = fastexcel.read_excel(content)
    assert book.sheet_names[:2] == ["说明", "社区"]
    assert {"小区", "楼栋", "按街道合计", "数据字典"} <= set(book.sheet_names)
    rows = sheet(content, "社区")
    assert rows.height == 4
    row = row_of(rows, "社区代码", COMMUNITY)
    assert (row["区"], row["街道"], row["社区名称"]) == ("甲区", "东街街道", "一里社区居委会")
    assert (row["常住户数（户）"], row["常住人口（人）"]) == (1200, 3100)
    assert row["最近一次培训日期"] == datetime(2022, 3, 1)  # noqa: DTZ001 - cells have no zone
    unknown = row_of(rows, "社区代码", SECOND)
    assert (unknown["常住户数（户）"], unknown["最近一次培训日期"]) == (None, None)
    tables = sheet(content, "社区 社区内学校和幼儿园")
    assert tables.select("社区代码", "行", "名称", "类别").rows() == [
        (COMMUNITY, 1, "=一小", "小学"),
        (COMMUNITY, 2, "幼儿园", "幼儿园"),
    ]


def test_headings_and_cells_come_in_words_as_codes_or_as_both(held: Round) -> None:
    told(held, COMMUNITY, KNOWN)
    fields = ("water_supply", "co_creation_mechanism")
    heads = {}
    for wording in ("labels", "codes", "both"):
        chosen = choose(None, subject="community", fields=fields, wording=wording)
        text = taken(chosen, "csv").decode("utf-8-sig")
        head, first = text.splitlines()[:2]
        heads[wording] = (head.split(",")[-3:], first.split(",")[-3:])
    assert heads["labels"][1] == ["一里社区居委会", "是", "好"]
    assert heads["codes"] == (["place_name", *reversed(fields)], ["一里社区居委会", "true", "good"])
    assert heads["both"][1] == ["是", "好", "good"]


def test_csv_marks_its_encoding_and_starts_no_formula(held: Round) -> None:
    told(held, COMMUNITY, KNOWN)
    with zipfile.ZipFile(io.BytesIO(taken(choose(None, sources=True), "csv.zip"))) as archive:
        names = set(archive.namelist())
        schools = archive.read("community-schools.csv")
        about = archive.read("about.txt").decode("utf-8-sig")
        sources = pl.read_csv(archive.read("sources.csv"))
    assert {"community.csv", "compound.csv", "old-tree.csv", "sums.csv", "dictionary.csv"} <= names
    assert schools.startswith(b"\xef\xbb\xbf")
    assert "'=一小" in schools.decode("utf-8-sig")
    assert "截至：2022-06-15" in about
    assert sources.height == len(KNOWN)
    assert sources.row(0, named=True)["数据日期"] == "2022-06-15"


def test_parquet_has_typed_columns_under_codes(held: Round) -> None:
    told(held, COMMUNITY, KNOWN)
    frame = pl.read_parquet(taken(choose(None, subject="community"), "parquet"))
    kinds = dict(frame.schema)
    names = ("households", "rented_share", "co_creation_mechanism", "last_training_on", "schools")
    assert [kinds[name] for name in names] == [pl.Int64, pl.Float64, pl.Boolean, pl.Date, pl.Int64]
    row = row_of(frame, "place_code", COMMUNITY)
    assert (row["water_supply"], row["water_supply_label"], row["schools"]) == ("good", "好", 2)
    assert row["last_training_on"] == date(2022, 3, 1)
    with zipfile.ZipFile(io.BytesIO(taken(choose(None), "parquet.zip"))) as archive:
        schools = pl.read_parquet(archive.read("community-schools.parquet"))
        sums = pl.read_parquet(archive.read("sums.parquet"))
    assert schools["kind"].to_list() == ["primary", "kindergarten"]
    assert sums.height == 0


def test_positions_are_two_columns_of_degrees(held: Round) -> None:
    community = Place.objects.get(code=COMMUNITY)
    tree = create_units(
        {community: ["古树1"]}, Level.FACILITY, sort="old-tree", reason="测试", by=None, at=make.AT
    )[0]
    told(held, tree.place.code, {"position": "116.39750,39.90870"}, form="old-tree")
    frame = pl.read_parquet(taken(choose(None, subject="old-tree"), "parquet"))
    assert frame.select("place_code", "place_community_code", "position_lon", "position_lat").rows() == [
        (tree.place.code, COMMUNITY, 116.3975, 39.9087)
    ]


def test_as_of_a_day_shows_what_was_known_then(held: Round) -> None:
    told(held, COMMUNITY, {"households": 1000}, at=datetime(2022, 6, 10, tzinfo=UTC))
    told(held, COMMUNITY, {"households": 1100}, at=datetime(2022, 6, 14, tzinfo=UTC))
    told(held, COMMUNITY, {"households": None}, at=datetime(2022, 6, 20, tzinfo=UTC))
    seen = []
    for day in (date(2022, 6, 9), date(2022, 6, 10), date(2022, 6, 14), date(2022, 6, 20)):
        page = page_of(choose(None, subject="community", as_of=day), choose(None).subjects[0])
        seen.append(page.rows[0].values.get("households"))
    assert seen == [None, 1000, 1100, None]


def test_an_undone_import_is_neither_a_value_nor_a_source(held: Round) -> None:
    told(held, COMMUNITY, {"households": 1000})
    file = ImportFile.objects.create(
        round=held, form="community", file_name="台账.xlsx", digest="0" * 64, at=make.AT
    )
    told(held, COMMUNITY, {"households": 9}, way=Way.WORKBOOK, file=file, sheet="表", row=2)
    told(held, COMMUNITY, {"households": 1000}, way=Way.UNDO, file=file)
    chosen = choose(None, subject="community", fields=["households"], sources=True)
    row = page_of(chosen, chosen.subjects[0]).rows[0]
    assert row.values == {"households": 1000}
    assert row.sources is not None
    assert row.sources["households"]["source"] == "系统载入"
    assert row.sources["households"]["confirmed_on"] is None


def test_a_confirmation_keeps_the_source_and_names_its_day(held: Round) -> None:
    told(held, COMMUNITY, {"households": 1000}, observed_on=date(2021, 5, 1))
    told(held, COMMUNITY, {"households": 1000}, by=person("gao"))
    chosen = choose(None, subject="community", fields=["households"], sources=True)
    sources = page_of(chosen, chosen.subjects[0]).rows[0].sources
    assert sources is not None
    assert (sources["households"]["on"], sources["households"]["confirmed_on"]) == (
        "2021-05-01",
        "2022-06-15",
    )


def fill_people(held: Round, population: Mapping[str, int]) -> None:
    for code, number in population.items():
        told(held, code, {"population": number, "households": 5})


def test_figures_of_people_are_single_for_those_who_survey_and_sums_for_others(
    held: Round, settings: Any
) -> None:
    settings.GREENWARD_FEWEST_PLACES = 2
    fill_people(held, {COMMUNITY: 100, SECOND: 200, OTHER_COMMUNITY: 300, TOWN_COMMUNITY: 400})
    clerk, city = choose(official("street_clerk", STREET)), choose(official("city_lead", CITY))
    rows = {row.code: row.values for row in page_of(clerk, clerk.subjects[0]).rows}
    assert {code: values["population"] for code, values in rows.items()} == {COMMUNITY: 100, SECOND: 200}
    assert sums_of(clerk, clerk.subjects[0]) == []
    values = [row.values for row in page_of(city, city.subjects[0]).rows]
    assert [one.get("population") for one in values] == [None] * 4
    assert [one["households"] for one in values] == [5] * 4
    sums = {
        one.street_code: (one.places, one.known, one.total)
        for one in sums_of(city, city.subjects[0])
        if one.field.id == "population"
    }
    assert sums[STREET] == (2, 2, 300)
    assert {one[2] for code, one in sums.items() if code != STREET} == {None}


def test_small_sums_are_not_shown(held: Round, settings: Any) -> None:
    settings.GREENWARD_FEWEST_PLACES = 2
    fill_people(held, {COMMUNITY: 4, SECOND: 5})
    chosen = choose(official("city_department", CITY))
    found = [one for one in sums_of(chosen, chosen.subjects[0]) if one.field.id == "population"]
    assert {one.street_code: one.total for one in found}[STREET] is None
    settings.GREENWARD_SMALLEST_SUM = 9
    found = [one for one in sums_of(chosen, chosen.subjects[0]) if one.field.id == "population"]
    assert {one.street_code: one.total for one in found}[STREET] == 9


def test_no_sum_is_given_below_a_single_community(held: Round, settings: Any) -> None:
    settings.GREENWARD_FEWEST_PLACES = 1
    fill_people(held, {COMMUNITY: 4000})
    chosen = choose(official("city_department", CITY), place=COMMUNITY)
    assert sums_of(chosen, chosen.subjects[0]) == []
    assert "population" not in page_of(chosen, chosen.subjects[0]).rows[0].values
    workbook = taken(choose(chosen.person, place=COMMUNITY, sources=True), "xlsx")
    assert "population" not in sheet(workbook, "来源")["字段代码"].to_list()


def test_places_end_where_the_reach_ends(held: Round) -> None:
    fill_people(held, {COMMUNITY: 100, TOWN_COMMUNITY: 400})
    lead = official("district_lead", DISTRICT)
    chosen = choose(lead, subject="community")
    assert TOWN_COMMUNITY not in pl.read_parquet(taken(chosen, "parquet"))["place_code"].to_list()
    for place in (OTHER_DISTRICT, TOWN_COMMUNITY, "999999999999"):
        with pytest.raises(NotFoundError):
            choose(lead, place=place)
    with pytest.raises(NotFoundError):
        choose(person("stranger"))


def test_what_is_asked_for_must_exist(held: Round) -> None:
    with pytest.raises(NotFoundError):
        choose(None, subject="moon")
    with pytest.raises(NotFoundError):
        choose(None, form="moon")
    with pytest.raises(InvalidInputError) as refused:
        choose(None, fields=["households", "moons"])
    assert refused.value.data["fields"] == ["moons"]
    with pytest.raises(NotFoundError):
        format_named("doc")
    with pytest.raises(GreenwardError) as several:
        taken(choose(None), "csv")
    assert several.value.code == "several_subjects"


def test_every_export_is_in_the_audit_trail_without_values(held: Round) -> None:
    told(held, COMMUNITY, KNOWN)
    lead = official("district_lead", DISTRICT)
    chosen = choose(lead, subject="community", place=STREET)
    take_out(chosen, pack(), FORMATS["csv"], io.BytesIO(), by=lead, at=make.AT)
    take_page(chosen, by=lead, at=make.AT, limit=1)
    first, second = AuditEntry.objects.filter(action="survey.export").order_by("number")
    assert (first.by, first.scope, first.data["as_of"], first.data["rows"]) == (
        lead,
        chosen.place.path,
        "2022-06-15",
        2,
    )
    assert (second.data["format"], second.data["rows"]) == ("json", 1)
    assert "1200" not in str(first.data)


def test_too_much_for_a_browser_is_refused_before_reading(held: Round) -> None:
    with pytest.raises(ExportTooLargeError) as refused:
        take_out(choose(None), pack(), FORMATS["xlsx"], io.BytesIO(), by=None, at=make.AT, most_cells=100)
    assert refused.value.data["most"] == 100
    assert AuditEntry.objects.filter(action="survey.export").count() == 0


def test_pages_follow_each_other_without_gap_or_repetition(held: Round) -> None:
    chosen = choose(None, subject="community", fields=["households"])
    codes, after = [], ""
    while True:
        page = page_of(chosen, chosen.subjects[0], after=after, limit=3)
        codes += [row.code for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert codes == [COMMUNITY, SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY]
    assert (page.total, page_of(chosen, chosen.subjects[0], after="nowhere").rows) == (4, [])


def test_queries_do_not_grow_with_places_or_entries(held: Round) -> None:
    chosen = choose(official("city_lead", CITY), subject="community", sources=True)
    counts = []
    for codes in ([COMMUNITY], [SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY]):
        for code in codes:
            for day in range(3):
                told(held, code, {**KNOWN, "households": day}, at=make.AT + timedelta(minutes=day))
        with CaptureQueriesContext(connection) as queries:
            taken(chosen, "csv.zip")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_small_blocks_say_the_same_as_one(held: Round) -> None:
    for code in (COMMUNITY, SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY):
        make.fill(held, code, compound=f"院{code[-3:]}")
    chosen = choose(None)
    for subject in chosen.subjects[:2]:
        whole = [block.rows for block in blocks(chosen, subject)]
        parts = [block.rows for block in blocks(chosen, subject, size=1)]
        assert (len(whole), len(parts)) == (1, 4)
        assert pl.concat(parts).equals(whole[0])


def test_names_of_files_say_what_is_in_them(held: Round) -> None:
    chosen = choose(None, subject="community")
    assert file_name(chosen, FORMATS["xlsx"]) == f"greenward-community-{CITY}-2022-06-15.xlsx"
