"""Who stands beside whom: one community's change judges its group again, and nobody else."""

import pytest

from greenward.assessment import actions
from greenward.assessment.models import Result, Run
from greenward.assessment.queries.peers import with_peers
from greenward.core import clock
from greenward.packs.loader.loading import load
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual
from greenward.packs.schema.standard import Peer
from greenward.programmes import queries as programmes
from greenward.territories.models import Place
from tests.assessment.conftest import AS_OF, City
from tests.factories.packs import BEIJING
from tests.factories.territories import COMMUNITY, OTHER_COMMUNITY, SECOND, TOWN_COMMUNITY

MANY, FEW = {"deliberations_last_year": 9}, {"deliberations_last_year": 1}


def ranked(among: str | None) -> Pack:
    """Return Beijing's pack where item 16 is met by the first of its peers alone."""
    pack = load(BEIJING)
    peer = Peer(
        id="stands",
        title=Bilingual(zh="名次", en="Place"),
        measure="deliberations_last_year",
        among=among,
        best="highest",
        gives="place",
    )
    *items, last = pack.standard.items
    part = last.indicators[0].model_copy(update={"rule": "stands <= 1"})
    items.append(last.model_copy(update={"indicators": (part,)}))
    standard = pack.standard.model_copy(update={"items": tuple(items), "peers": (peer,)})
    parts = {name: getattr(pack, name) for name in Pack.model_fields}
    return Pack.model_validate({**parts, "standard": standard})


@pytest.fixture
def pack(city: City, monkeypatch: pytest.MonkeyPatch) -> Pack:
    found = ranked("noise_zone")
    monkeypatch.setattr(programmes, "policy", lambda _programme: found)
    city.meet(COMMUNITY, noise_zone="1", **MANY)
    city.meet(SECOND, noise_zone="1", **FEW)
    city.meet(OTHER_COMMUNITY, noise_zone="2", **MANY)
    city.meet(TOWN_COMMUNITY, noise_zone="2", **FEW)
    return found


def assess(city: City) -> Run:
    return actions.assess(programme=city.programme, as_of=AS_OF, by=None, at=clock.now())


def first_ones(run: Run) -> set[str]:
    found = Result.objects.filter(run=run, verdict="met")
    return set(found.values_list("place__code", flat=True))


def test_a_refresh_judges_the_whole_group_of_whoever_changed(city: City, pack: Pack) -> None:
    run = assess(city)
    assert first_ones(run) == {COMMUNITY, OTHER_COMMUNITY}
    city.facts.tell(city.places[SECOND], deliberations_last_year=20)
    city.facts.asked.clear()
    run = actions.refresh(run=run, by=None, at=clock.now())
    assert first_ones(run) == {SECOND, OTHER_COMMUNITY}
    judged = {city.places[code].pk for code in (COMMUNITY, SECOND)}
    assert judged in [set(asked) for asked in city.facts.asked]
    assert run.results.count() == 4


def test_a_refresh_and_a_run_anew_say_the_same(city: City, pack: Pack) -> None:
    run = assess(city)
    city.facts.tell(city.places[SECOND], noise_zone="2", deliberations_last_year=20)
    run = actions.refresh(run=run, by=None, at=clock.now())
    refreshed = set(run.results.values_list("place_id", "verdict", "statuses"))
    assert first_ones(run) == {COMMUNITY, SECOND}
    assert refreshed == set(assess(city).results.values_list("place_id", "verdict", "statuses"))


def test_whoever_changes_the_group_touches_the_old_and_the_new_one(city: City, pack: Pack) -> None:
    run = assess(city)
    moved = city.places[SECOND].pk
    city.facts.tell(city.places[SECOND], noise_zone="2")
    assert with_peers(run, pack, {moved}) == {place.pk for place in _counting(city)}


def test_an_unknown_group_may_be_any(city: City, pack: Pack) -> None:
    run = assess(city)
    city.facts.tell(city.places[SECOND], noise_zone=None)
    assert with_peers(run, pack, {city.places[SECOND].pk}) == {place.pk for place in _counting(city)}


def test_without_groups_all_are_peers_and_without_ranks_nobody_is(city: City, pack: Pack) -> None:
    run = assess(city)
    touched = {city.places[SECOND].pk}
    assert with_peers(run, ranked(None), touched) == {place.pk for place in _counting(city)}
    assert with_peers(run, load(BEIJING), touched) == touched


def _counting(city: City) -> list[Place]:
    codes = (COMMUNITY, SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY)
    return [city.places[code] for code in codes]
