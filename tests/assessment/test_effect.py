"""What another standard would do: who loses, who gains, by name, item and district."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.assessment import queries
from greenward.assessment.cli import effect as command
from greenward.assessment.engine.status import Status
from greenward.core.errors import NotFoundError
from greenward.packs import queries as packs
from greenward.packs.drafting import splicing
from greenward.packs.drafting.written import texts_of
from greenward.packs.loader.loading import read
from greenward.packs.schema.pack import Pack
from tests.assessment.conftest import City
from tests.factories.accounts import signed_in
from tests.factories.packs import store
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    TOWN_COMMUNITY,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

AS_OF = date(2022, 9, 15)


def stricter(
    city: City, old: str = "compounds_managed, compounds_total) >= 0.30", new: str = ">= 0.50"
) -> Pack:
    """Return the pack in force with another threshold at item 12."""
    texts = texts_of(packs.pack(city.programme.pack))
    texts["standard.yaml"] = texts["standard.yaml"].replace(old, f"compounds_managed, compounds_total) {new}")
    texts["pack.yaml"] = splicing.set_key(texts["pack.yaml"], "pack.yaml", ("edition",), "2021.9")
    texts = {file: text for file, text in texts.items() if not file.startswith("cases/")}
    texts["cases/none.yaml"] = (
        "id: none\ntitle: {zh: 无, en: None}\nas_of: 2022-09-15\nexpect: {verdict: unknown}\n"
    )
    found = read(texts).pack
    assert found is not None
    return found


@pytest.fixture
def told(city: City) -> City:
    """Three communities that meet everything; one of them with 40% managed, one of another district too."""
    city.meet(COMMUNITY, compounds_total=10, compounds_managed=4)
    city.meet(SECOND, compounds_total=10, compounds_managed=9)
    city.meet(TOWN_COMMUNITY, compounds_total=10, compounds_managed=4)
    return city


def reader(role: str = "city_lead", code: str = CITY) -> Any:
    user = person(role)
    appoint(user, role, code)
    return user


def test_raising_a_threshold_lists_those_who_would_lose_by_name(told: City) -> None:
    found = queries.effect_for(reader(), stricter(told), packs.pack(told.programme.pack), AS_OF)
    assert [(one.code, one.name, one.district) for one in found.losing] == [
        (COMMUNITY, "一里社区居委会", "甲区"),
        (TOWN_COMMUNITY, "河畔社区居委会", "乙区"),
    ]
    assert found.gaining == ()
    assert [(move.item, move.old, move.new) for move in found.losing[0].items] == [
        ("12", Status.MET, Status.UNMET)
    ]
    total = found.total
    assert (total.communities, total.met_before, total.met_after, total.lose, total.gain) == (4, 3, 1, 2, 0)
    assert (total.unknown_before, total.unknown_after) == (1, 1)
    assert [(row.name, row.lose) for row in found.districts] == [("甲区", 1), ("乙区", 1)]
    assert [(row.id, row.better, row.worse) for row in found.items if row.differs] == [("12", 0, 2)]


def test_lowering_it_again_lists_those_who_would_gain(told: City) -> None:
    found = queries.effect_for(reader(), packs.pack(told.programme.pack), stricter(told), AS_OF)
    assert [one.code for one in found.gaining] == [COMMUNITY, TOWN_COMMUNITY]
    assert found.losing == ()


def test_everybody_sees_their_own_reach(told: City) -> None:
    new, old = stricter(told), packs.pack(told.programme.pack)
    lead = reader("district_lead", DISTRICT)
    assert [one.code for one in queries.effect_for(lead, new, old, AS_OF).losing] == [COMMUNITY]
    with pytest.raises(NotFoundError):
        queries.effect_for(lead, new, old, AS_OF, under=OTHER_DISTRICT)
    with pytest.raises(NotFoundError):
        queries.trial_for(lead, new, old, TOWN_COMMUNITY, AS_OF)
    assert queries.effect_for(person("nobody"), new, old, AS_OF).total.communities == 0


def test_a_community_is_tried_item_by_item_with_its_inputs(told: City) -> None:
    found = queries.trial_for(reader(), stricter(told), packs.pack(told.programme.pack), COMMUNITY, AS_OF)
    assert (found.old, found.new) == (Status.MET, Status.UNMET)
    assert [pair.id for pair in found.items if pair.differs] == ["12"]
    pair = next(pair for pair in found.items if pair.id == "12")
    assert pair.new is not None
    assert {one.fact: one.value for one in pair.new.inputs} == {"compounds_managed": 4, "compounds_total": 10}
    assert pair.new.shortfalls != ()


def test_a_standard_with_another_set_of_items_is_compared_where_both_have_one(told: City) -> None:
    old = packs.pack(told.programme.pack)
    kept = tuple(item for item in old.standard.items if item.id != "12")
    new = old.model_copy(update={"standard": old.standard.model_copy(update={"items": kept})})
    found = queries.effect_for(reader(), new, old, AS_OF)
    assert [row.id for row in found.items if row.differs] == ["12"]
    assert found.losing == ()


def test_the_pages_show_and_give_the_names(told: City) -> None:
    edition = store(stricter(told))
    client = signed_in(reader())
    address = f"/packs/{edition.pack_id}/2021.9/effect/"
    asked = f"?against={told.programme.pack.pack_id}/{told.programme.pack.edition}&as_of=2022-09-15"
    page = client.get(address + asked).content.decode()
    assert "河畔社区居委会" in page
    assert f'href="{address}" aria-current="page"' in page
    table = client.get(f"{address}list.csv{asked}").content.decode()
    assert table.splitlines()[1].startswith(f"{COMMUNITY},一里社区居委会,甲区,东街街道,达标,未达标")
    tried = client.get(f"{address}{COMMUNITY}/{asked}").content.decode()
    assert "（有变化）" in tried


def test_the_command_line_tells_the_same(told: City) -> None:
    edition = store(stricter(told))
    old = told.programme.pack
    asked = [
        f"{edition.pack_id}/2021.9",
        "--against",
        f"{old.pack_id}/{old.edition}",
        "--as-of",
        "2022-09-15",
    ]
    text = CliRunner().invoke(command, asked).output
    assert "met 3 -> 1, lose 2, gain 0" in text
    assert f"- {COMMUNITY} 甲区 东街街道 一里社区居委会" in text
    assert "河畔" not in CliRunner().invoke(command, [*asked, "--district", DISTRICT]).output


def test_queries_do_not_grow_with_those_who_move(told: City) -> None:
    old = packs.pack(told.programme.pack)

    def counted(new: Pack, number: int) -> int:
        user = person(f"reader-{number}")
        appoint(user, "city_lead", CITY)
        with CaptureQueriesContext(connection) as asked:
            queries.effect_for(user, new, old, AS_OF)
        return len(asked)

    warm: Callable[[], object] = lambda: queries.effect_for(reader(), old, old, AS_OF)  # noqa: E731 - the cache of the old one
    warm()
    assert counted(stricter(told, new=">= 0.45"), 1) == counted(stricter(told, new=">= 0.95"), 2)
