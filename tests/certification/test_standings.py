"""Taking part and being a pilot: who may, when, and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.assessment.facts import registry
from greenward.assessment.facts.measures import IS_PILOT, PARTICIPATES
from greenward.certification import actions, queries
from greenward.certification.models import Participation, Pilot, StandingChange
from greenward.core import clock
from greenward.core.errors import (
    ConflictError,
    GreenwardError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from greenward.core.models import AuditEntry
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion
from tests.factories import accounts, territories
from tests.factories import programmes as made
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, STREET, VILLAGE

TODAY = date(2022, 9, 15)
BEGAN = date(2022, 3, 1)


@dataclass
class Scene:
    programme: Programme
    places: dict[str, Place]

    def version(self, code: str) -> PlaceVersion:
        return PlaceVersion.objects.select_related("place").get(place__code=code)

    def act(self, action: Callable[..., Any], *codes: str, by: User | None = None, **other: Any) -> Any:
        return action(
            programme=self.programme,
            places=[self.version(code) for code in codes],
            **{"on": BEGAN, "reason": "京绿〔2022〕1号", "by": by, "at": clock.now(), **other},
        )


@pytest.fixture
def scene(db: None, settings: Settings) -> Scene:
    cache.clear()
    settings.GREENWARD_TODAY = TODAY
    return Scene(programme=(tree := territories.place_tree()) and made.programme(), places=tree)


def person(role: str, at: str) -> User:
    user = accounts.make_user(f"{role}-{at}")
    territories.appoint(user, role, at)
    return user


def known(code: str, on: date) -> tuple[bool, bool]:
    pack = programmes.policy(programmes.current(on))
    place = Place.objects.get(code=code).pk
    frame = registry.frame_of(pack, [PARTICIPATES, IS_PILOT], on, [place])
    return frame["participates"][0], frame["is_pilot"][0]


def test_a_community_takes_part_from_its_day(scene: Scene) -> None:
    scene.act(actions.enrol, COMMUNITY)
    assert known(COMMUNITY, date(2022, 2, 28)) == (False, False)
    assert known(COMMUNITY, BEGAN) == (True, False)
    assert known(SECOND, BEGAN) == (False, False)


def test_withdrawing_ends_it_from_that_day(scene: Scene) -> None:
    scene.act(actions.enrol, COMMUNITY)
    scene.act(actions.withdraw, COMMUNITY, on=date(2022, 6, 1), reason="撤回")
    assert (known(COMMUNITY, date(2022, 5, 31))[0], known(COMMUNITY, date(2022, 6, 1))[0]) == (True, False)
    row = Participation.objects.get()
    assert (row.reason, row.ended_because) == ("京绿〔2022〕1号", "撤回")


def test_a_pilot_begins_and_ends(scene: Scene) -> None:
    scene.act(actions.start_pilot, COMMUNITY)
    assert known(COMMUNITY, BEGAN) == (False, True)
    scene.act(actions.conclude_pilot, COMMUNITY, on=TODAY)
    assert known(COMMUNITY, TODAY) == (False, False)


def test_each_act_leaves_one_audit_row_with_its_scope(scene: Scene) -> None:
    before = AuditEntry.objects.count()
    scene.act(actions.enrol, COMMUNITY, SECOND)
    [entry] = AuditEntry.objects.filter(number__gt=before)
    assert (entry.action, entry.scope) == ("certification.enrol", scene.version(STREET).path)
    assert entry.data == {"places": f"{COMMUNITY},{SECOND}", "on": "2022-03-01", "reason": "京绿〔2022〕1号"}


@pytest.mark.parametrize(
    "role,at,action",
    [
        ("street_clerk", STREET, "start_pilot"),
        ("street_clerk", STREET, "conclude_pilot"),
        ("community_worker", COMMUNITY, "enrol"),
        ("auditor", DISTRICT, "enrol"),
        ("city_lead", territories.CITY, "enrol"),
        ("district_lead", OTHER_DISTRICT, "enrol"),
        ("district_lead", OTHER_DISTRICT, "start_pilot"),
    ],
)
def test_who_may_not_changes_nothing(scene: Scene, role: str, at: str, action: str) -> None:
    by = person(role, at)
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        scene.act(getattr(actions, action), COMMUNITY, by=by)
    assert (Participation.objects.count(), Pilot.objects.count(), StandingChange.objects.count()) == (0, 0, 0)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "role,at,action",
    [("street_clerk", STREET, "enrol"), ("district_lead", DISTRICT, "start_pilot")],
)
def test_who_may_does(scene: Scene, role: str, at: str, action: str) -> None:
    assert len(scene.act(getattr(actions, action), COMMUNITY, by=person(role, at))) == 1


def test_one_outside_reach_stops_all(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        scene.act(actions.enrol, COMMUNITY, territories.OTHER_COMMUNITY, by=person("street_clerk", STREET))
    assert Participation.objects.count() == 0


@pytest.mark.parametrize(
    "change,error",
    [
        ({"on": date(2022, 9, 16)}, InvalidInputError),
        ({"reason": "  "}, InvalidInputError),
        ({"reason": "长" * 301}, InvalidInputError),
    ],
)
def test_bad_input_is_refused(scene: Scene, change: dict[str, Any], error: type[GreenwardError]) -> None:
    with pytest.raises(error):
        scene.act(actions.enrol, COMMUNITY, **change)
    assert Participation.objects.count() == 0


def test_a_village_is_no_urban_community(scene: Scene) -> None:
    with pytest.raises(NotFoundError):
        scene.act(actions.enrol, VILLAGE)


def test_twice_is_a_conflict(scene: Scene) -> None:
    scene.act(actions.enrol, COMMUNITY)
    with pytest.raises(ConflictError):
        scene.act(actions.enrol, COMMUNITY, SECOND, on=TODAY)
    assert Participation.objects.count() == 1


def test_ending_what_is_not_is_a_conflict(scene: Scene) -> None:
    with pytest.raises(ConflictError):
        scene.act(actions.withdraw, COMMUNITY)
    scene.act(actions.enrol, COMMUNITY)
    with pytest.raises(ConflictError):
        scene.act(actions.withdraw, COMMUNITY, on=BEGAN)


def test_standings_say_what_the_person_may(scene: Scene) -> None:
    scene.act(actions.enrol, COMMUNITY)
    found = queries.standings_for(person("street_clerk", STREET), scene.version(COMMUNITY), TODAY)
    assert found.participation == Participation.objects.get()
    assert (found.pilot, found.may_enrol, found.may_choose_pilots) == (None, True, False)


def test_history_has_the_latest_first(scene: Scene) -> None:
    scene.act(actions.enrol, COMMUNITY)
    scene.act(actions.start_pilot, COMMUNITY, on=TODAY)
    rows = queries.history_of(scene.version(COMMUNITY))
    assert [type(row) for row in rows] == [Pilot, Participation]


SENT = {"on": "2022-03-01", "reason": "京绿〔2022〕1号"}


def test_the_form_enrols_and_goes_back(scene: Scene) -> None:
    browser = accounts.signed_in(person("street_clerk", STREET))
    answer = browser.post(f"/communities/{COMMUNITY}/enrol/", {**SENT, "next": f"/communities/{COMMUNITY}/"})
    assert (answer.status_code, answer["Location"]) == (302, f"/communities/{COMMUNITY}/")
    assert Participation.objects.get().by == User.objects.get()


def test_the_form_never_leads_away(scene: Scene) -> None:
    browser = accounts.signed_in(person("street_clerk", STREET))
    answer = browser.post(f"/communities/{COMMUNITY}/enrol/", {**SENT, "next": "https://elsewhere.example/"})
    assert answer["Location"] == f"/assessment/{COMMUNITY}/"


@pytest.mark.parametrize(
    "role,at,address,status",
    [
        ("street_clerk", STREET, "pilot/start", 403),
        ("district_lead", OTHER_DISTRICT, "enrol", 404),
        ("auditor", DISTRICT, "enrol", 403),
    ],
)
def test_forms_of_others_change_nothing(scene: Scene, role: str, at: str, address: str, status: int) -> None:
    browser: Client = accounts.signed_in(person(role, at))
    assert browser.post(f"/communities/{COMMUNITY}/{address}/", SENT).status_code == status
    assert (Participation.objects.count(), Pilot.objects.count()) == (0, 0)


def test_looking_enrols_nobody(scene: Scene) -> None:
    browser = accounts.signed_in(person("street_clerk", STREET))
    assert browser.get(f"/communities/{COMMUNITY}/enrol/").status_code == 405
    assert browser.post(f"/communities/{COMMUNITY}/enrol/", {"on": "x", "reason": ""}).status_code == 422
    assert Participation.objects.count() == 0
