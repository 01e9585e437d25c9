"""Runs: stored, fresh or stale, refreshed by what changed, with the reasons of every change."""

from datetime import date

import pytest
from django.core.cache import cache
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from greenward.accounts.models import User
from greenward.assessment import actions, queries
from greenward.assessment.models import Result, Run, VerdictChange
from greenward.assessment.queries.verdicts import fresh_run
from greenward.core import clock
from greenward.core.errors import NotAllowedError
from greenward.core.models import AuditEntry
from greenward.territories.models import EventKind, Kind
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
)


def assess(city: City, as_of: date = AS_OF) -> Run:
    return actions.assess(programme=city.programme, as_of=as_of, by=None, at=clock.now())


def refresh(run: Run) -> Run:
    return actions.refresh(run=run, by=None, at=clock.now())


def stored(run: Run) -> dict[str, str]:
    return dict(Result.objects.filter(run=run).values_list("place__code", "verdict"))


def test_a_run_stores_every_urban_community(city: City) -> None:
    city.meet(COMMUNITY)
    city.meet(SECOND, smart_security=False)
    run = assess(city)
    assert stored(run) == {
        COMMUNITY: "met",
        SECOND: "unmet",
        OTHER_COMMUNITY: "unknown",
        TOWN_COMMUNITY: "unknown",
    }
    letters = dict(Result.objects.filter(run=run).values_list("place__code", "statuses"))
    assert letters[COMMUNITY] == "M" * 16
    assert letters[SECOND] == "M" * 10 + "U" + "M" * 5
    assert letters[OTHER_COMMUNITY] == "?" * 16


def test_a_run_knows_its_edition(city: City) -> None:
    assert assess(city).pack_digest == city.programme.pack.digest


def test_a_second_run_of_the_day_replaces_the_first(city: City) -> None:
    assess(city)
    city.meet(COMMUNITY)
    run = assess(city)
    assert (Run.objects.count(), Result.objects.count(), stored(run)[COMMUNITY]) == (1, 4, "met")


def test_stored_and_computed_say_the_same(city: City) -> None:
    city.meet(COMMUNITY)
    computed = queries.verdicts(AS_OF).sort("place")
    run = assess(city)
    assert fresh_run(city.programme, AS_OF) == run
    cache.clear()
    assert queries.verdicts(AS_OF).sort("place").equals(computed)


def test_reading_stores_nothing(city: City) -> None:
    queries.attainment(AS_OF)
    assert (Run.objects.count(), Result.objects.count()) == (0, 0)


def test_new_facts_make_a_run_stale_and_figures_do_not_wait(city: City) -> None:
    assess(city)
    city.meet(COMMUNITY)
    assert fresh_run(city.programme, AS_OF) is None
    assert {r.code: r.meeting for r in queries.attainment(AS_OF)}[CITY] == 1


def test_refresh_reads_only_what_was_touched(city: City) -> None:
    city.meet(COMMUNITY)
    run = assess(city)
    city.meet(SECOND)
    city.facts.asked.clear()
    run = refresh(run)
    assert city.facts.asked[0] == [city.places[SECOND].pk]
    assert stored(run)[SECOND] == "met"
    assert fresh_run(city.programme, AS_OF) == run


def test_refresh_equals_a_new_run(city: City) -> None:
    run = assess(city)
    city.meet(COMMUNITY, OTHER_COMMUNITY)
    city.enrol(COMMUNITY)
    refreshed = sorted(
        Result.objects.filter(run=refresh(run)).values_list("place", "statuses", "participates")
    )
    run.delete()
    anew = sorted(Result.objects.filter(run=assess(city)).values_list("place", "statuses", "participates"))
    assert refreshed == anew


def test_refresh_takes_in_new_communities_and_drops_closed_ones(city: City) -> None:
    run = assess(city)
    made_by = territories.event(EventKind.CREATE)
    territories.place(
        "990101001009", "新里社区居委会", Kind.RESIDENTS_COMMITTEE, city.places[STREET], made_by
    )
    city.places[SECOND].urban_statuses.update(counts_as_urban_community=False)
    assert fresh_run(city.programme, AS_OF) is None
    assert set(stored(refresh(run))) == {COMMUNITY, OTHER_COMMUNITY, TOWN_COMMUNITY, "990101001009"}


def test_a_change_says_which_item_moved_and_why(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    run = assess(city)
    city.facts.tell(city.places[COMMUNITY], compounds_managed=4)
    refresh(run)
    change = VerdictChange.objects.get()
    assert (change.place, change.old, change.new) == (city.places[COMMUNITY], "unmet", "met")
    assert change.items == [
        {
            "item": "12",
            "old": "U",
            "new": "M",
            "facts": [
                {"fact": "compounds_managed", "old": 3, "new": 4},
                {"fact": "compounds_total", "old": 12, "new": 12},
            ],
        }
    ]


def test_nothing_moved_nothing_recorded(city: City) -> None:
    city.meet(COMMUNITY)
    run = assess(city)
    city.facts.tell(city.places[COMMUNITY], partners_taking_part=9)
    refresh(run)
    assert VerdictChange.objects.count() == 0


@pytest.fixture
def lead(city: City) -> User:
    user = accounts.make_user("district-lead")
    territories.appoint(user, "district_lead", DISTRICT)
    return user


def test_changes_reach_those_who_see_the_place_with_words(city: City, lead: User) -> None:
    city.meet(COMMUNITY, TOWN_COMMUNITY, compounds_managed=3)
    run = assess(city)
    for code in (COMMUNITY, TOWN_COMMUNITY):
        city.facts.tell(city.places[code], compounds_managed=4)
    refresh(run)
    [change] = queries.changes_for(lead, AS_OF)
    [item] = change.items
    assert (change.place.place.code, item.item.id, item.old, item.new) == (COMMUNITY, "12", "unmet", "met")
    [because] = item.because
    assert (because.label, because.old, because.new) == ("有物业管理的小区数", "3 个", "4 个")
    assert queries.changes_for(accounts.make_user("stranger"), AS_OF) == []


def test_only_who_runs_the_whole_territory_may_assess_it(city: City, lead: User) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        actions.assess(programme=city.programme, as_of=AS_OF, by=lead, at=clock.now())
    assert (Run.objects.count(), Result.objects.count(), AuditEntry.objects.count()) == (0, 0, before)


def test_enrolling_refreshes_the_run_of_today(
    city: City,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
) -> None:
    settings.GREENWARD_TODAY = AS_OF
    run = assess(city)
    with django_capture_on_commit_callbacks(execute=True):
        city.enrol(COMMUNITY)
    assert Result.objects.get(run=run, place=city.places[COMMUNITY]).participates is True
    assert fresh_run(city.programme, AS_OF) == run


def test_the_curve_has_a_point_per_run_by_the_boundaries_of_its_day(city: City) -> None:
    city.enrol(COMMUNITY, on=date(2022, 2, 1))
    assess(city, date(2022, 1, 1))
    city.meet(COMMUNITY)
    assess(city, AS_OF)
    points = queries.curve(f"{CITY}/{DISTRICT}/", date(2021, 10, 1), AS_OF)
    assert [(p.as_of, p.participating, p.meeting, p.both, p.denominator) for p in points] == [
        (date(2022, 1, 1), 0, 0, 0, 3),
        (AS_OF, 1, 1, 1, 3),
    ]
