"""Areas, total and the names that levels may use, in columns."""

from collections.abc import Iterator

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.judgements import member
from greenward.assessment.engine.points import THOUSAND
from greenward.assessment.engine.spread import Member, Spread, rolled, rounded, weighted
from greenward.assessment.engine.standard import Standard, name_of
from greenward.assessment.engine.status import STATUSES, Status


def area_points(standard: Standard) -> Iterator[pl.Expr]:
    """Yield `g{n}`, each area's points, from the items' `q{n}`; and `g{n}.in`, where anything applies."""
    for n, area in enumerate(standard.areas):
        found = rolled(
            [
                member(f"q{number}", item.full, leavable=item.leavable)
                for number, item in enumerate(standard.items)
                if item.area == area.id and item.scored
            ]
        )
        high = min((end for end in (area.full or None, area.cap) if end is not None), default=found.full)
        points = found.points
        if high < found.full:
            points = Spread(*(end.clip(upper_bound=high) for end in points.ends))
        if min(high, found.full) < area.full:
            points = points.or_anything(area.full, found.applies)
        yield from points.named(f"g{n}")
        if found.applies is not None:
            yield found.applies.alias(f"g{n}.in")


def total_points(standard: Standard) -> Iterator[pl.Expr]:
    """Yield the pair `points`, the total in thousandths, from the areas' columns."""
    members = []
    for n, area in enumerate(standard.areas):
        weight = THOUSAND if area.weight is None else area.weight
        points = Spread(*(weighted(end, weight) for end in Spread.of(f"g{n}").ends))
        full = 0 if area.bonus else (2 * area.full * weight + THOUSAND) // (2 * THOUSAND)
        members.append(Member(points, full, _applies(standard, n)))
    found = rolled(members)
    points = found.points.or_anything(standard.full, found.applies)
    for end, nothing, name in zip(points.ends, (0, standard.full), (LEAST, MOST), strict=True):
        whole = end if found.applies is None else pl.when(~found.applies).then(nothing).otherwise(end)
        held = whole if standard.cap is None else whole.clip(upper_bound=standard.cap)
        rounded_off = rounded(held, standard.round_to, standard.rounding)
        yield rounded_off.cast(pl.Int64).alias(f"points{name}")


def _applies(standard: Standard, n: int) -> pl.Expr | None:
    """Return where anything of an area applies; None when something always does."""
    return pl.col(f"g{n}.in") if standard.leavable(standard.areas[n]) else None


def level_names(standard: Standard) -> Iterator[pl.Expr]:
    """Yield what levels may name: `total`, areas and shares as pairs, items as yes or no."""
    yield from _items(standard)
    if not standard.scored:
        return
    yield from Spread(*(end / THOUSAND for end in Spread.of("points").ends)).named("total")
    shares = [Spread(pl.lit(1.0), pl.lit(1.0))]
    for n, area in enumerate(standard.areas):
        applies, points = _applies(standard, n), list(Spread.of(f"g{n}").ends)
        if applies is not None:
            points = [pl.when(~applies).then(area.full).otherwise(end) for end in points]
        share = Spread(*(end / area.full if area.full else pl.lit(1.0) for end in points))
        yield from Spread(*(end / THOUSAND for end in points)).named(f"area_{name_of(area.id)}")
        yield from share.named(f"share_{name_of(area.id)}")
        shares += [] if area.bonus else [share]
    for end, name in zip(zip(*(share.ends for share in shares), strict=True), (LEAST, MOST), strict=True):
        yield pl.min_horizontal(end).alias(f"least_share{name}")


def _items(standard: Standard) -> Iterator[pl.Expr]:
    unknown, unmet = (STATUSES.index(status) for status in (Status.UNKNOWN, Status.UNMET))
    named = {name for level in standard.levels for name in level.needs.facts}
    for n, item in enumerate(standard.items):
        name = f"item_{name_of(item.id)}"
        if name in named:
            code = pl.col(f"{n}")
            yield pl.when(code != unknown).then(code != unmet).alias(name)
