"""How many fields a round asks: per community, at every level, by form and department, beside the last."""

from datetime import date

import pytest

from greenward.survey.planning.estimate import estimate
from greenward.survey.queries import coverage, policy_of
from greenward.survey.queries.burden import burden_of, burden_right_below, meter_of, previous_round
from greenward.survey.states import Asks, Way
from greenward.territories import actions as territories
from greenward.territories.models import Level, Place
from tests.factories import survey as make
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_STREET, SECOND, STREET
from tests.survey.queries.test_coverage import (
    BEFORE,
    COMMUNITY_FORM,
    COMPOUND_FORM,
    WHOLE,
    at,
    form,
    opened,
    say,
)

pytestmark = pytest.mark.django_db

FORMS = (COMMUNITY_FORM, COMPOUND_FORM)


def compound(code: str, name: str) -> Place:
    parent = Place.objects.get(code=code)
    made = territories.create_units({parent: [name]}, Level.COMPOUND, reason="测试", by=None, at=make.AT)
    return made[0].place


def test_units_add_to_their_communitys_burden() -> None:
    held = opened("r2022", *FORMS)
    compound(COMMUNITY, "一号院")
    compound(COMMUNITY, "二号院")
    own = burden_of(held, at(CITY), make.TODAY)
    assert (own.communities, own.asked, own.median, own.highest) == (4, 20, 4, 8)
    counts = coverage.counts_of(held, make.TODAY)
    below = burden_right_below(counts, at(DISTRICT))
    assert [(one.place.place.code, one.communities, one.asked, one.highest) for one in below] == [
        (STREET, 2, 12, 8),
        (OTHER_STREET, 1, 4, 4),
    ]


def test_what_was_known_when_the_round_opened_is_not_asked_and_answers_leave_the_burden() -> None:
    old = opened("r2021", *FORMS, opens_on=date(2022, 4, 1), closes_on=date(2022, 6, 30))
    held = opened()
    say(old, WHOLE, at=BEFORE)
    say(held, {"remark": "甲", "has_lift": True})
    own = burden_of(held, at(COMMUNITY), make.TODAY)
    assert (own.asked, own.known, own.expired, own.left) == (2, 2, 0, 1)


def test_the_meter_shows_forms_departments_and_the_round_before() -> None:
    old = opened("r2021", *FORMS, opens_on=date(2022, 4, 1), closes_on=date(2022, 6, 30))
    held = opened()
    say(old, WHOLE, at=BEFORE)
    compound(COMMUNITY, "一号院")
    meter = meter_of(held, at(STREET), make.TODAY)
    assert [(one.key, one.asked) for one in meter.by_form] == [("community", 5), ("compound", 2)]
    assert [(one.title, one.asked) for one in meter.by_holder] == [
        ("市民政局", 1), ("市住房城乡建设委", 1), ("没有部门掌握", 5)
    ]  # fmt: skip
    assert sum(one.asked for one in meter.by_holder) == meter.own.asked == 7
    assert previous_round(held) == meter.previous == old
    assert meter.before is not None
    assert (meter.before.asked, meter_of(old, at(STREET), make.TODAY).before) == (9, None)


def test_a_plan_says_cost_overlap_and_rest_by_form_section_and_source() -> None:
    old = opened("r2021", *FORMS, opens_on=date(2022, 4, 1), closes_on=date(2022, 6, 30))
    say(old, {**WHOLE, "remark": "甲"}, at=BEFORE, way=Way.FEED, observed_on=date(2020, 1, 1))
    say(old, {"has_lift": False}, SECOND, at=BEFORE)
    compound(COMMUNITY, "一号院")
    found = estimate(
        policy_of(old),
        ["community", "compound"],
        asks=Asks.EXPIRED,
        reference_on=date(2022, 9, 30),
        day=make.TODAY,
    )
    community, units = found.forms
    assert (found.communities, found.median, found.highest) == (4, 3.5, 4)
    own = community.own
    assert (own.fields, own.places, own.cost, own.not_applicable, own.known, own.again, own.asked) == (
        4, 4, 16, 2, 3, 1, 11
    )  # fmt: skip
    assert own.ways == (("填报", 1), ("部门数据", 2))
    assert own.cost == own.not_applicable + own.elsewhere + own.known + own.asked
    assert (units.own.places, units.own.cost, units.own.asked) == (1, 2, 2)
    assert (found.whole.cost, found.whole.asked) == (18, 13)
    assert [(one.title, one.asked, one.fields) for one in found.held] == [
        ("市民政局", 4, (("households", 4),)), ("市住房城乡建设委", 1, (("old", 1),))
    ]  # fmt: skip


def test_a_field_that_another_form_asks_already_is_overlap() -> None:
    again = form(
        "community", {"id": "households", "type": "count"}, {"id": "trees", "type": "count"}, name="again"
    )
    held = opened("r2022", COMMUNITY_FORM, again)
    found = estimate(
        policy_of(held), ["community", "again"], asks=Asks.EXPIRED, reference_on=make.TODAY, day=make.TODAY
    )
    assert [(one.own.cost, one.own.elsewhere, one.own.asked) for one in found.forms] == [
        (16, 0, 16),
        (8, 4, 4),
    ]


def test_who_asks_everything_asks_what_is_known_again() -> None:
    old = opened("r2021", *FORMS, opens_on=date(2022, 4, 1), closes_on=date(2022, 6, 30))
    say(old, WHOLE, at=BEFORE)
    found = estimate(
        policy_of(old), ["community"], asks=Asks.EVERYTHING, reference_on=make.TODAY, day=make.TODAY
    )
    assert (found.whole.known, found.whole.again, found.whole.asked, found.whole.not_applicable) == (
        0,
        2,
        15,
        1,
    )


def test_a_plan_for_nobody_costs_nothing() -> None:
    held = opened("r2022", *FORMS)
    for place in Place.objects.filter(level=Level.COMMUNITY, urban_statuses__counts_as_urban_community=True):
        territories.set_urban_status(
            place, counts=False, on=date(2022, 9, 1), reason="测试", by=None, at=make.AT
        )
    found = estimate(
        policy_of(held), ["community"], asks=Asks.EXPIRED, reference_on=date(2022, 9, 30), day=make.TODAY
    )
    assert (found.communities, found.median, found.highest, found.whole.cost) == (0, None, None, 0)
