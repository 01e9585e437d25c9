"""How points come: bands, steps, judgements, and what an indicator gives that does not apply."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import Bilingual, Level, Refers, RuleText, Shape, Text

Thousandths = Annotated[Decimal, Field(ge=-100000, le=100000, decimal_places=3)]
"""Points, with three decimals at most."""
Full = Annotated[Decimal, Field(gt=0, le=100000, decimal_places=3)]
"""Points to be had."""
Condition = Annotated[Text, RuleText("standard")]
Measure = Annotated[Text, RuleText("standard", gives="number")]
FactRef = Annotated[str, Refers("fact")]
Way = Literal["down", "up", "nearest", "exact"]


class Band(Shape):
    """Points for whoever the rule is the first to hold for."""

    when: Condition
    points: Thousandths


class Bands(Shape):
    """A table from conditions to points: the first that holds counts."""

    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    otherwise: Thousandths = Decimal(0)


class Steps(Shape):
    """`start`, and `each` more for every so much of a measure above or below a mark."""

    of: Measure
    start: Thousandths = Decimal(0)
    each: Thousandths
    """Points a step; below 0 to deduct."""
    every: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    """How much of the measure makes a step."""
    above: Decimal | None = None
    """The mark above which steps are counted; 0 when neither is written."""
    below: Decimal | None = None
    """The mark below which steps are counted."""
    rounding: Way
    """What becomes of a part of a step; `exact` gives its share of the points."""

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if self.above is not None and self.below is not None:
            raise PydanticCustomError("above_or_below", "above or below, not both")
        return self


class Judged(Shape):
    """Points that a reviewer picks between two ends, with a reason."""

    judged: FactRef
    least: Thousandths
    most: Thousandths

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least >= self.most:
            raise PydanticCustomError("ends_out_of_order", "least must be below most")
        return self


def _part_kind(value: object) -> str:
    if isinstance(value, Bands) or (isinstance(value, dict) and "bands" in value):
        return "<bands>"
    if isinstance(value, Judged) or (isinstance(value, dict) and "judged" in value):
        return "<judged>"
    return "<steps>"


Part = Annotated[
    Annotated[Bands, Tag("<bands>")] | Annotated[Steps, Tag("<steps>")] | Annotated[Judged, Tag("<judged>")],
    Discriminator(_part_kind),
]


class NotApplicable(Shape):
    """What an indicator gives where it does not apply."""

    gives: Literal["leave_out", "full_marks", "peer_mean", "forbidden"]
    """`leave_out`: the rest of the group counts for the whole; `forbidden`: it is judged as if it applied."""
    among: FactRef | None = None
    """For `peer_mean`: the fact whose values divide the peers; all places when left out."""
    approver: Level | None = None
    """The level whose office must agree that it does not apply."""
    reason: Bilingual | None = None

    @model_validator(mode="after")
    def _mean_of_a_group(self) -> Self:
        if self.among is not None and self.gives != "peer_mean":
            raise PydanticCustomError("among_and_mean", "among belongs to peer_mean")
        return self


class Reading(Shape):
    """How an inconsistency of the source is to be read; nothing is mended without one."""

    takes: Literal["rows", "stated"]
    """`rows`: what the single rows add up to, or a row's own points; `stated`: the figure above them."""
    note: Bilingual


class Rounding(Shape):
    """How the total is rounded before levels are looked at."""

    to: Full
    way: Literal["down", "up", "nearest"]


class Judgeable(Shape):
    """What is judged: a condition, points, or what bars, in any combination."""

    rule: Condition | None = None
    """Met when it holds; without `score` it then gives all points, else none."""
    applies: Condition | None = None
    barred_if: Condition | None = None
    """Whoever it holds for is barred, whatever the points."""
    points: Full | None = None
    """The most that it can give."""
    deducts: Full | None = None
    """The most that it can take away."""
    score: Annotated[tuple[Part, ...], Field(min_length=1)] | None = None
    """Parts that are added up and held between none and all."""
    not_applicable: NotApplicable | None = None
    guidance: bool = False
    """Reported, and counts for nothing."""
    reading: Reading | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.points is not None and self.deducts is not None:
            raise PydanticCustomError("points_or_deducts", "points or deducts, not both")
        worth = self.points or self.deducts
        if (self.score is not None and worth is None) or (self.guidance and worth is not None):
            raise PydanticCustomError("score_and_points", "score needs points or deducts; guidance has none")
        if self.not_applicable is not None and self.applies is None:
            raise PydanticCustomError("not_applicable_and_applies", "not_applicable needs applies")
        return self

    @property
    def judges(self) -> bool:
        """Whether there is anything to judge by."""
        return any(part is not None for part in (self.rule, self.score, self.barred_if))

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule and measure, and the facts named outside of rules."""
        bands = [band.when for part in self.score or () if isinstance(part, Bands) for band in part.bands]
        measures = [part.of for part in self.score or () if isinstance(part, Steps)]
        judged = [part.judged for part in self.score or () if isinstance(part, Judged)]
        among = self.not_applicable.among if self.not_applicable else None
        written = (self.rule, self.applies, self.barred_if, among, *bands, *measures, *judged)
        return tuple(rule for rule in written if rule is not None)
