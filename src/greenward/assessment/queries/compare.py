"""Two results side by side: two days, two editions, two communities; and below a place, who moved."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from greenward.assessment.engine.status import Status
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.models import Run
from greenward.assessment.queries.explanation import CommunityAssessment, Input, ItemAssessment
from greenward.assessment.queries.picture import located
from greenward.assessment.queries.verdicts import fresh_run, verdicts_under
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.programmes import queries as programmes
from greenward.territories.queries import urban_communities

VERDICTS = ("met", "unmet", "unknown")
ABSENT = "absent"
"""What a community is on a day on which it does not count."""
SIDES = ("left", "right")


@dataclass(frozen=True)
class Moment:
    """A day and the edition applied to it. ``stored_at``: when the run shown was stored; None: computed now.

    ``is_in_force``: the edition is the one in force on the day.
    """

    as_of: date
    edition: InstalledPack
    is_in_force: bool
    stored_at: datetime | None

    @property
    def name(self) -> str:
        """The edition's name in addresses."""
        return f"{self.edition.pack_id}@{self.edition.edition}"


@dataclass(frozen=True)
class FactPair:
    """A fact on both sides as the reader sees it; None where nothing is known."""

    label: str
    left: Input | None
    right: Input | None


@dataclass(frozen=True)
class ItemPair:
    """An item on both sides; None where a side's standard has no item of this number."""

    id: str
    short: str
    left: ItemAssessment | None
    right: ItemAssessment | None
    facts: tuple[FactPair, ...]

    @property
    def has_moved(self) -> bool:
        """Whether the status differs."""
        return (self.left and self.left.status) != (self.right and self.right.status)


@dataclass(frozen=True)
class Standing:
    """How many communities stand how on one side."""

    met: int
    unmet: int
    unknown: int

    @property
    def denominator(self) -> int:
        """All that count."""
        return self.met + self.unmet + self.unknown


def moment(as_of: date, under: InstalledPack | None) -> Moment:
    """Return a day with its edition, and whether what is shown of it is stored or computed."""
    programme = programmes.current(as_of)
    edition = under or programme.pack
    in_force = edition.pk == programme.pack_id
    run = fresh_run(programme, as_of) if in_force else None
    return Moment(as_of, edition, in_force, run.computed_at if run else None)


def stored_days(as_of: date) -> list[date]:
    """Return the days of stored runs of the programme in force, the newest first."""
    rows = Run.objects.filter(programme=programmes.current(as_of), as_of__lte=as_of)
    return list(rows.order_by("-as_of").values_list("as_of", flat=True))


def pairs(left: CommunityAssessment, right: CommunityAssessment) -> list[ItemPair]:
    """Return the items of both sides by number, in the left one's order, and the facts that differ."""
    ours = {item.id: item for item in left.items}
    theirs = {item.id: item for item in right.items}
    return [_pair(n, ours.get(n), theirs.get(n), left, right) for n in dict.fromkeys([*ours, *theirs])]


def _pair(
    number: str,
    ours: ItemAssessment | None,
    theirs: ItemAssessment | None,
    left: CommunityAssessment,
    right: CommunityAssessment,
) -> ItemPair:
    known = ours or theirs
    names = dict.fromkeys(
        name
        for item in (ours, theirs)
        if item
        for rule in item.outcome.item.rules
        for name in sorted(rule.facts)
    )
    facts = tuple(
        FactPair(known_input.label, one, other)
        for name in names
        for one, other in [(left.inputs.get(name), right.inputs.get(name))]
        for known_input in [one or other]
        if known_input and (one and one.text) != (other and other.text)
    )
    return ItemPair(number, str(known.item.short) if known else "", ours, theirs, facts)


def moved_below(path: str, left: Moment, right: Moment) -> pl.DataFrame:
    """Return every community below ``path`` on either side: ``code, name, path``, its verdict and letters.

    Columns end in ``_left`` and ``_right``; a side on which a community does not count says ``absent``.
    """
    sides = [
        located(urban_communities(one.as_of, under=path))
        .select(PLACE, "code", "name", "path")
        .join(verdicts_under(one.edition, one.as_of), on=PLACE, how="left", maintain_order="left")
        .select(PLACE, "code", "name", "path", "verdict", "statuses")
        for one in (left, right)
    ]
    both = sides[0].join(sides[1], on=PLACE, how="full", suffix="_other", coalesce=True)
    return both.select(
        PLACE,
        *(pl.coalesce(f"{name}_other", name).alias(name) for name in ("code", "name", "path")),
        pl.col("verdict").fill_null(ABSENT).alias("verdict_left"),
        pl.col("verdict_other").fill_null(ABSENT).alias("verdict_right"),
        pl.col("statuses").alias("statuses_left"),
        pl.col("statuses_other").alias("statuses_right"),
    ).sort("path")


def standing(frame: pl.DataFrame, side: str) -> Standing:
    """Return how many stand how on a side ("left" or "right")."""
    column = frame[f"verdict_{side}"]
    return Standing(*(int((column == verdict).sum()) for verdict in VERDICTS))


def transitions(frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    """Return from which verdict to which how many communities moved, the most first."""
    moved = frame.filter(pl.col("verdict_left") != pl.col("verdict_right"))
    counts = (
        moved.group_by("verdict_left", "verdict_right").len().sort("len", "verdict_left", descending=True)
    )
    return [(left, right, int(count)) for left, right, count in counts.iter_rows()]


def items_moved(frame: pl.DataFrame, left: Moment, right: Moment) -> list[tuple[str, str, int, int]]:
    """Return number, short name, how many came to meet the item, how many ceased to; those that moved most.

    Only items that both standards have, by number.
    """
    ours, theirs = (packs.pack(one.edition).standard.items for one in (left, right))
    numbers = {item.id: n for n, item in enumerate(ours)}
    met = Status.MET.letter
    found = []
    for n, item in enumerate(theirs):
        if item.id not in numbers:
            continue
        was = pl.col("statuses_left").str.slice(numbers[item.id], 1)
        now = pl.col("statuses_right").str.slice(n, 1)
        counted = frame.select(
            ((now == met) & (was != met)).sum().alias("gained"),
            ((was == met) & (now != met)).sum().alias("lost"),
        ).row(0)
        if any(counted):
            found.append((item.id, str(item.short), int(counted[0]), int(counted[1])))
    return sorted(found, key=lambda row: -(row[2] + row[3]))
