"""Who must be judged again because somebody beside them changed: ranks, peers' means and quotas."""

from collections.abc import Collection, Iterator

import polars as pl

from greenward.assessment import rules
from greenward.assessment.engine.standard import Standard
from greenward.assessment.facts import registry
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.models import Run
from greenward.packs.schema.pack import Pack
from greenward.territories.queries import urban_communities


def with_peers(run: Run, pack: Pack, touched: Collection[int]) -> Collection[int]:
    """Return the touched communities, and those of every group that they are in, or were in when the run saw.

    A standard that compares nobody adds none. Where a group is the whole, or somebody's group is unknown,
    all are judged again: whoever is in no known group may be in any.
    """
    standard = rules.standard_of(pack)
    if not touched or not standard.compares:
        return touched
    places = list(urban_communities(run.as_of).order_by("place_id").values_list("place_id", flat=True))
    divided = set(_divisions(standard))
    if None in divided:
        return {*places, *touched}
    facts = [fact for fact in pack.facts if fact.id in divided]
    now = registry.frame_of(pack, facts, run.as_of, places)
    then = registry.frame_of(pack, facts, run.as_of, places, seen=run.marks)
    found = set(touched)
    for fact in facts:
        values = [frame.filter(pl.col(PLACE).is_in(list(touched)))[fact.id] for frame in (now, then)]
        if any(each.null_count() for each in values):
            return {*places, *touched}
        moved = pl.concat(values).unique()
        found.update(now.filter(pl.col(fact.id).is_in(moved.implode()))[PLACE].to_list())
    return found


def _divisions(standard: Standard) -> Iterator[str | None]:
    """Yield, for all that compares, the fact that divides the places into groups; None for no division."""
    yield from (peer.among for peer in standard.peers)
    yield from (each.among for each in standard.averaged)
    yield from (level.quota.among for level in standard.levels if level.quota is not None)
