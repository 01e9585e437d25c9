"""The proof tree, and the smallest ways to a verdict."""

import json
from datetime import date
from typing import Any

import pytest

from greenward.assessment.engine.facts import Dated, Facts, Judgement, Range
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.proof import proof_of
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.scores import Bands, Judged, Score, Steps
from greenward.assessment.engine.standard import Area, Indicator, Item, Level, Standard
from greenward.assessment.engine.status import Status
from greenward.assessment.engine.ways import ways_to_pass

AS_OF = date(2025, 6, 30)
MANAGED = Indicator("managed", parse("ratio(managed, compounds) >= 0.30"))
ALL = Standard.of(
    [
        MANAGED,
        Indicator("plan", parse("plan || (draft && notice)")),
        Indicator("safe", barred_if=parse("accidents > 0")),
    ]
)
POINTS = Standard(
    items=(
        Item("1", (Indicator("1", score=Score((Bands(((parse("plan"), 40_000),)),), 0, 40_000)),), "a"),
        Item(
            "2",
            (
                Indicator(
                    "2", score=Score((Steps(parse("complaints"), 40_000, -10_000, most=40_000),), 0, 40_000)
                ),
            ),
            "a",
        ),
        Item("3", (Indicator("3", score=Score((Judged(parse("site"), 0, 20_000),), 0, 20_000)),), "a"),
    ),
    areas=(Area("a", 100_000),),
    levels=(Level("pass", parse("total >= 70")),),
    passes="pass",
    full=100_000,
)


def test_the_tree_has_the_numbers_in_place() -> None:
    facts: Facts = {"managed": 3, "compounds": 12, "plan": True, "accidents": 0}
    tree = proof_of(assess_one(ALL, facts, AS_OF), AS_OF)
    rule = tree["children"][0]["children"][0]["rule"]
    assert (tree["verdict"], rule["value"], rule["children"][0]["value"]) == ("unmet", False, 0.25)
    assert rule["needs"] == [{"fact": "managed", "now": 3, "sense": "at_least", "needed": [4], "change": 1}]
    assert json.loads(json.dumps(tree)) == tree


def test_the_tree_of_points_shows_what_is_open() -> None:
    facts: Facts = {"plan": True, "complaints": 1}
    tree = proof_of(assess_one(POINTS, facts, AS_OF), AS_OF)
    area = tree["children"][0]
    assert (tree["points"], area["points"], area["out_of"]) == ([70.0, 90.0], [70.0, 90.0], 100.0)
    assert [item["points"] for item in area["children"]] == [40.0, 30.0, [0.0, 20.0]]
    assert tree["levels"][0]["reached"] is True
    assert area["children"][2]["children"][0]["missing"] == ["site"]


def test_the_total_that_a_level_lacks_is_told() -> None:
    facts: Facts = {"plan": True, "complaints": 3, "site": Judgement(19.9, "整洁")}
    level = proof_of(assess_one(POINTS, facts, AS_OF), AS_OF)["levels"][0]
    assert level["needs"][0]["fact"] == "total"
    assert level["needs"][0]["change"] == pytest.approx(0.1)


def changes(standard: Standard, facts: Facts, **costs: float) -> list[dict[str, Any]]:
    found = ways_to_pass(standard, facts, AS_OF, costs)
    return [{change.fact: change.needed for change in way.changes} for way in found]


def test_one_compound_more_is_enough() -> None:
    facts: Facts = {"managed": 3, "compounds": 12, "plan": True, "accidents": 0}
    assert changes(ALL, facts) == [{"managed": 4}]


def test_each_way_is_smallest_and_the_cheapest_comes_first() -> None:
    facts: Facts = {
        "managed": 4,
        "compounds": 12,
        "plan": False,
        "draft": False,
        "notice": False,
        "accidents": 1,
    }
    plan, both = {"accidents": 0, "plan": True}, {"accidents": 0, "draft": True, "notice": True}
    assert changes(ALL, facts) == [plan, both]
    assert changes(ALL, facts, plan=9) == [both, plan]


def test_nothing_is_needed_where_it_is_met_and_nothing_helps_where_nothing_can() -> None:
    assert changes(ALL, {"managed": 4, "compounds": 12, "plan": True, "accidents": 0}) == []
    assert changes(Standard.of([Indicator("never", parse("1 > 2"))]), {}) == []


def test_points_may_come_from_anywhere() -> None:
    facts: Facts = {"plan": False, "complaints": 0, "site": Judgement(20, "整洁")}
    assert changes(POINTS, facts) == [{"plan": True}]
    facts = {"plan": True, "complaints": 3, "site": Judgement(5, "一般")}
    assert changes(POINTS, facts) == [{"complaints": 0}, {"site": 20.0}]


@pytest.mark.parametrize("plan", [True, False])
def test_every_way_is_sure_to_be_enough(*, plan: bool) -> None:
    facts: Facts = {"plan": plan, "complaints": 4, "site": Judgement(0, "脏乱")}
    ways = ways_to_pass(POINTS, facts, AS_OF)
    assert ways
    for way in ways:
        changed = {**facts, **{change.fact: change.needed for change in way.changes}}
        assert assess_one(POINTS, changed, AS_OF).verdict is Status.MET


def test_what_has_expired_is_unknown_and_says_so() -> None:
    stale = Dated(value=True, observed_on=date(2023, 1, 1), valid_until=date(2025, 6, 29))
    found = assess_one(Standard.of([Indicator("1", parse("plan"))]), {"plan": stale}, AS_OF)
    assert (found.letters, found.items[0].missing) == ("?", ("plan",))
    assert proof_of(found, AS_OF)["children"][0]["children"][0]["rule"]["why"] == "stale"


def test_a_range_decides_as_soon_as_it_can() -> None:
    standard = Standard.of([Indicator("1", parse("place <= 3"))])
    letters = [
        assess_one(standard, {"place": Range(*ends)}, AS_OF).letters for ends in ((1, 3), (2, 4), (4, 9))
    ]
    assert letters == ["M", "?", "U"]
