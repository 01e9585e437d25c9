"""What is odd on purpose in a few communities' answers, so that data quality has something to find.

One oddity per community at most. Nothing here touches what the standard's items ask, so no verdict moves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from greenward.config.demonstration.chance import dice_of

if TYPE_CHECKING:
    from greenward.config.demonstration.places import Community

KEPT = frozenset({"110108006006", "110108006011"})
"""Communities that visitors work with: nothing odd there, and open in the current round."""
PINNED = "110108006000"
"""The street with an account of its own has some of each kind."""


class Oddity(StrEnum):
    """What is odd, and found by which kind of search."""

    OUTLIER = "outlier"
    JUMP = "jump"
    COPIED = "copied"
    SUM = "sum"
    SUM_EXPLAINED = "sum_explained"
    LEDGER = "ledger"
    CANOPY = "canopy"
    CANOPY_EXPLAINED = "canopy_explained"


UNEXPLAINED = frozenset({Oddity.SUM, Oddity.LEDGER, Oddity.CANOPY})
"""What keeps a community from being submitted until somebody says why it is so."""
OFTEN = {
    Oddity.OUTLIER: 8,
    Oddity.JUMP: 8,
    Oddity.COPIED: 10,
    Oddity.SUM: 10,
    Oddity.SUM_EXPLAINED: 18,
    Oddity.LEDGER: 5,
    Oddity.CANOPY: 5,
    Oddity.CANOPY_EXPLAINED: 10,
}
"""In how many of a thousand communities."""
FIRST_OF_STREET = (Oddity.OUTLIER, Oddity.JUMP, Oddity.COPIED, Oddity.SUM, Oddity.CANOPY_EXPLAINED)

REASONS: Mapping[Oddity, tuple[str, Mapping[str, str]]] = {
    Oddity.SUM_EXPLAINED: (
        "compound-households",
        {
            "less": "演示：社区内另有沿街平房和单位宿舍，不属于任何小区，户数已入户核对。",
            "more": "演示：新交付小区尚有较多空置，小区户数按套数填写。",
        },
    ),
    Oddity.CANOPY_EXPLAINED: (
        "canopy-over-green",
        {"": "演示：绿地率含屋顶绿化折算面积，覆盖率按航片解译，口径不同。"},
    ),
}
OUTLYING = ("street_lamps", "cameras", "bin_stations", "water_pipe_m", "shaded_ground_m2")
TOO_MANY = 12
JUMPING = ("population", "bin_stations", "notice_boards")
JUMP = {"population": 1.45, "bin_stations": 2.6, "notice_boards": 2.4}


def oddities_of(communities: "Sequence[Community]") -> dict[str, Oddity]:
    """Return which communities are odd, by code, and how; only those surveyed both times."""
    streets: dict[str, list[Community]] = defaultdict(list)
    for one in communities:
        if one.code not in KEPT and one.story.resurveyed_on and one.story.takes_part_from:
            streets[one.street].append(one)
    return {code: kind for street, here in streets.items() for code, kind in _odd(street, here)}


def copied_from(communities: "Sequence[Community]", odd: Mapping[str, Oddity]) -> dict[str, str]:
    """Return for each community whose numbers were copied the code of the neighbour that they come from.

    Both meet the standard, so its numbers say so at both.
    """
    sound: dict[str, list[str]] = defaultdict(list)
    for one in communities:
        if one.code not in odd and one.code not in KEPT and one.story.resurveyed_on and _may_copy(one):
            sound[one.street].append(one.code)
    return {
        one.code: min(sound[one.street], key=lambda code: abs(int(code) - int(one.code)))
        for one in communities
        if odd.get(one.code) == Oddity.COPIED and sound[one.street]
    }


def _odd(street: str, here: "Sequence[Community]") -> Iterator[tuple[str, Oddity]]:
    wanted = list(FIRST_OF_STREET) if street == PINNED else []
    for number, one in enumerate(here):
        kind = _drawn(one.code)
        if wanted and number:
            kind = wanted.pop(0) if wanted[0] != Oddity.COPIED or _may_copy(one) else None
        if kind == Oddity.COPIED and not _may_copy(one):
            kind = None
        if kind is not None:
            yield one.code, kind


def _may_copy(one: "Community") -> bool:
    return one.story.meets_from is not None


def _drawn(code: str) -> Oddity | None:
    drawn = dice_of(f"odd {code}").randrange(1000)
    for kind, often in OFTEN.items():
        if drawn < often:
            return kind
        drawn -= often
    return None
