"""The facts that a standard may name: where each comes from, how long it counts, and which items use it."""

import pytest

from greenward.assessment.queries.catalogue import CatalogueEntry, catalogue_of, sources_of
from greenward.core import clock
from greenward.packs import queries as packs
from greenward.packs.actions import begin
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.loading import read
from greenward.packs.schema.pack import Pack
from tests.assessment.conftest import City
from tests.factories.accounts import signed_in
from tests.factories.territories import CITY, appoint, person

pytestmark = pytest.mark.django_db


def by_id(pack: Pack) -> dict[str, CatalogueEntry]:
    return {entry.fact.id: entry for entry in catalogue_of(pack)}


def test_every_fact_is_listed_with_what_uses_it(city: City) -> None:
    pack = packs.pack(city.programme.pack)
    found = by_id(pack)
    assert list(found) == [fact.id for fact in pack.facts]
    assert [item.id for item in found["compounds_managed"].used_by] == ["12"]
    named = {fact.id for item in pack.item_by_id.values() for fact in pack.facts_of(item)}
    assert {name for name, entry in found.items() if entry.used_by} == named


def test_where_a_fact_comes_from_is_said_in_words(city: City) -> None:
    found = by_id(packs.pack(city.programme.pack))
    assert found["households"].told == "社区摸底表：常住户数"
    assert found["compounds_total"].source == "survey"
    assert found["green_care_deduction"].told == "人工评议：green_care"


def test_a_fact_counts_as_long_as_the_shortest_lived_answer_behind_it(city: City) -> None:
    pack = packs.pack(city.programme.pack)
    found = by_id(pack)
    fields = {field.id: field.valid_months for field in pack.form_by_id["community"].fields}
    assert found["households"].valid_months == fields["households"]
    assert found["green_care_deduction"].valid_months == pack.fact_by_id["green_care_deduction"].valid_months


def test_a_source_that_nothing_provides_is_told(city: City) -> None:
    texts = texts_of(packs.pack(city.programme.pack))
    texts["facts.yaml"] += (
        "\n- {id: heard, label: {zh: 听说, en: Heard}, type: bool, origin: {source: rumours, key: x}}\n"
    )
    pack = read(texts).pack
    assert pack is not None
    assert (by_id(pack)["heard"].told, by_id(pack)["heard"].provided) == ("rumours：x", False)
    assert ("rumours", "rumours") in sources_of(pack)
    assert by_id(pack)["households"].provided


def test_the_page_is_searched_and_the_api_tells_the_same(city: City) -> None:
    edition = city.programme.pack
    client = signed_in(person("reader"))
    address = f"/packs/{edition.pack_id}/{edition.edition}/facts/"
    page = client.get(address).content.decode()
    assert f'href="{address}" aria-current="page"' in page
    assert 'id="fact-households"' in page
    narrowed = client.get(address + "?source=judging").content.decode()
    assert 'id="fact-green_care_deduction"' in narrowed
    assert 'id="fact-households"' not in narrowed
    assert "没有符合条件的事实" in client.get(address + "?q=zzz").content.decode()
    told = {row["id"]: row for row in client.get("/api/v1/facts").json()}
    assert told["compounds_managed"]["items"] == ["12"]
    assert told["green_care_deduction"]["origin"] == {"source": "judging", "key": "green_care"}


def test_a_drafts_items_lead_to_its_facts(city: City) -> None:
    lead = person("lead")
    appoint(lead, "city_lead", CITY)
    draft = begin(city.programme.pack, title="草稿", by=lead, at=clock.now())
    client = signed_in(lead)
    address = f"/packs/drafts/{draft.pk}/facts/"
    assert (
        f'href="{address}">可用事实</a>' in client.get(f"/packs/drafts/{draft.pk}/items/12/").content.decode()
    )
    assert 'id="fact-compounds_managed"' in client.get(address).content.decode()
