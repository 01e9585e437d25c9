"""Facts from the survey: answers, and figures over compounds that one silent compound leaves unknown."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from greenward.assessment import actions, queries
from greenward.assessment.facts import registry
from greenward.assessment.facts.survey import ENTRIES
from greenward.assessment.facts.values import FactValue
from greenward.assessment.models import Result, VerdictChange
from greenward.core import clock
from greenward.packs.schema.facts import Fact, FromRows, Where
from greenward.programmes import queries as programmes
from greenward.survey import actions as survey
from greenward.survey.models import Round
from greenward.survey.sensitivity import EVERYTHING
from greenward.territories.models import Place, PlaceVersion
from tests.factories.assessment import ALL_MET
from tests.factories.survey import survey_round
from tests.factories.territories import CITY, COMMUNITY, SECOND

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
DAY = date(2022, 6, 15)
ANSWERS = {
    key: value.isoformat() if isinstance(value, date) else value
    for key, value in ALL_MET.items()
    if not key.startswith("compound")
}


@pytest.fixture
def held(db: None) -> Round:
    cache.clear()
    return survey_round()


def place(code: str) -> Place:
    return Place.objects.get(code=code)


def answer(held: Round, code: str, at: datetime = AT, **values: Any) -> None:
    survey.record_values(held, "community", place(code), values, by=None, at=at)


def compound(held: Round, code: str, **values: Any) -> PlaceVersion:
    return survey.add_unit(held, "compound", place(code), values, by=None, at=AT)


def fact(number: str) -> Fact:
    return programmes.policy(programmes.current(DAY)).fact_by_id[number]


def column(code: str, *facts: Fact, seen: dict[str, int] | None = None) -> list[Any]:
    pack = programmes.policy(programmes.current(DAY))
    frame = registry.frame_of(pack, facts, DAY, [place(code).pk], seen=seen)
    return [frame[one.id][0] for one in facts]


def value(code: str, one: Fact, day: date = DAY) -> FactValue:
    pack = programmes.policy(programmes.current(DAY))
    return registry.explained(pack, [one], day, place(code).pk)[one.id]


COUNTS = ("compounds_total", "compounds_sorting", "compounds_managed", "compound_households")


def test_figures_over_compounds(held: Round) -> None:
    first = compound(held, COMMUNITY, name="一号院", waste_sorting=True, property_kind="firm", households=100)
    compound(held, COMMUNITY, name="二号院", waste_sorting=False, property_kind="none", households=50)
    compound(held, SECOND, name="三号院", waste_sorting=True, property_kind="firm", households=7)
    assert column(COMMUNITY, *(fact(name) for name in COUNTS)) == [2, 1, 1, 150]
    told = value(COMMUNITY, fact("compounds_sorting"))
    assert (told.source, told.on) == ("2 个小区汇总", DAY)
    newer = {"waste_sorting": True}
    survey.record_values(held, "compound", first.place, newer, by=None, at=AT + timedelta(days=1))
    assert [value(COMMUNITY, fact(name), DAY + timedelta(days=1)).on for name in COUNTS] == [
        None,
        DAY,
        DAY,
        DAY,
    ]


def test_a_silent_compound_leaves_figures_unknown_and_is_named(held: Round) -> None:
    compound(held, COMMUNITY, name="一号院", waste_sorting=True, property_kind="firm")
    compound(held, COMMUNITY, name="二号院", property_kind="none")
    assert column(COMMUNITY, *(fact(name) for name in COUNTS)) == [2, None, 1, None]
    found = value(COMMUNITY, fact("compounds_sorting"))
    assert found.value is None
    assert found.gap is not None
    assert (found.gap.form, found.gap.field, found.gap.compounds) == (
        "compound",
        "waste_sorting",
        ("二号院",),
    )


def test_without_compounds_every_figure_is_unknown(held: Round) -> None:
    assert column(COMMUNITY, *(fact(name) for name in COUNTS)) == [None] * 4
    assert [value(COMMUNITY, fact(name)).value for name in COUNTS] == [None] * 4


def test_frame_and_explanation_agree(held: Round) -> None:
    compound(held, COMMUNITY, name="一号院", waste_sorting=True, property_kind="firm", households=3)
    for name in COUNTS:
        assert column(COMMUNITY, fact(name)) == [value(COMMUNITY, fact(name)).value]


def test_a_sum_over_some_compounds(held: Round) -> None:
    compound(held, COMMUNITY, name="一号院", property_kind="firm", households=100)
    compound(held, COMMUNITY, name="二号院", property_kind="none")
    where = Where(field="property_kind", any_of=("firm",))
    origin = FromRows(form="compound", aggregate="sum", field="households", where=where)
    some = fact("compound_households").model_copy(update={"origin": origin})
    assert column(COMMUNITY, some) == [100]
    assert value(COMMUNITY, some).value == 100


def test_an_answer_has_its_source_and_day(held: Round) -> None:
    answer(held, COMMUNITY, households=1200)
    found = value(COMMUNITY, fact("households"))
    assert (found.value, found.on, found.source) == (1200, DAY, "系统载入")


def test_an_answer_counts_from_its_day(held: Round) -> None:
    answer(held, COMMUNITY, households=1200, at=AT + timedelta(days=1))
    assert column(COMMUNITY, fact("households")) == [None]


def test_values_as_they_were_known_before(held: Round) -> None:
    answer(held, COMMUNITY, households=1200)
    before = registry.marks(DAY)
    answer(held, COMMUNITY, households=1300)
    assert column(COMMUNITY, fact("households"), seen=before) == [1200]
    assert registry.touched_since(before, DAY) == {place(COMMUNITY).pk}


def test_a_new_compound_touches_its_community(held: Round) -> None:
    before = registry.marks(DAY)
    compound(held, COMMUNITY, name="一号院", households=3)
    assert place(COMMUNITY).pk in registry.touched_since(before, DAY)
    assert registry.marks(DAY)[ENTRIES] > before[ENTRIES]


def test_recording_moves_the_run_of_today_and_says_why(
    held: Round,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.GREENWARD_TODAY = DAY
    answers = {**ANSWERS, "last_post_on": "2022-06-01"}
    answer(held, COMMUNITY, **{**answers, "smart_security": False})
    compound(held, COMMUNITY, name="一号院", waste_sorting=True, property_kind="firm", households=3)
    run = actions.assess(programme=programmes.current(DAY), as_of=DAY, by=None, at=clock.now())
    assert Result.objects.get(run=run, place__code=COMMUNITY).verdict == "unmet"
    with django_capture_on_commit_callbacks(execute=True):
        answer(held, COMMUNITY, smart_security=True)
    assert Result.objects.get(run=run, place__code=COMMUNITY).verdict == "met"
    change = VerdictChange.objects.get()
    assert [one["facts"] for one in change.items] == [[{"fact": "smart_security", "old": False, "new": True}]]


@pytest.mark.parametrize("codes", [(COMMUNITY,), (COMMUNITY, SECOND)])
def test_queries_do_not_grow_with_answers(
    held: Round, django_assert_num_queries: DjangoAssertNumQueries, codes: tuple[str, ...]
) -> None:
    for code in codes:
        answer(held, code, **ANSWERS)
        compound(held, code, name="一号院", households=3)
    with django_assert_num_queries(9):
        assert queries.verdicts(DAY).height == 4


def test_explaining_asks_the_same_whatever_is_answered(
    held: Round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(held, COMMUNITY, **ANSWERS)
    version = PlaceVersion.objects.get(place__code=COMMUNITY)
    queries.assessment_of(version, DAY, sight=EVERYTHING)
    with django_assert_num_queries(5):
        queries.assessment_of(version, DAY, sight=EVERYTHING)


def test_the_frame_has_the_packs_types(held: Round) -> None:
    answer(held, COMMUNITY, last_post_on="2022-06-01", green_area_m2=12.5)
    pack = programmes.policy(programmes.current(DAY))
    asked = [fact("last_post_on"), fact("green_area_m2"), fact("compounds_total"), fact("smart_security")]
    frame = registry.frame_of(pack, asked, DAY, [place(COMMUNITY).pk, place(CITY).pk])
    assert [frame.schema[one.id] for one in asked] == [pl.Date, pl.Float64, pl.Int64, pl.Boolean]


def test_an_expired_answer_is_unknown_and_says_until_when_it_counted(held: Round) -> None:
    answer(held, COMMUNITY, parking_orderly=True)
    later, pack = date(2023, 6, 16), programmes.policy(programmes.current(DAY))
    one = fact("parking_orderly")
    found = registry.explained(pack, [one], later, place(COMMUNITY).pk)[one.id]
    assert (found.value, found.expired, found.until, found.on) == (None, True, date(2023, 6, 15), DAY)
    assert found.gap is not None
    frame = registry.frame_of(pack, [one], later, [place(COMMUNITY).pk])
    assert frame[one.id].to_list() == [None]
