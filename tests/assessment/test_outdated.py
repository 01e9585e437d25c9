"""A corrected value marks every result that rests on it, and nothing else; the figures stay as they were."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from greenward.assessment import actions
from greenward.assessment.models import Result, Run
from greenward.assessment.queries import assessment_with_code
from greenward.core import clock
from greenward.survey.actions import record_values
from greenward.survey.actions.cases import move
from greenward.survey.actions.record import correct_values
from greenward.survey.models import Entry, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db

DAYS = [date(2022, 6, 14), date(2022, 6, 15), date(2022, 6, 20)]
CORRECTED = date(2022, 6, 25)
FIELD, FACT = "life_passage_blocked", "life_passage_blocked"


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12, tzinfo=None))  # noqa: DTZ001


@pytest.fixture
def held(settings: Settings) -> Round:
    settings.GREENWARD_TODAY = CORRECTED
    made = make.survey_round()
    make.fill(made, COMMUNITY)
    place = Place.objects.get(code=COMMUNITY)
    record_values(made, "community", place, {FIELD: 12}, by=None, at=make.AT)
    for day in DAYS:
        actions.assess(programme=made.programme, as_of=day, by=None, at=moment(day))
    for verb in ("submit", "check", "accept"):
        move(made, Place.objects.get(code=COMMUNITY), verb, by=None, at=moment(date(2022, 6, 21)))
    return made


def correct(held: Round, value: object = 0, field: str = FIELD) -> Entry:
    lead = person("lead")
    appoint(lead, "district_lead", DISTRICT)
    place = Place.objects.get(code=COMMUNITY)
    return correct_values(
        held, "community", place, {field: value}, by=lead, at=moment(CORRECTED), reason="现场复核"
    )


def test_nothing_is_outdated_before_a_correction(held: Round) -> None:
    assert [assessment_with_code(COMMUNITY, day).outdated for day in (*DAYS, CORRECTED)] == [(), (), (), ()]


def test_a_correction_marks_the_runs_from_the_values_day_on(held: Round) -> None:
    before = list(Result.objects.order_by("run_id", "place_id").values())
    entry = correct(held)
    today = assessment_with_code(COMMUNITY, CORRECTED)
    assert today.is_outdated is False
    (mark,) = today.outdated
    assert mark.correction.entry == entry
    assert (mark.correction.was, mark.correction.now, mark.correction.reason) == ("12处", "0处", "现场复核")
    assert mark.runs == (DAYS[2], DAYS[1])
    then = assessment_with_code(COMMUNITY, DAYS[2])
    assert (then.is_outdated, then.outdated[0].here) == (True, True)
    assert assessment_with_code(COMMUNITY, DAYS[0]).is_outdated is False
    assert assessment_with_code(SECOND, DAYS[2]).outdated == ()
    assert list(Result.objects.order_by("run_id", "place_id").values()) == before


def test_a_run_of_the_day_takes_the_correction_in_and_loses_the_mark(held: Round) -> None:
    run = actions.assess(programme=held.programme, as_of=CORRECTED, by=None, at=moment(CORRECTED))
    correct(held)
    assert CORRECTED in assessment_with_code(COMMUNITY, CORRECTED).outdated[0].runs
    actions.refresh(run=Run.objects.get(pk=run.pk), by=None, at=moment(CORRECTED) + timedelta(minutes=1))
    assert assessment_with_code(COMMUNITY, CORRECTED).outdated[0].runs == (DAYS[2], DAYS[1])


def test_running_an_earlier_day_again_keeps_what_was_known_then_and_the_mark(held: Round) -> None:
    correct(held)
    actions.assess(programme=held.programme, as_of=DAYS[2], by=None, at=moment(CORRECTED))
    assert assessment_with_code(COMMUNITY, DAYS[2]).is_outdated is True


def test_what_the_standard_does_not_use_outdates_nothing(held: Round) -> None:
    pack = assessment_with_code(COMMUNITY, CORRECTED).pack
    unused = next(
        one.id
        for group in pack.dictionary
        if group.level == "community"
        for one in group.fields
        if one.type == "count" and not any(pack.used_by(form.id, one.id) for form in pack.forms)
    )
    correct(held, 5, unused)
    assert assessment_with_code(COMMUNITY, DAYS[2]).outdated == ()


def test_pages_and_api_say_what_who_when_why(held: Round) -> None:
    correct(held)
    reader = person("reader")
    appoint(reader, "street_clerk", STREET)
    client = signed_in(reader)
    day = DAYS[2]
    for address in (f"/assessment/{COMMUNITY}/", f"/communities/{COMMUNITY}/?tab=assessment&x=1"):
        joint = "&" if "?" in address else "?"
        page = client.get(f"{address}{joint}as_of={day}").content.decode()
        for word in ("数据已更正，评定待更新", "12处 → 0处", "现场复核", "lead", "2022-06-25"):
            assert word in page
    now = client.get(f"/assessment/{COMMUNITY}/").content.decode()
    assert "数据已更正，此前的评定待更新" in now
    assert f"as_of={day}" in now
    told = client.get(f"/api/v1/assessment/{COMMUNITY}?as_of={day}").json()["outdated"]
    assert [(one["field"], one["by"], one["reason"], one["here"], one["runs"]) for one in told] == [
        (FIELD, "lead", "现场复核", True, ["2022-06-20", "2022-06-15"])
    ]


def test_a_value_on_the_page_leads_to_its_story(held: Round) -> None:
    reader = person("reader")
    appoint(reader, "city_lead", CITY)
    page = signed_in(reader).get(f"/assessment/{COMMUNITY}/").content.decode()
    assert f"/survey/values/{COMMUNITY}/{FIELD}/?form=community" in page
    found = assessment_with_code(COMMUNITY, clock.today())
    inputs = {one.fact: one for item in found.items for one in item.inputs}
    assert (inputs[FACT].form, inputs[FACT].field) == ("community", FIELD)
    assert inputs[FACT].entry == Entry.objects.filter(values__has_key=FIELD).get().pk
