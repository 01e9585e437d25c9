"""Earlier values: what was known some months before, with both days; unknown where nothing was."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache

from greenward.assessment.facts import registry
from greenward.assessment.facts.survey import SurveyFacts
from greenward.assessment.facts.values import FactValue
from greenward.assessment.queries.catalogue import catalogue_of
from greenward.packs.schema.facts import Fact, FromEarlier
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual
from greenward.programmes import queries as programmes
from greenward.survey import actions as survey
from greenward.survey.models import Round
from greenward.survey.sensitivity import fields_behind
from greenward.territories.models import Place
from tests.factories.survey import survey_round
from tests.factories.territories import COMMUNITY, SECOND

THEN, NOW = datetime(2022, 6, 15, 2, tzinfo=UTC), datetime(2022, 8, 1, 2, tzinfo=UTC)
AS_OF = date(2022, 9, 15)
OF = "life_passage_blocked"


def earlier(months: int, name: str = "before") -> Fact:
    label = Bilingual(zh="以前占压处数", en="Blocked before")
    return Fact(id=name, label=label, type="count", origin=FromEarlier(earlier=OF, months=months))


@pytest.fixture
def held(db: None) -> Round:
    cache.clear()
    return survey_round()


@pytest.fixture
def pack(held: Round) -> Pack:
    found = programmes.policy(programmes.current(AS_OF))
    return found.model_copy(update={"facts": (*found.facts, earlier(3))})


def answer(held: Round, code: str, at: datetime, value: int) -> None:
    place = Place.objects.get(code=code)
    survey.record_values(held, "community", place, {OF: value}, by=None, at=at)


def columns(pack: Pack, code: str, *facts: Fact) -> list[Any]:
    frame = registry.frame_of(pack, facts, AS_OF, [Place.objects.get(code=code).pk])
    return [frame[one.id][0] for one in facts]


def value(pack: Pack, code: str, one: Fact) -> FactValue:
    return registry.explained(pack, [one], AS_OF, Place.objects.get(code=code).pk)[one.id]


def test_the_value_of_then_stands_beside_that_of_now(held: Round, pack: Pack) -> None:
    answer(held, COMMUNITY, THEN, 5)
    answer(held, COMMUNITY, NOW, 2)
    assert columns(pack, COMMUNITY, pack.fact_by_id[OF], earlier(3), earlier(1, "later")) == [2, 5, 2]
    told = value(pack, COMMUNITY, earlier(3))
    assert (told.value, told.on, told.label) == (5, date(2022, 6, 15), "以前占压处数")
    assert told.source.startswith("2022-06-15 时：")
    assert value(pack, COMMUNITY, earlier(1)).on == date(2022, 8, 1)


def test_what_nobody_knew_then_stays_unknown(held: Round, pack: Pack) -> None:
    answer(held, SECOND, NOW, 2)
    assert columns(pack, SECOND, pack.fact_by_id[OF], earlier(3)) == [2, None]
    told = value(pack, SECOND, earlier(3))
    assert (told.value, told.gap, told.source) == (None, None, "2022-06-15 时没有数据")


def test_what_had_expired_by_then_is_unknown(held: Round, pack: Pack) -> None:
    answer(held, COMMUNITY, THEN, 5)
    field = next(iter(fields_behind(pack, OF)))
    assert field.valid_months is not None
    late = date(2022 + 3, 9, 15)
    frame = registry.frame_of(pack, [earlier(12)], late, [Place.objects.get(code=COMMUNITY).pk])
    assert frame["before"].to_list() == [None]


def test_it_is_listed_and_as_sensitive_as_what_it_is_of(pack: Pack) -> None:
    entry = next(one for one in catalogue_of(pack) if one.fact.id == "before")
    assert (entry.source, entry.provided) == ("survey", True)
    assert entry.told.startswith("3 个月前的“")
    assert [one.id for one in fields_behind(pack, "before")] == [one.id for one in fields_behind(pack, OF)]


def test_a_source_is_asked_once_for_each_day(
    held: Round, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(held, COMMUNITY, THEN, 5)
    asked: list[tuple[date, int]] = []

    class Counting(SurveyFacts):
        def frame(self, pack: Pack, facts: Any, as_of: date, places: Any, **more: Any) -> pl.DataFrame:
            asked.append((as_of, len(places)))
            return super().frame(pack, facts, as_of, places, **more)

    monkeypatch.setitem(registry._providers, registry.SURVEY, Counting())  # noqa: SLF001 - put back by itself
    both = [Place.objects.get(code=code).pk for code in (COMMUNITY, SECOND)]
    facts = [pack.fact_by_id[OF], earlier(3), earlier(3, "again"), earlier(2, "other")]
    found = registry.frame_of(pack, facts, AS_OF, both)
    assert found["again"].to_list() == [5, None]
    assert sorted(asked) == [(date(2022, 6, 15), 2), (date(2022, 7, 15), 2), (AS_OF, 2)]
