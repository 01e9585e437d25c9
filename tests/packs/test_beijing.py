"""What Beijing's pack promises: sixteen items, and the indicators that districts work by."""

from itertools import product

import pytest

from greenward.assessment import rules
from greenward.assessment.trial import judged
from greenward.packs.rules import Situation
from greenward.packs.schema.standard import Indicator
from tests.factories.packs import beijing_pack

INDICATORS = [part for item in beijing_pack().standard.items for part in item.indicators]


def test_the_sixteen_items_are_refined_into_thirty_three_indicators() -> None:
    items = beijing_pack().standard.items
    assert (len(items), len(INDICATORS)) == (16, 33)
    assert [item.id for item in items if not item.indicators] == []
    assert {item.owner for item in items} == {"national"}


@pytest.mark.parametrize("part", INDICATORS, ids=lambda part: part.id)
def test_an_indicator_says_whose_it_is_how_to_do_it_what_proves_it_and_who_helps(part: Indicator) -> None:
    assert (part.owner, part.verified, bool(part.departments)) == ("city", False, True)
    assert all((part.how_to, part.evidence, part.evidence_needed, part.clause, part.rule))
    item = next(each for each in beijing_pack().standard.items if part in each.indicators)
    assert part.id.startswith(f"{item.id}.")
    assert part.clause == item.clause
    assert set(part.departments) <= set(item.departments)


@pytest.mark.parametrize("roads, gas", list(product(["good", "damaged", None], repeat=2)))
def test_item_4_is_met_when_none_of_its_kinds_is_damaged(roads: str | None, gas: str | None) -> None:
    """The parts together say what the item's one rule said before: unmet beats unknown beats met."""
    pack = beijing_pack()
    case = next(each for each in pack.cases if each.id == "all-met")
    situation: Situation = {**case.facts, "roads": roads, "gas_supply": gas}  # type: ignore[dict-item]
    known = {name: value for name, value in situation.items() if not name.startswith("last_")}
    wanted = "unmet" if "damaged" in (roads, gas) else "unknown" if None in (roads, gas) else "met"
    assert judged(pack, [known], case.as_of).items["4"] == wanted


def test_every_fact_of_the_standard_is_still_named() -> None:
    """The edition's items ask for nothing new and drop nothing; two facts are the supplements' own."""
    pack = beijing_pack()
    named = {fact.id for fact in rules.facts_named_by(pack, rules.standard_of(pack))}
    case = next(each for each in pack.cases if each.id == "all-met")
    assert named == set(case.facts) - {"heritage_present", "green_care_deduction"}
