"""What offices owe by when, and what they delivered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import (
    ConflictError,
    GreenwardError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from greenward.core.models import AuditEntry
from greenward.programmes import actions, queries
from greenward.programmes.calendar import occurrences, quarters
from greenward.programmes.models import Delivery, DenominatorFreeze, Programme
from greenward.programmes.queries import DutyDue
from greenward.territories.models import PlaceVersion
from tests.factories import accounts, territories
from tests.factories import programmes as made
from tests.factories.packs import beijing_pack
from tests.factories.territories import CITY, DISTRICT, OTHER_DISTRICT, STREET

TODAY = date(2022, 9, 15)
Q2 = date(2022, 7, 10)


@dataclass
class Scene:
    programme: Programme

    def deliver(self, by: User | None = None, **other: Any) -> Delivery:
        values = {
            "duty": "quarterly-report",
            "place": PlaceVersion.objects.select_related("place").get(place__code=DISTRICT),
            "due_on": Q2,
            "document": "甲建〔2022〕7号",
            "delivered_on": date(2022, 7, 8),
            **other,
        }
        return actions.deliver(programme=self.programme, by=by, at=clock.now(), **values)


@pytest.fixture
def scene(db: None, settings: Settings) -> Scene:
    settings.GREENWARD_TODAY = TODAY
    territories.place_tree()
    return Scene(made.programme())


def person(role: str, at: str) -> User:
    user = accounts.make_user(f"{role}-{at}")
    territories.appoint(user, role, at)
    return user


def due(duties: list[DutyDue], duty: str, on: date) -> DutyDue:
    [found] = [d for d in duties if d.duty.id == duty and d.due_on == on]
    return found


def test_quarters_cover_the_phases() -> None:
    found = list(quarters(date(2021, 10, 1), date(2023, 1, 1)))
    assert found[0] == (date(2021, 10, 1), date(2022, 1, 1))
    assert found[-1] == (date(2022, 10, 1), date(2023, 1, 1))
    assert len(found) == 5


def test_the_packs_calendar_has_every_last_day() -> None:
    found = [(one.duty.id, one.label, one.due_on) for one in occurrences(beijing_pack())]
    assert found == [
        ("annual-summary", "2021年", date(2021, 11, 9)),
        ("district-plan", "", date(2021, 12, 31)),
        ("quarterly-report", "2021年第4季度", date(2022, 1, 10)),
        ("quarterly-report", "2022年第1季度", date(2022, 4, 10)),
        ("stage-evaluation", "", date(2022, 5, 31)),
        ("quarterly-report", "2022年第2季度", Q2),
        ("quarterly-report", "2022年第3季度", date(2022, 10, 10)),
        ("annual-summary", "2022年", date(2022, 11, 9)),
        ("quarterly-report", "2022年第4季度", date(2023, 1, 10)),
    ]


def test_states_of_duties(scene: Scene) -> None:
    scene.deliver()
    found = queries.duties_for(person("district_lead", DISTRICT), TODAY)
    assert due(found, "quarterly-report", date(2022, 4, 10)).state == "overdue"
    assert due(found, "quarterly-report", date(2022, 10, 10)).state == "upcoming"
    assert Q2 not in {d.due_on for d in found}  # delivered, and due longer ago than the horizon
    assert [d.state for d in found] == sorted(
        (d.state for d in found), key=["overdue", "open", "upcoming", "delivered"].index
    )


@pytest.mark.parametrize(
    "day,state",
    [
        (date(2022, 6, 30), "upcoming"),
        (date(2022, 7, 1), "open"),
        (Q2, "open"),
        (date(2022, 7, 11), "overdue"),
    ],
)
def test_a_quarter_opens_when_it_ends_and_is_late_after_its_last_day(
    scene: Scene, day: date, state: str
) -> None:
    found = queries.duties_for(person("district_lead", DISTRICT), day)
    assert due(found, "quarterly-report", Q2).state == state


def test_days_left_in_calendar_and_working_days(scene: Scene) -> None:
    found = queries.duties_for(person("district_lead", DISTRICT), TODAY)
    one = due(found, "quarterly-report", date(2022, 10, 10))
    assert (one.days_left, one.working_days_left) == (25, 14)  # the holiday week, two Saturdays worked
    assert due(found, "stage-evaluation", date(2022, 5, 31)).days_late == 107


def test_own_rules_and_clauses_show(scene: Scene) -> None:
    found = queries.duties_for(person("district_lead", DISTRICT), TODAY)
    one = due(found, "quarterly-report", date(2022, 10, 10))
    assert (one.clause, one.own_rule, one.may_deliver) == ("4.5", True, True)
    assert due(found, "annual-summary", date(2022, 11, 9)).own_rule is False


def test_the_city_sees_all_districts_and_a_street_none(scene: Scene) -> None:
    seen = {d.place.place.code for d in queries.duties_for(person("city_lead", CITY), TODAY)}
    assert seen == {DISTRICT, OTHER_DISTRICT}
    assert queries.duties_for(person("street_clerk", STREET), TODAY) == []
    assert queries.duties_for(accounts.make_user("stranger"), TODAY) == []


def test_an_auditor_sees_and_may_not_deliver(scene: Scene) -> None:
    assert {d.may_deliver for d in queries.duties_for(person("auditor", CITY), TODAY)} == {False}


def test_a_delivery_counts_from_its_day(scene: Scene) -> None:
    scene.deliver()
    lead = person("district_lead", DISTRICT)
    assert due(queries.duties_for(lead, date(2022, 7, 7)), "quarterly-report", Q2).state == "open"
    after = due(queries.duties_for(lead, date(2022, 7, 8)), "quarterly-report", Q2)
    assert (after.state, after.was_late) == ("delivered", False)


def test_the_newest_delivery_corrects(scene: Scene) -> None:
    scene.deliver()
    corrected = scene.deliver(document="甲建〔2022〕7号（更正）", delivered_on=date(2022, 7, 12))
    after = due(
        queries.duties_for(person("district_lead", DISTRICT), date(2022, 7, 12)), "quarterly-report", Q2
    )
    assert (after.delivery, after.was_late) == (corrected, True)
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    "change,error",
    [
        ({"document": " "}, InvalidInputError),
        ({"delivered_on": date(2022, 9, 16)}, InvalidInputError),
        ({"due_on": date(2022, 7, 11)}, NotFoundError),
        ({"duty": "no-such-duty"}, NotFoundError),
    ],
)
def test_what_is_not_owed_or_not_said_is_refused(
    scene: Scene, change: dict[str, Any], error: type[GreenwardError]
) -> None:
    with pytest.raises(error):
        scene.deliver(**change)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "role,at", [("street_clerk", STREET), ("district_lead", OTHER_DISTRICT), ("auditor", CITY)]
)
def test_who_may_not_deliver_changes_nothing(scene: Scene, role: str, at: str) -> None:
    by = person(role, at)
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        scene.deliver(by=by)
    assert (Delivery.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_current_is_the_latest_that_began(scene: Scene) -> None:
    assert queries.current(date(2021, 9, 27)) == scene.programme
    with pytest.raises(NotFoundError):
        queries.current(date(2021, 9, 26))


def test_the_same_edition_again_changes_nothing(scene: Scene) -> None:
    before = AuditEntry.objects.count()
    again = actions.bring_into_force(
        pack=scene.programme.pack, in_force_from=made.IN_FORCE, by=None, at=clock.now()
    )
    assert (again, AuditEntry.objects.count()) == (scene.programme, before)


def test_phases_by_day(scene: Scene) -> None:
    pack = queries.policy(scene.programme)
    days = [date(2021, 9, 30), date(2021, 11, 30), date(2021, 12, 31), date(2022, 12, 31), date(2023, 1, 1)]
    found = [queries.phase_on(pack, day) for day in days]
    assert [phase.id if phase else None for phase in found] == [
        None,
        "pilots",
        "roll-out",
        "consolidation",
        None,
    ]


def freeze(scene: Scene, by: User | None = None, due_on: date = date(2022, 12, 31)) -> DenominatorFreeze:
    return actions.freeze_denominator(
        programme=scene.programme, target_due=due_on, boundaries_on=TODAY, by=by, at=clock.now()
    )


def test_a_freeze_holds_the_urban_communities(scene: Scene) -> None:
    assert freeze(scene, by=person("city_lead", CITY)).communities.count() == 4


def test_a_freeze_is_made_once_for_a_target_of_the_pack_by_the_city(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        freeze(scene, by=person("district_lead", DISTRICT))
    with pytest.raises(NotFoundError):
        freeze(scene, due_on=date(2022, 6, 30))
    assert DenominatorFreeze.objects.count() == 0
    freeze(scene)
    with pytest.raises(ConflictError):
        freeze(scene)


def test_queries_do_not_grow_with_districts(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city, district = person("city_lead", CITY), person("district_lead", DISTRICT)
    for user in (district, city):
        with django_assert_num_queries(5):
            queries.duties_for(user, TODAY)


def test_the_api_lists_duties_within_reach(scene: Scene) -> None:
    browser = accounts.signed_in(person("district_lead", DISTRICT))
    told = browser.get("/api/v1/duties", {"as_of": "2022-09-15"}).json()
    assert told["as_of"] == "2022-09-15"
    assert {item["place"] for item in told["items"]} == {DISTRICT}
    assert told["items"][0]["state"] == "overdue"
