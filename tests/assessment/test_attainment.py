"""The arithmetic of targets: from communities, exact at the edge, by fixed boundaries."""

from datetime import date
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from greenward.accounts.models import User
from greenward.assessment import queries
from greenward.assessment.queries import AttainmentRow
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.programmes.actions import freeze_denominator
from greenward.territories.models import (
    EventKind,
    Kind,
    Place,
    PlaceEvent,
    PlaceVersion,
    Succession,
    UrbanStatus,
)
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN,
    TOWN_COMMUNITY,
)


def rows(as_of: date = AS_OF) -> dict[str, AttainmentRow]:
    return {row.code: row for row in queries.attainment(as_of)}


@pytest.mark.parametrize(
    "share,denominator,wanted",
    [
        (Fraction(6, 10), 5, 3),
        (Fraction(6, 10), 601, 361),
        (Fraction(1, 4), 4, 1),
        (Fraction(1, 4), 5, 2),
        (Fraction(1, 4), 3730, 933),
        (Fraction(6, 10), 0, 0),
        (Fraction(7, 100), 100, 7),
    ],
)
def test_needed_is_exact_at_the_edge(share: Fraction, denominator: int, wanted: int) -> None:
    assert queries.needed(share, denominator) == wanted


def test_without_survey_all_is_unknown_and_nothing_unmet(city: City) -> None:
    row = rows()[CITY]
    assert (row.denominator, row.unknown, row.unmet, row.meeting, row.both) == (4, 4, 0, 0, 0)


def test_only_taking_part_and_meeting_counts_for_the_target(city: City) -> None:
    city.meet(COMMUNITY, SECOND)
    city.enrol(COMMUNITY, OTHER_COMMUNITY)
    row = rows()[DISTRICT]
    assert (row.participating, row.meeting, row.both) == (2, 2, 1)
    assert (row.target, row.distance) == (2, 1)


def test_exactly_at_target_there_is_no_distance(city: City) -> None:
    city.meet(COMMUNITY, SECOND)
    city.enrol(COMMUNITY, SECOND)
    row = rows()[DISTRICT]
    assert (row.denominator, row.target, row.both, row.distance, row.is_reached) == (3, 2, 2, 0, True)


def test_city_2022_is_the_sum_of_its_districts_not_a_mean(city: City) -> None:
    city.meet(COMMUNITY, SECOND, OTHER_COMMUNITY)
    city.enrol(COMMUNITY, SECOND, OTHER_COMMUNITY)
    table = rows()
    districts = [table[DISTRICT], table[OTHER_DISTRICT]]
    row = table[CITY]
    for name in ("participating", "meeting", "both", "unmet", "unknown", "denominator", "target", "distance"):
        assert getattr(row, name) == sum(getattr(d, name) for d in districts), name
    assert row.attained_percent == 75.0  # 3 of 4; the districts' mean would be 50
    assert (row.distance, row.target) == (1, 3)  # one district is ahead, which does not help the other
    assert (row.basis, row.reading, row.clause) == ("derived", "city-2022", "1.2")


def test_both_readings_of_25_percent_stand_apart_in_2021(city: City) -> None:
    table = rows(date(2021, 12, 31))
    assert (table[CITY].reading, table[CITY].clause, table[CITY].basis) == ("city-2021", "1.2", "stated")
    assert (table[DISTRICT].reading, table[DISTRICT].clause) == ("district-2021", "3.2.2")
    assert (table[CITY].target, table[DISTRICT].target, table[OTHER_DISTRICT].target) == (1, 1, 1)


@pytest.mark.parametrize(
    "day,reading",
    [
        (date(2021, 12, 31), "district-2021"),
        (date(2022, 1, 1), "district-2022"),
        (date(2022, 12, 31), "district-2022"),
        (date(2024, 1, 1), "district-2022"),
    ],
)
def test_the_next_target_applies_and_after_the_last_the_last(city: City, day: date, reading: str) -> None:
    assert rows(day)[DISTRICT].reading == reading


def test_subdistricts_have_a_reference_not_a_target(city: City) -> None:
    row = rows()[STREET]
    assert (row.basis, row.target, row.denominator) == ("reference", 2, 2)
    assert "参考" in row.definition


def test_before_any_programme_there_is_no_figure(city: City) -> None:
    with pytest.raises(NotFoundError):
        queries.attainment(date(2021, 9, 26))


def test_villages_are_not_counted(city: City) -> None:
    assert rows()[TOWN].denominator == 1


def _merge(city: City, old: str, *into: str, on: date = date(2022, 6, 1)) -> None:
    made_by = PlaceEvent.objects.create(kind=EventKind.MERGE, on=on, reason="测试", at=clock.now())
    place = city.places[old]
    PlaceVersion.objects.filter(place=place).update(during=(None, on))
    UrbanStatus.objects.filter(place=place).update(during=(None, on))
    for code in into:
        Succession.objects.create(event=made_by, old=place, new=city.places[code])


def _freeze(city: City) -> None:
    freeze_denominator(
        programme=city.programme,
        target_due=date(2022, 12, 31),
        boundaries_on=date(2022, 1, 1),
        by=None,
        at=clock.now(),
    )


def test_a_merge_lowers_the_live_denominator_and_not_the_frozen_one(city: City) -> None:
    city.meet(COMMUNITY)
    city.enrol(COMMUNITY)
    _merge(city, SECOND, COMMUNITY)
    live = rows()[DISTRICT]
    assert (live.denominator, live.both, live.frozen_on) == (2, 1, None)
    _freeze(city)
    frozen = rows()[DISTRICT]
    assert (frozen.denominator, frozen.both, frozen.frozen_on) == (3, 2, date(2022, 1, 1))


def test_a_split_community_meets_only_when_all_its_successors_do(city: City) -> None:
    _freeze(city)
    city.meet(COMMUNITY)
    city.enrol(COMMUNITY, OTHER_COMMUNITY)
    _merge(city, SECOND, COMMUNITY, OTHER_COMMUNITY)
    assert (rows()[DISTRICT].both, rows()[DISTRICT].unknown) == (1, 2)
    city.meet(OTHER_COMMUNITY)
    assert rows()[DISTRICT].both == 3
    city.meet(OTHER_COMMUNITY, smart_security=False)
    assert (rows()[DISTRICT].both, rows()[DISTRICT].unmet) == (1, 2)


def test_a_community_that_went_into_nothing_stays_counted_as_unknown(city: City) -> None:
    _freeze(city)
    city.meet(SECOND)
    _merge(city, SECOND)
    row = rows()[STREET]
    assert (row.denominator, row.unknown, row.meeting) == (2, 2, 0)


def test_a_community_founded_later_counts_live_only(city: City) -> None:
    _freeze(city)
    made_by = territories.event(EventKind.CREATE)
    new = territories.place(
        "990101001009", "新里社区居委会", Kind.RESIDENTS_COMMITTEE, city.places[STREET], made_by
    )
    city.facts.tell(new)
    assert rows()[STREET].denominator == 2
    city.programme.freezes.all().delete()
    assert rows()[STREET].denominator == 3


@pytest.fixture
def district_lead(city: City) -> User:
    user = accounts.make_user("district-lead")
    territories.appoint(user, "district_lead", DISTRICT)
    return user


def test_a_person_sees_the_rows_within_reach(city: City, district_lead: User) -> None:
    seen = {row.code for row in queries.attainment_for(district_lead, AS_OF)}
    assert seen == {DISTRICT, STREET, territories.OTHER_STREET}


def test_a_stranger_sees_no_row(city: City) -> None:
    assert queries.attainment_for(accounts.make_user("stranger"), AS_OF) == []


def _many_communities(city: City, number: int) -> None:
    made_by = territories.event(EventKind.CREATE)
    street: Place = city.places[STREET]
    for one in range(number):
        code = f"9901010012{one:02}"
        territories.place(code, f"{one}里社区居委会", Kind.RESIDENTS_COMMITTEE, street, made_by)
        city.places[code] = Place.objects.get(code=code)
        city.meet(code)


@pytest.mark.parametrize("number", [1, 30])
def test_queries_do_not_grow_with_communities(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    _many_communities(city, number)
    _freeze(city)
    with django_assert_num_queries(22):
        queries.attainment(AS_OF)


def test_town_communities_count(city: City) -> None:
    city.meet(TOWN_COMMUNITY)
    city.enrol(TOWN_COMMUNITY)
    assert (rows()[TOWN].both, rows()[OTHER_DISTRICT].both, rows()[OTHER_DISTRICT].distance) == (1, 1, 0)
