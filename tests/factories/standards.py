"""Generated standards: every kind of indicator, sum and level, over generated rules."""

from typing import Any

from hypothesis import strategies as st

from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.points import Rounding
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.scores import Bands, Judged, Part, Score, Steps
from greenward.assessment.engine.standard import (
    Absence,
    Area,
    Indicator,
    Item,
    Level,
    Peer,
    Quota,
    Standard,
)
from tests.factories.rules import MEASURE, SHORT_RULE, named

PARSED = SHORT_RULE.map(parse)
MEASURED = MEASURE.map(parse)
POINTS = st.integers(-3000, 8000)
GROUP = st.none() | named(FactType.TEXT)

BANDS = st.builds(
    Bands, st.lists(st.tuples(PARSED, POINTS), min_size=1, max_size=3).map(tuple), otherwise=POINTS
)
STEPS = st.builds(
    Steps,
    measure=MEASURED,
    start=POINTS,
    each=st.sampled_from([-1500, -1000, 333, 1000]),
    beyond=st.sampled_from([0.0, 0.9, 3.0]),
    every=st.sampled_from([1.0, 0.1, 3.0]),
    below=st.booleans(),
    rounding=st.sampled_from(Rounding),
)
JUDGED = st.builds(Judged, fact=named(FactType.NUMBER).map(parse), least=st.just(-2000), most=st.just(3000))
PARTS: st.SearchStrategy[tuple[Part, ...]] = st.lists(BANDS | STEPS | JUDGED, min_size=1, max_size=2).map(
    tuple
)
SCORE = st.builds(
    lambda parts, ends: Score(parts, *ends), PARTS, st.sampled_from([(0, 5000), (0, 1000), (-4000, 0)])
)


@st.composite
def standards(draw: Any, *, compares: bool) -> Standard:
    """Return a standard; where it compares, with ranks, peers' means and quotas."""
    areas = [
        Area("a", full=draw(st.sampled_from([7000, 20000])), cap=draw(st.sampled_from([None, 9000]))),
        Area("b", full=10000, weight=draw(st.sampled_from([None, 600, 2500]))),
        Area("c", full=3000, bonus=True),
    ]
    absences = list(Absence) if compares else [a for a in Absence if a is not Absence.PEER_MEAN]
    items = tuple(_item(draw, n, absences) for n in range(draw(st.integers(1, 4))))
    peers = (draw(_peers()),) if compares else ()
    return Standard(
        items,
        tuple(areas),
        levels=tuple(draw(_levels(peers, compares=compares))),
        passes="l1",
        full=17000,
        cap=draw(st.sampled_from([None, 12000])),
        round_to=draw(st.sampled_from([1, 100, 1000])),
        rounding=draw(st.sampled_from(Rounding)),
        peers=peers,
    )


def _item(draw: Any, number: int, absences: list[Absence]) -> Item:
    indicators = tuple(
        Indicator(
            f"{number}.{n}",
            rule=draw(st.none() | PARSED),
            applies=draw(st.none() | PARSED),
            barred_if=draw(st.none() | PARSED),
            score=draw(SCORE),
            absence=draw(st.sampled_from(absences)),
            among=draw(GROUP),
        )
        for n in range(draw(st.integers(1, 2)))
    )
    return Item(str(number), indicators, draw(st.sampled_from("abc")))


def _peers() -> st.SearchStrategy[Peer]:
    return st.builds(
        Peer,
        id=st.just("place_among"),
        measure=MEASURED,
        among=GROUP,
        lowest_first=st.booleans(),
        share=st.booleans(),
    )


@st.composite
def _levels(draw: Any, peers: tuple[Peer, ...], *, compares: bool) -> list[Level]:
    needs = [
        "total >= 12",
        "total > 4.5 || item_0",
        "area_c >= 1 && least_share >= 0.5",
        "share_b <= 0.4 || b",
    ]
    needs += ["place_among <= 2", "count_true([place_among > 1, item_0]) >= 1"] if peers else []
    quotas = (
        [None, Quota(1, None, "t", ties=False), Quota(None, 0.5, None, ties=True)] if compares else [None]
    )
    return [
        Level(f"l{n}", parse(draw(st.sampled_from(needs))), draw(st.sampled_from(quotas)))
        for n in range(draw(st.integers(0, 3)))
    ]
