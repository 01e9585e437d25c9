"""A community's own file: what it says, to whom, and on paper."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.core.errors import NotFoundError
from greenward.core.models import AuditEntry
from greenward.survey.exports.documents import own_file_pdf
from greenward.survey.exports.own_file import OwnFile, own_file_for
from greenward.survey.models import Entry, Round
from greenward.survey.queries import form_of
from greenward.territories.actions import create_units
from greenward.territories.models import Alias, Level, Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_STREET,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    return held


def told(held: Round, code: str, values: dict[str, object], **more: object) -> Entry:
    place = Place.objects.get(code=code)
    return Entry.objects.create(
        **{"round": held, "form": place.level, "level": place.level, "place": place, "values": values}
        | {"at": make.AT, **more}
    )


def lines(file: OwnFile) -> dict[str, tuple[str, str]]:
    return {line.label: (line.answer, line.source) for _title, group in file.groups for line in group}


def test_it_says_who_where_and_what_is_known(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    Alias.objects.create(place=place, text="11010100", source="民政", during=(None, None))
    told(
        held,
        COMMUNITY,
        {"households": 700, "schools": [{"name": "一小", "kind": "primary"}]},
        by=person("gao"),
    )
    file = own_file_for(None, COMMUNITY, as_of=make.TODAY)
    identity = dict(file.identity)
    assert (identity["街道（乡镇）"], identity["区"]) == ("东街街道", "甲区")
    assert (identity["别名和其他代码"], identity["现行区划自"], identity["计入城市社区"]) == (
        "11010100（民政）",
        "有记录以来",
        "是",
    )
    assert lines(file)["常住户数"] == ("700户", "gao 填报")
    assert lines(file)["社区内学校和幼儿园"][0] == "见下表"
    assert file.tables[0].rows[0][:2] == ("一小", "小学")
    assert [grid.title for grid in file.units] == ["小区（1 个）"]
    assert file.units[0].rows[0][:2] == ("-001", "一号院")
    assert dict(file.state)["核验状态"] == "填报中"


def test_it_holds_as_of_its_day(held: Round) -> None:
    told(held, COMMUNITY, {"households": 999}, at=datetime(2022, 6, 20, tzinfo=UTC))
    assert lines(own_file_for(None, COMMUNITY, as_of=make.TODAY))["常住户数"][0] == "12户"
    assert (
        lines(own_file_for(None, COMMUNITY, as_of=datetime(2022, 6, 20, tzinfo=UTC).date()))["常住户数"][0]
        == "999户"
    )


def test_warnings_stand_with_their_reasons_while_the_values_do(held: Round) -> None:
    told(held, COMMUNITY, {"households": 100, "households_asked": 10, "households_willing": 5})
    told(held, COMMUNITY, {"professionals_assigned": False, "professional_visits_last_year": 3})
    before = own_file_for(None, COMMUNITY, as_of=make.TODAY)
    (doubt,) = [one for one in before.doubts if one.place.startswith("一里") and not one.reason][:1]
    check = next(one for one in form_of(held, "community").checks if str(one.message) == doubt.message)
    told(held, COMMUNITY, {}, reasons={check.id: "已核实"})
    after = own_file_for(None, COMMUNITY, as_of=make.TODAY)
    assert {one.message: one.reason for one in after.doubts}[doubt.message] == "已核实"
    told(held, COMMUNITY, {"professional_visits_last_year": 4})
    changed = own_file_for(None, COMMUNITY, as_of=make.TODAY)
    assert {one.message: one.reason for one in changed.doubts}[doubt.message] == ""


def test_figures_of_people_are_for_those_who_survey(held: Round) -> None:
    told(held, COMMUNITY, {"population": 3100})
    clerk, city = person("clerk"), person("city")
    appoint(clerk, "street_clerk", STREET)
    appoint(city, "city_lead", CITY)
    own, other = (own_file_for(one, COMMUNITY, as_of=make.TODAY) for one in (clerk, city))
    assert (lines(own)["常住人口"][0], own.rule) == ("3100人", "")
    assert lines(other)["常住人口"] == ("仅汇总", "")
    assert "3100" not in str(other.as_data())
    assert other.rule


def test_strangers_neighbours_and_other_levels_get_nothing(held: Round) -> None:
    neighbour = person("neighbour")
    appoint(neighbour, "street_clerk", OTHER_STREET)
    for user, code in ((person("stranger"), COMMUNITY), (neighbour, COMMUNITY), (None, STREET), (None, "x")):
        with pytest.raises(NotFoundError):
            own_file_for(user, code, as_of=make.TODAY)
    page = signed_in(neighbour).get(f"/survey/export/places/{COMMUNITY}/file.pdf?as_of=2022-06-15")
    assert page.status_code == 404


def test_queries_do_not_grow_with_units_or_entries(held: Round) -> None:
    with CaptureQueriesContext(connection) as few:
        own_file_for(None, COMMUNITY, as_of=make.TODAY)
    place = Place.objects.get(code=COMMUNITY)
    for number in range(5):
        (made,) = create_units(
            {place: [f"{number}号新院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT
        )
        told(held, made.place.code, {"households": 3})
        told(held, COMMUNITY, {"households": number})
    with CaptureQueriesContext(connection) as many:
        own_file_for(None, COMMUNITY, as_of=make.TODAY)
    assert len(many) == len(few)


def test_the_page_and_the_pdf_are_given_and_the_pdf_leaves_a_trace(held: Round) -> None:
    lead = person("lead")
    appoint(lead, "district_lead", DISTRICT)
    page = signed_in(lead).get(f"/survey/export/places/{COMMUNITY}/?as_of=2022-06-15")
    assert "一里社区居委会" in page.content.decode()
    document = signed_in(lead).get(f"/survey/export/places/{COMMUNITY}/file.pdf?as_of=2022-06-15")
    assert document["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF-")
    audited = AuditEntry.objects.get(action="survey.export_own_file")
    assert (audited.by, audited.data["as_of"]) == (lead, "2022-06-15")


def test_an_empty_file_is_a_document_too(held: Round) -> None:
    file = own_file_for(None, SECOND, as_of=make.TODAY)
    assert (file.known, file.units, file.tables) == (0, (), ())
    assert own_file_pdf(file).startswith(b"%PDF-")
