"""What judgings ask of whom: opinions of reviewers, decisions of the lead; what others hold."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.assessment import actions
from greenward.assessment.todos import decision_todos, judgings_held, opinion_todos
from greenward.core import clock
from greenward.core.errors import NotAllowedError
from greenward.duties import queries as duties
from greenward.duties.actions import hand_over
from greenward.duties.queries import todos_for
from greenward.duties.states import Urgency
from greenward.territories.models import Appointment, PlaceVersion
from tests.assessment.conftest import AS_OF, City, somebody
from tests.factories import judging as judge
from tests.factories import territories
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
)


@pytest.fixture(autouse=True)
def _today(settings: Settings) -> None:
    settings.GREENWARD_TODAY = AS_OF


def waits(user: User) -> list[tuple[str, str, int, str]]:
    """Return what judgings ask of a person: kind, place, number, address."""
    found = todos_for(User.objects.get(pk=user.pk), AS_OF)
    return [(one.kind, one.where, one.count, one.url) for one in found if one.kind.startswith("judging")]


def held(user: User) -> list[tuple[str, str, str, int, int]]:
    """Return what others hold below: place, kind, who, number, overdue."""
    return [
        (line.place.short_name, one.kind, one.who, one.count, one.overdue)
        for line in duties.held_below(User.objects.get(pk=user.pk), AS_OF)
        for one in line.held
        if one.kind.startswith("judging")
    ]


def test_it_goes_from_the_reviewers_to_the_lead(city: City, lead: User, reviewer: User, second: User) -> None:
    place = city.version(COMMUNITY)
    judging = judge.asked(place, city.programme.pack, needed=2)
    page = f"/judging/{judging.pk}/"
    opinion = [("judging-opinion", "一里社区", 1, page)]
    assert (waits(reviewer), waits(second), waits(lead)) == (opinion, opinion, [])
    judge.opined(judging, place, reviewer=reviewer)
    assert (waits(reviewer), waits(second), waits(lead)) == ([], opinion, [])
    judge.opined(judging, place, reviewer=second, points="-4")
    assert (waits(second), waits(lead)) == ([], [("judging-decision", "一里社区", 1, page)])
    assert signed_in(lead).get(page).status_code == 200
    judge.decided(judging, place)
    assert waits(lead) == []


def test_strangers_and_who_works_there_are_not_asked(city: City, lead: User) -> None:
    judge.asked(city.version(COMMUNITY), city.programme.pack)
    own = somebody("own", "reviewer")
    territories.appoint(own, "community_worker", COMMUNITY)
    far, clerk = somebody("far", "reviewer", OTHER_DISTRICT), somebody("clerk", "street_clerk", STREET)
    assert [waits(one) for one in (own, far, clerk, territories.person("nobody"))] == [[], [], [], []]


def test_a_street_is_one_line_that_opens_the_queue_narrowed_to_it(
    city: City, reviewer: User, lead: User
) -> None:
    for code in (COMMUNITY, SECOND, OTHER_COMMUNITY):
        judge.asked(city.version(code), city.programme.pack)
    there, here = sorted(waits(reviewer), key=lambda one: one[2])
    assert (there[1:3], here[1:3]) == (("一里社区", 1), ("东街街道", 2))
    rows = signed_in(reviewer).get(here[3]).context["rows"]
    assert {row.place.place.code for row in rows} == {COMMUNITY, SECOND}


def test_above_it_shows_who_holds_it(city: City, lead: User, reviewer: User) -> None:
    above, worker = somebody("above", "city_lead", CITY), somebody("worker", "community_worker", COMMUNITY)
    place = city.version(COMMUNITY)
    ready = judge.asked(place, city.programme.pack)
    judge.opined(ready, place, reviewer=reviewer)
    judge.asked(city.version(SECOND), city.programme.pack)
    opinions, decision = (
        ("甲区", "judging-opinion", "评议员", 1, 0),
        ("甲区", "judging-decision", "区", 1, 0),
    )
    assert {one[1]: one for one in held(above)} == {one[1]: one for one in (opinions, decision)}
    assert held(lead) == [opinions]
    assert held(reviewer) == [decision]
    assert held(worker) == []


def test_the_last_day_makes_it_pressing(city: City, reviewer: User, settings: Settings) -> None:
    judge.asked(city.version(COMMUNITY), city.programme.pack)
    found = todos_for(reviewer, AS_OF + timedelta(days=8))
    assert [one.urgency for one in found if one.kind == "judging-opinion"] == [Urgency.OVERDUE]


def test_two_joined_by_cover_are_one_hand(city: City, lead: User, reviewer: User) -> None:
    other = somebody("other-lead", "district_lead")
    place = city.version(COMMUNITY)
    judging = judge.asked(place, city.programme.pack)
    judge.opined(judging, place, reviewer=reviewer)
    hand_over(
        reviewer,
        lead,
        Appointment.objects.get(user=reviewer).office,
        begins=AS_OF,
        until=AS_OF,
        reason="年休假",
        by=reviewer,
        at=clock.now(),
    )
    assert waits(lead) == [("judging-decision", "一里社区", 1, f"/judging/{judging.pk}/")]
    judging.refresh_from_db()
    said: dict[str, Any] = {"seen": judging.version, "observed_on": AS_OF, "at": clock.now()}
    answer = actions.Answer("同意", points=judging.opinions.get().points)
    with pytest.raises(NotAllowedError):
        actions.decide(judging, place, answer, by=User.objects.get(pk=lead.pk), **said)
    actions.decide(judging, place, answer, by=other, **said)


def test_queries_do_not_grow_with_the_judgings(
    city: City, lead: User, reviewer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def looked(user: User) -> int:
        again = User.objects.get(pk=user.pk)
        told = (opinion_todos, decision_todos, judgings_held)
        return sum(len(list(one(again, AS_OF))) for one in told)

    def place(code: str) -> PlaceVersion:
        return city.version(code)

    judge.opined(
        judge.asked(place(COMMUNITY), city.programme.pack),
        place(COMMUNITY),
        reviewer=somebody("x", "reviewer"),
    )
    judge.asked(place(SECOND), city.programme.pack)
    assert looked(lead) + looked(reviewer) > 1  # what is kept in memory is read by now
    with django_assert_max_num_queries(20) as first:
        assert looked(lead)
        assert looked(reviewer)
    for number in ("1.1", "2.1", "3.1"):
        judge.asked(place(COMMUNITY), city.programme.pack, number)
        judge.asked(place(OTHER_COMMUNITY), city.programme.pack, number)
    assert looked(lead) + looked(reviewer) > 1
    with django_assert_max_num_queries(len(first)):
        assert looked(lead)
        assert looked(reviewer)
