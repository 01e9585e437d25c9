"""One list for a person: from whom, in what order, how much in a line; and who holds what below."""

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.models import CalendarOverride
from greenward.duties import queries, todos
from greenward.duties.states import Urgency
from greenward.duties.todos import Held, Kind, ToDo
from greenward.survey.actions import close_round
from greenward.survey.actions.cases import SentBack, move
from greenward.survey.models import Round
from greenward.territories.models import Place
from greenward.territories.roles import Permission
from tests.factories import survey as make
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    appoint,
    person,
    place_tree,
)

pytestmark = pytest.mark.django_db
TODAY = date(2022, 9, 15)


@pytest.fixture(autouse=True)
def day(settings: Settings) -> None:
    settings.GREENWARD_TODAY = TODAY


@pytest.fixture
def alone() -> Iterator[None]:
    """Let only the kinds that the test registers speak."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(todos, "_kinds", {})
        yield


def told(*found: ToDo, held: tuple[Held, ...] = ()) -> None:
    todos.register(Kind("told", "告知", 1, frozenset({Permission.SURVEY}), lambda *_: found, lambda *_: held))


def todo(key: str, due_on: date | None, what: str = "事", where: str = "甲") -> ToDo:
    return ToDo("told", key, what, where, f"/{key}/", due_on)


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def test_the_pressing_come_first_and_working_days_count(alone: None) -> None:
    CalendarOverride.objects.create(day=date(2022, 9, 16), is_working=False, reason="测试")
    told(
        todo("none", None),
        todo("open", date(2022, 12, 31)),
        todo("late", date(2022, 9, 13)),
        todo("today", TODAY),
        todo("soon", date(2022, 9, 19)),
    )
    found = queries.todos_for(person(), TODAY)
    assert [(one.key, one.urgency) for one in found] == [
        ("late", Urgency.OVERDUE),
        ("today", Urgency.TODAY),
        ("soon", Urgency.SOON),
        ("open", Urgency.OPEN),
        ("none", Urgency.OPEN),
    ]
    assert [one.days_late for one in found] == [2, 0, 0, 0, 0]
    assert [one.working_days_left for one in found[:3]] == [-2, 0, 1]  # Friday off, the weekend
    assert (found[4].days_left, found[4].working_days_left) == (None, None)


def test_the_same_work_at_many_places_is_one_line(alone: None) -> None:
    told(*(todo(f"k{n}", TODAY, where=f"社区{n}") for n in range(5)), todo("other", TODAY, what="别的事"))
    lines = queries.together(queries.todos_for(person(), TODAY))
    assert [(line.first.what, line.count, line.is_one) for line in lines] == [
        ("事", 5, False),
        ("别的事", 1, True),
    ]
    assert lines[0].places == "社区0、社区1、社区2"


def test_what_is_held_stands_under_the_next_place_and_the_late_come_first(alone: None) -> None:
    place_tree()
    district, other = f"{CITY}/{DISTRICT}/", f"{CITY}/{OTHER_DISTRICT}/"
    told(
        held=(
            Held("told", other, "区", "报告", "/a/", 2),
            Held("told", f"{district}{STREET}/", "街道", "核对", "/b/", 3, 1, TODAY),
            Held("told", f"{district}990101002000/", "街道", "核对", "/b/", 4),
            Held("told", "880000000000/", "区", "别市的", "/c/", 1),
        )
    )
    found = queries.held_below(official("city_lead", CITY), TODAY)
    assert [(line.place.place.code, line.count, line.overdue) for line in found] == [
        (DISTRICT, 7, 1),
        (OTHER_DISTRICT, 2, 0),
    ]
    assert [(one.what, one.count, one.due_on) for one in found[0].held] == [("核对", 7, TODAY)]
    assert queries.held_below(person("stranger"), TODAY) == []


@pytest.fixture
def held(settings: Settings) -> Round:
    settings.GREENWARD_TODAY = make.TODAY
    return make.survey_round()


def moved(held: Round, code: str, *verbs: str) -> None:
    for verb in verbs:
        fields = [SentBack(code, "households", "与派出所数不符")] if verb == "return" else []
        move(held, Place.objects.get(code=code), verb, by=None, at=clock.now(), fields=fields)


def survey_of(user: User, on: date = make.TODAY) -> list[tuple[str, str, int]]:
    """Return what the survey asks of a person: kind, place, number."""
    found = queries.todos_for(user, on)
    return [(one.kind, one.where, one.count) for one in found if one.kind.startswith("survey")]


def test_the_survey_goes_from_list_to_list(held: Round) -> None:
    worker, clerk, lead = (
        official("community_worker", COMMUNITY),
        official("street_clerk", STREET),
        official("district_lead", DISTRICT),
    )
    assert (survey_of(worker), survey_of(clerk), survey_of(lead)) == (
        [("survey-fill", "一里社区", 1)],
        [],
        [],
    )
    make.fill(held, COMMUNITY)
    moved(held, COMMUNITY, "submit")
    assert (survey_of(worker), survey_of(clerk), survey_of(lead)) == (
        [],
        [("survey-check", "东街街道", 1)],
        [],
    )
    moved(held, COMMUNITY, "check")
    assert (survey_of(clerk), survey_of(lead)) == ([], [("survey-check", "甲区", 1)])


def test_what_was_sent_back_is_to_be_put_right(held: Round) -> None:
    make.fill(held, COMMUNITY)
    moved(held, COMMUNITY, "submit", "return")
    worker = official("community_worker", COMMUNITY)
    one = queries.todos_for(worker, make.TODAY)[0]
    assert (one.what, one.count, one.url) == (
        "补正被退回的摸底数据",
        1,
        f"/survey/r2022/cases/{COMMUNITY}/#returned",
    )
    close_round(held, by=None, at=clock.now())
    assert survey_of(worker) == []


def test_who_is_late_shows_above_and_not_to_neighbours(held: Round) -> None:
    after = date.fromordinal(held.closes_on.toordinal() + 1)
    lead = official("district_lead", DISTRICT)
    before = [one for line in queries.held_below(lead, make.TODAY) for one in line.held]
    assert [(one.who, one.count, one.overdue) for one in before if one.kind == "survey-check"] == [
        ("社区", 2, 0),
        ("社区", 1, 0),
    ]
    late = queries.held_below(lead, after)
    assert {(line.place.short_name, line.overdue) for line in late} == {("东街街道", 2), ("西街街道", 1)}
    worker = official("community_worker", SECOND)
    assert queries.held_below(worker, after) == []
    assert [one.urgency for one in queries.todos_for(worker, after)] == [Urgency.OVERDUE]


def test_queries_do_not_grow_with_the_communities(
    held: Round, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
    moved(held, COMMUNITY, "submit")
    clerk = official("street_clerk", STREET)
    with django_assert_max_num_queries(30) as first:  # the pack is read once per process
        queries.todos_for(User.objects.get(pk=clerk.pk), make.TODAY)
        queries.held_below(clerk, make.TODAY)
    moved(held, SECOND, "submit")
    with django_assert_max_num_queries(len(first)):
        queries.todos_for(User.objects.get(pk=clerk.pk), make.TODAY)
        queries.held_below(clerk, make.TODAY)
    assert survey_of(clerk) == [("survey-check", "东街街道", 2)]
