"""Reading the survey: columns typed from the form, coverage with its list, flat query counts."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from greenward.survey import actions, queries
from greenward.survey.models import Round
from greenward.survey.states import Progress
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import version_on
from tests.factories import survey as make
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
    return make.survey_round()


def at(code: str) -> PlaceVersion:
    version = version_on(Place.objects.get(code=code), make.TODAY)
    assert version is not None
    return version


def test_the_frame_has_a_typed_column_per_field(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    form = queries.form_of(held, "community")
    day = next(field.id for field in form.fields if field.type == "date")
    actions.record_values(held, "community", place, {"households": 5}, by=None, at=make.AT)
    actions.record_values(
        held, "community", place, {"land_area_m2": 10, day: "2022-03-01"}, by=None, at=make.AT
    )
    frame = queries.values_frame(form, make.TODAY)
    assert frame.columns == ["place_id", *(field.id for field in form.fields)]
    assert frame.select("place_id", "households", "land_area_m2", day, "co_creation_mechanism").rows() == [
        (place.pk, 5, 10.0, date(2022, 3, 1), None)
    ]
    assert frame.schema["land_area_m2"] == pl.Float64()
    assert queries.values_frame(form, make.TODAY - timedelta(days=1)).height == 0
    assert queries.values_frame(form, make.TODAY, [0]).height == 0


def test_compounds_stand_under_their_community(held: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    make.fill(held, COMMUNITY)
    place = Place.objects.get(code=COMMUNITY)
    compound = Place.objects.get(code=f"{COMMUNITY}-001")
    form = queries.form_of(held, "compound")
    frame = queries.values_frame(form, make.TODAY, [place.pk])
    monkeypatch.setattr("greenward.survey.queries.values.MANY", 0)
    assert queries.values_frame(form, make.TODAY, [place.pk]).equals(frame)
    assert frame.select("place_id", "community_id", "name").rows() == [(compound.pk, place.pk, "一号院")]
    assert queries.values_frame(form, make.TODAY, [compound.pk]).height == 0


def test_coverage_counts_done_and_started_from_communities(held: Round) -> None:
    make.fill(held, COMMUNITY)
    second = Place.objects.get(code=SECOND)
    actions.record_values(held, "community", second, {"population": 5}, by=None, at=make.AT)
    whole = queries.coverage_of(held, at(CITY), make.TODAY)
    assert (whole.due, whole.done, whole.started, whole.missing) == (4, 1, 1, 3)
    rows = queries.coverage_below(held, at(DISTRICT), make.TODAY)
    assert [(row.place.place.code, row.due, row.done, row.started) for row in rows] == [
        (STREET, 2, 1, 1),
        (OTHER_STREET, 1, 0, 0),
    ]
    listed = queries.communities_below(held, at(STREET).path, make.TODAY)
    assert [(c.place.place.code, c.progress) for c in listed] == [
        (COMMUNITY, Progress.DONE),
        (SECOND, Progress.STARTED),
    ]


def test_a_community_without_a_whole_compound_is_not_done(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    answers = make.required_answers(held, "community")
    actions.record_values(held, "community", place, answers, by=None, at=make.AT)
    assert queries.coverage_of(held, at(COMMUNITY), make.TODAY).done == 0
    compound = make.required_answers(held, "compound")
    made = actions.add_unit(held, "compound", place, {"name": "一号院"}, by=None, at=make.AT)
    assert queries.coverage_of(held, at(COMMUNITY), make.TODAY).done == 0
    actions.record_values(held, "compound", made.place, compound, by=None, at=make.AT)
    assert queries.coverage_of(held, at(COMMUNITY), make.TODAY).done == 1
    name = next(name for name in answers if name != "name")
    actions.record_values(held, "community", place, {name: None}, by=None, at=make.AT)
    assert queries.coverage_of(held, at(COMMUNITY), make.TODAY).done == 0


def test_an_earlier_rounds_answers_do_not_cover_a_new_round(held: Round) -> None:
    make.fill(held, COMMUNITY)
    later = make.survey_round("r2022b")
    assert queries.coverage_of(later, at(CITY), make.TODAY).done == 0
    answers = {"households": make.required_answers(held, "community")["households"]}
    actions.record_values(later, "community", Place.objects.get(code=COMMUNITY), answers, by=None, at=make.AT)
    assert queries.coverage_of(later, at(CITY), make.TODAY).done == 1


def test_coverage_begins_where_the_reach_begins(held: Round) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    assert [(c.place.place.code, c.due) for c in queries.coverage_for(clerk, held, make.TODAY)] == [
        (STREET, 2)
    ]
    assert queries.coverage_for(person("stranger"), held, make.TODAY) == []


def test_query_counts_do_not_grow(held: Round, django_assert_num_queries: Any) -> None:
    city = at(CITY)
    make.fill(held, COMMUNITY)
    for round_of in range(2):
        with django_assert_num_queries(2):
            queries.coverage_below(held, city, make.TODAY)
        if not round_of:
            make.fill(held, SECOND)
