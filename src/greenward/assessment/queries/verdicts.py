"""The verdict of every urban community on a day: from the stored run where fresh, else computed in memory."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.core.cache import cache
from django.db.models import QuerySet

from greenward.assessment import rules
from greenward.assessment.engine.all import assess_all, assess_few, beside
from greenward.assessment.engine.facts import Range
from greenward.assessment.facts import registry
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.models import Result, Run
from greenward.core.sharing import shared
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceEvent
from greenward.territories.queries import urban_communities

PLACES = "places"
"""The stream of place events among a run's marks."""
KEPT_FOR = 3600
FEW = 4
"""Up to so many communities are judged one by one, as after a correction."""
POINTS = {"least": "points_least", "most": "points_most"}
FOUND = pl.Schema(
    {
        PLACE: pl.Int64,
        "statuses": pl.String,
        "verdict": pl.String,
        "points_least": pl.Int64,
        "points_most": pl.Int64,
        "level": pl.String,
    }
)
"""What is kept of each community."""


def marks_on(as_of: date, *editions: Pack) -> dict[str, int]:
    """Return how far places and the sources of facts have changed, as far as it matters on the day.

    Sources that count only where they are named are asked for these editions. For a page they are asked once.
    """
    key = ("marks", as_of, *map(id, editions))
    return shared(key, lambda: (editions, _marks(as_of, *editions)))[1]  # held, so that no id is used again


def _marks(as_of: date, *editions: Pack) -> dict[str, int]:
    newest = PlaceEvent.objects.order_by("-id").values_list("id", flat=True).first()
    return {PLACES: newest or 0, **registry.marks(as_of, *editions)}


def stamp(programme: Programme, as_of: date, *editions: Pack) -> str:
    """Return a text that changes whenever a figure of the day could: the key of what is kept in memory."""
    marks = marks_on(as_of, programmes.policy(programme), *editions)
    numbers = "-".join(f"{name}:{number}" for name, number in sorted(marks.items()))
    return f"{programme.pack.digest[:16]}/{as_of.isoformat()}/{numbers}"


def assessed(pack: Pack, as_of: date, places: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Apply the pack's standard to communities; return what is stored of each, and the facts used."""
    standard = rules.standard_of(pack)
    facts = registry.frame_of(pack, rules.facts_named_by(pack, standard), as_of, places)
    judged = assess_few if len(places) <= FEW and not standard.compares else assess_all
    outcome = judged(standard, with_parameters(pack, facts), as_of).rename(POINTS, strict=False)
    columns = [
        pl.col(name) if name in outcome.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in FOUND.items()
    ]
    return outcome.select(columns), facts


def beside_others(pack: Pack, as_of: date, place: int) -> dict[str, Range | bool]:
    """Return what one community has from standing beside all others, where the standard compares them."""
    standard = rules.standard_of(pack)
    if not standard.compares:
        return {}
    places = list(urban_communities(as_of).order_by("place_id").values_list("place_id", flat=True))
    facts = registry.frame_of(pack, rules.facts_named_by(pack, standard), as_of, places)
    return beside(standard, with_parameters(pack, facts), as_of)[places.index(place)]


def with_parameters(pack: Pack, facts: pl.DataFrame) -> pl.DataFrame:
    """Return facts with the pack's parameters as columns beside them."""
    constants = [pl.lit(value).alias(name) for name, value in rules.parameters_of(pack).items()]
    return facts.with_columns(constants)


def fresh_run(programme: Programme, as_of: date) -> Run | None:
    """Return the day's stored run if it is of the pack in force and saw every change; else None."""
    run = Run.objects.filter(programme=programme, as_of=as_of).first()
    if run is None or run.pack_digest != programme.pack.digest:
        return None
    return run if run.marks == marks_on(as_of, programmes.policy(programme)) else None


def verdicts(as_of: date) -> pl.DataFrame:
    """Return what the standard finds of every urban community that counts on the day; writes nothing.

    ``place, statuses, verdict``, and ``points_least, points_most, level``, null where the standard has none.
    """
    programme = programmes.current(as_of)
    key = f"verdicts/{stamp(programme, as_of)}"
    kept = cache.get(key)
    if isinstance(kept, pl.DataFrame):
        return kept
    run = fresh_run(programme, as_of)
    found = (
        stored(Result.objects.filter(run=run)).drop("participates")
        if run is not None
        else _computed(programmes.policy(programme), as_of)
    )
    cache.set(key, found, KEPT_FOR)
    return found


def verdicts_under(edition: InstalledPack, as_of: date) -> pl.DataFrame:
    """Return the same under any installed edition: computed, unless it is the one in force on the day."""
    programme = programmes.current(as_of)
    if edition.pk == programme.pack_id:
        return verdicts(as_of)
    pack = packs.pack(edition)
    key = f"verdicts/under/{edition.digest[:16]}/{stamp(programme, as_of, pack)}"
    kept = cache.get(key)
    if not isinstance(kept, pl.DataFrame):
        kept = _computed(pack, as_of)
        cache.set(key, kept, KEPT_FOR)
    return kept


def stored(results: QuerySet[Result]) -> pl.DataFrame:
    """Return stored results as columns: what was found, and ``participates``."""
    names = [name for name in FOUND if name != PLACE]
    rows = list(results.values_list("place_id", *names, "participates"))
    return pl.DataFrame(rows, schema={**FOUND, "participates": pl.Boolean}, orient="row")


def _computed(pack: Pack, as_of: date) -> pl.DataFrame:
    places = list(urban_communities(as_of).order_by("place_id").values_list("place_id", flat=True))
    outcome, _facts = assessed(pack, as_of, places)
    return outcome
