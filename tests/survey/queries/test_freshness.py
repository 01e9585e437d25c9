"""What was said too long ago is unknown, whichever way it is asked for."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from greenward.core.months import after_months
from greenward.programmes import queries as programmes
from greenward.survey.actions import record_values
from greenward.survey.models import Entry, Round
from greenward.survey.queries import figures, freshness, values_frame, values_of
from greenward.survey.states import Way
from greenward.territories.models import Place
from tests.factories.survey import TODAY, survey_round
from tests.factories.territories import COMMUNITY, SECOND

FIELD, MONTHS = "parking_orderly", 12
LASTS = "green_area_m2"
EDGE = after_months(TODAY, MONTHS)


@pytest.fixture
def held(db: None, settings: Settings) -> Round:
    settings.GREENWARD_TODAY = TODAY
    return survey_round()


def place(code: str = COMMUNITY) -> Place:
    return Place.objects.get(code=code)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def said(held: Round, day: date, code: str = COMMUNITY, **values: Any) -> None:
    record_values(held, "community", place(code), values, by=None, at=noon(day))


def known(as_of: date, name: str = FIELD, until: int | None = None) -> Any:
    pack = programmes.policy(programmes.current(TODAY))
    one = pack.fact_by_id[name]
    return figures(pack, [one], as_of, [place().pk], until=until, expiring=True)[name][0]


def test_a_value_counts_to_its_last_day(held: Round) -> None:
    said(held, TODAY, **{FIELD: True})
    assert known(EDGE) is True
    assert known(EDGE + timedelta(days=1)) is None


def test_what_was_said_again_counts_from_then(held: Round) -> None:
    said(held, TODAY, **{FIELD: True})
    again = noon(TODAY + timedelta(days=90))  # as another round would store it
    Entry.objects.create(
        round=held, form="community", level="community", place=place(), values={FIELD: True}, at=again
    )
    assert known(EDGE + timedelta(days=60)) is True
    assert known(EDGE + timedelta(days=60), until=Entry.objects.earliest("id").pk) is None


def test_other_answers_do_not_keep_a_value_fresh(held: Round) -> None:
    said(held, TODAY, **{FIELD: True, LASTS: 400})
    said(held, TODAY + timedelta(days=90), **{LASTS: 500})
    assert known(EDGE + timedelta(days=60)) is None
    assert known(EDGE + timedelta(days=60), LASTS) == 500


def test_the_frame_and_the_single_value_agree(held: Round) -> None:
    said(held, TODAY, **{FIELD: False})
    form = programmes.policy(programmes.current(TODAY)).form_by_id["community"]
    value = values_of(place(), form, EDGE)[FIELD]
    assert freshness.valid_until(form.field(FIELD), value) == EDGE


def test_taking_an_import_back_keeps_nothing_fresh(held: Round) -> None:
    said(held, TODAY, **{FIELD: True})
    Entry.objects.create(
        round=held,
        form="community",
        level="community",
        place=place(),
        values={FIELD: True},
        way=Way.UNDO,
        at=noon(EDGE),
    )
    assert known(EDGE + timedelta(days=200)) is None


def test_what_never_expires_is_not_looked_up(held: Round) -> None:
    said(held, TODAY, **{FIELD: True})
    said(held, TODAY, SECOND, **{FIELD: True})
    form = programmes.policy(programmes.current(TODAY)).form_by_id["community"]
    answers = values_frame(form, EDGE)
    assert freshness.fresh_values(answers, form, EDGE, {FIELD})[FIELD].to_list() == [True, True]
    assert freshness.fresh_values(answers, form, EDGE, {"name_of_none"}) is answers
