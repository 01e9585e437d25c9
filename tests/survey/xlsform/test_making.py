"""XLSForms of Beijing's forms: what pyxform says of them, what they carry, and what they leave out."""

import io
from typing import Any

import fastexcel
import polars as pl
import pytest
from pyxform.xls2xform import convert

from greenward.packs.schema.forms import Form
from greenward.survey.exports.chosen import home_of
from greenward.survey.models import Round
from greenward.survey.queries import forms_of
from greenward.survey.xlsform.making import Made, export
from greenward.survey.xlsform.places import places_listed
from greenward.territories.models import Place
from greenward.territories.queries import version_on
from tests.factories import survey as make
from tests.factories.packs import beijing_pack
from tests.factories.territories import CITY, COMMUNITY, STREET, appoint, person

pytestmark = pytest.mark.django_db
FORMS = [form.id for form in beijing_pack().forms]


@pytest.fixture
def held() -> Round:
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    return held


def made(held: Round, form: Form, *, user: Any = None, under: str = CITY) -> Made:
    where = version_on(Place.objects.get(code=under), make.TODAY)
    assert where is not None
    places = places_listed(user, form, make.TODAY, where)
    return export(form, held, places, held.programme.pack.digest)


def converted(one: Made) -> tuple[str, list[str]]:
    found = convert(io.BytesIO(one.content), file_type=".xlsx", validate=False)
    return found.xform, list(found.warnings)


def sheet(one: Made, name: str) -> list[dict[str, Any]]:
    frame = fastexcel.read_excel(one.content).load_sheet(name, dtypes="string").to_polars()
    return frame.with_columns(pl.all().fill_null("")).rows(named=True)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_converts_without_errors_or_warnings(held: Round, name: str) -> None:
    one = made(held, forms_of(held)[name])
    xform, warnings = converted(one)
    assert warnings == []
    assert f'id="greenward_{name.replace("-", "_")}"' in xform
    assert 'version="r2022-' in xform


@pytest.mark.parametrize("name", FORMS)
def test_every_field_but_files_is_asked_once(held: Round, name: str) -> None:
    form = forms_of(held)[name]
    one = made(held, form)
    names = [row["name"] for row in sheet(one, "survey")]
    asked = [field.id for field in form.fields if field.type != "file"]
    assert [field for field in asked if names.count(field) != 1] == []
    assert one.left_fields == tuple(field.id for field in form.fields if field.type == "file")


def test_the_community_form_carries_bounds_conditions_checks_and_tables(held: Round) -> None:
    form = forms_of(held)["community"]
    one = made(held, form)
    rows = {row["name"]: row for row in sheet(one, "survey")}
    households = rows["households"]
    assert (households["type"], households["required"]) == ("integer", "yes")
    assert households["constraint"].startswith("(. >= 0")
    assert rows["water_supply"]["type"] == "select_one water_supply"
    assert (
        rows["households_willing"]["relevant"]
        == "not((${households_asked} != '' and ${households_asked} <= 0))"
    )
    constraint = rows["population_60"]["constraint"]
    assert constraint.startswith("(. >= 0 and . <= 300000) and (not((. != '' and ${population} != ''")
    assert (rows["schools"]["type"], rows["schools_kind"]["type"]) == (
        "begin_repeat",
        "select_one schools_kind",
    )
    assert rows["households"]["label::中文 (zh)"].startswith("常住户数（户")
    assert "More older residents than residents" in rows["population_60"]["constraint_message::English (en)"]
    assert one.left == ()


def test_warnings_are_notes_shown_where_they_hold(held: Round) -> None:
    one = made(held, forms_of(held)["community"])
    notes = [row for row in sheet(one, "survey") if row["type"] == "note"]
    warnings = [check for check in forms_of(held)["community"].checks if check.level == "warning"]
    assert len(notes) == len(warnings)
    assert all(row["relevant"] and row["label::中文 (zh)"].startswith("⚠") for row in notes)


def test_places_are_chosen_one_after_the_other(held: Round) -> None:
    one = made(held, forms_of(held)["compound"])
    rows = {row["name"]: row for row in sheet(one, "survey")}
    assert [
        rows[f"place_{name}"]["choice_filter"]
        for name in ("district", "subdistrict", "community", "compound")
    ] == [
        "",
        "parent = ${place_district}",
        "parent = ${place_subdistrict}",
        "parent = ${place_community}",
    ]
    assert (rows["place_community"]["required"], rows["place_compound"]["required"]) == ("yes", "")
    choices = {(row["list_name"], row["name"]): row["parent"] for row in sheet(one, "choices")}
    assert choices["list_community", COMMUNITY] == STREET
    assert choices["list_compound", f"{COMMUNITY}-001"] == COMMUNITY


def test_a_clerk_gets_the_places_of_the_own_reach_alone(held: Round) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    one = made(held, forms_of(held)["community"], user=clerk, under=home_of(clerk, make.TODAY).place.code)
    codes = [row["name"] for row in sheet(one, "choices") if row["list_name"] == "list_community"]
    assert codes == [COMMUNITY, f"{STREET[:9]}002"]
    assert not [row for row in sheet(one, "survey") if row["name"] == "place_district"]


def test_too_many_places_are_typed_in(held: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenward.survey.xlsform.places.MOST", 2)
    one = made(held, forms_of(held)["compound"])
    rows = {row["name"]: row for row in sheet(one, "survey")}
    assert rows["place_community"]["constraint"] == "regex(., '^[0-9]{12}$')"
    assert rows["place_compound"]["type"] == "text"
    assert converted(one)[1] == []
