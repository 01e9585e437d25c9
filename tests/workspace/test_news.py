"""What reminders tell of changed verdicts: within one's reach, by item and status, no values, once."""

from datetime import timedelta

from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from greenward.assessment import actions
from greenward.core import clock
from greenward.duties.todos import News
from greenward.workspace.queries.news import changes_told
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, TOWN_COMMUNITY, person
from tests.factories.workspace import TODAY, City, clerk


def moved(city: City, *codes: str) -> None:
    """Let communities stop meeting the items on managed compounds, and judge them again."""
    city.meet(*codes)
    run = actions.assess(programme=city.programme, as_of=TODAY, by=None, at=clock.now())
    for code in codes:
        city.facts.tell(city.places[code], compounds_managed=0)
    cache.clear()
    actions.refresh(run=run, places=[city.places[code].pk for code in codes], by=None, at=clock.now())


def test_changes_are_told_within_reach_and_time_without_values(city: City) -> None:
    moved(city, COMMUNITY, TOWN_COMMUNITY)
    since, until = clock.now() - timedelta(days=1), clock.now() + timedelta(seconds=1)
    lead, other = clerk("district_lead", DISTRICT), clerk("district_lead", OTHER_DISTRICT, "other")
    told = changes_told(lead, since, until)
    assert told.number == 1
    assert told.news == (News("第12项由达标变为未达标", "一里社区", f"/assessment/{COMMUNITY}/"),)
    assert [one.url for one in changes_told(other, since, until).news] == [f"/assessment/{TOWN_COMMUNITY}/"]
    assert changes_told(lead, until, until + timedelta(days=1)).number == 0
    assert changes_told(person("stranger"), since, until).number == 0


def test_queries_do_not_grow_with_the_changes(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    moved(city, COMMUNITY, SECOND)
    lead = clerk("district_lead", DISTRICT)
    span = clock.now() - timedelta(days=1), clock.now() + timedelta(seconds=1)
    changes_told(lead, *span)
    with django_assert_max_num_queries(5):
        assert changes_told(lead, *span).number == 2
