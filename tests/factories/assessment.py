"""Facts for tests that need no survey: a source that says what a test told it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl

from greenward.assessment.facts import registry
from greenward.assessment.facts.registry import PLACE, Marks
from greenward.assessment.facts.values import FactValue, Gap
from greenward.assessment.rules import FACT_TYPES
from greenward.packs.schema.facts import Fact
from greenward.packs.schema.pack import Pack
from greenward.territories.models import Place

TYPES = {"bool": pl.Boolean, "int": pl.Int64, "number": pl.Float64, "date": pl.Date, "text": pl.String}

ALL_MET: dict[str, Any] = {
    "co_creation_mechanism": True,
    "partners_taking_part": 3,
    "deliberation_platform": True,
    "deliberations_last_year": 4,
    "professionals_assigned": True,
    "professional_visits_last_year": 2,
    **dict.fromkeys(
        (
            "water_supply",
            "drainage",
            "power_supply",
            "telecom_lines",
            "roads",
            "gas_supply",
            "fire_facilities",
            "waste_facilities",
        ),
        "good",
    ),
    "road_hazards_treated": True,
    "sponge_measures": True,
    "works_took_place": True,
    "green_products_used": True,
    "green_layout_reasonable": True,
    "activity_grounds": 2,
    "parking_orderly": True,
    "life_passage_blocked": 0,
    "age_friendly_space": True,
    "barrier_free_facilities": True,
    "noise_treated": True,
    "noise_complaints": 0,
    "noise_complaints_closed": 0,
    "smart_security": True,
    "education_system": True,
    "venue_exists": True,
    "last_post_on": date(2022, 9, 1),
    "last_training_on": date(2022, 3, 1),
    "convention_published": True,
    "heritage_present": False,
    "compounds_total": 12,
    "compounds_sorting": 12,
    "compounds_managed": 6,
    "households": 1000,
    "population": 2500,
}
"""A community that meets all sixteen items on 2022-09-15."""


class ToldFacts:
    """Answers with what it was told; ``tell`` counts as a change."""

    def __init__(self) -> None:
        self.values: dict[int, dict[str, Any]] = {}
        self.log: list[int] = []
        self.before: dict[int, dict[int, dict[str, Any]]] = {}
        self.asked: list[Collection[int]] = []

    def tell(self, place: Place, **values: Any) -> None:
        """Let facts hold at a place, from whatever day."""
        self.values[place.pk] = {**self.values.get(place.pk, {}), **values}
        self.log.append(place.pk)
        self.before[len(self.log)] = {key: dict(value) for key, value in self.values.items()}

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        del pack, as_of
        known = self.values if seen is None else self.before.get(seen.get("told", 0), {})
        self.asked.append(places)
        columns: dict[str, pl.Series] = {
            f.id: pl.Series([known.get(p, {}).get(f.id) for p in places], dtype=TYPES[FACT_TYPES[f.type]])
            for f in facts
        }
        return pl.DataFrame({PLACE: pl.Series(list(places), dtype=pl.Int64), **columns})

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        del pack
        known = self.values.get(place, {})
        return {
            f.id: FactValue(
                f.id,
                str(f.label),
                f.unit or "",
                known.get(f.id),
                source="测试",
                on=as_of if f.id in known else None,
                gap=None if f.id in known else Gap("community", f.id, "basics", str(f.label)),
            )
            for f in facts
        }

    def marks(self, as_of: date) -> Marks:
        del as_of
        return {"told": len(self.log)}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        del as_of
        return set(self.log[marks.get("told", 0) :])


@contextmanager
def told_facts() -> Iterator[ToldFacts]:
    """Put a source of told facts in the survey's place for a while."""
    before = registry._providers.get(registry.SURVEY)  # noqa: SLF001 — the test's own seam
    told = ToldFacts()
    registry.register(registry.SURVEY, told)
    yield told
    if before is None:
        registry._providers.pop(registry.SURVEY)  # noqa: SLF001 — the same
    else:
        registry.register(registry.SURVEY, before)
