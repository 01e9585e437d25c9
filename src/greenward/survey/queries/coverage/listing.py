"""The communities behind a figure: filtered and sorted as columns, named page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.db.models import Count

from greenward.survey.models import ReturnedField
from greenward.survey.queries.coverage.counting import FILLING, PROGRESS, STATES, Counts
from greenward.survey.queries.coverage.ground import COMMUNITY
from greenward.survey.queries.coverage.rates import WORDS
from greenward.survey.states import MUST_ACT, CaseState, Progress
from greenward.territories.models import Level
from greenward.territories.queries import matching, urban_communities, versions_on

SORTS = {
    "place": "path",
    "name": "order",
    "progress": "progress",
    "state": "case",
    "asked": "asked",
    "known": "known",
    "expired": "expired",
    "left": "left",
    "lacking": "lacking",
}
SHOWS: dict[str, pl.Expr] = {
    "missing": pl.col("progress") != PROGRESS[Progress.DONE],
    **{progress.value: pl.col("progress") == number for progress, number in PROGRESS.items()},
    "not_submitted": pl.col("case") == FILLING,
    **{state: pl.col("case") == number for state, number in STATES.items() if number != FILLING},
    "all": pl.lit(value=True),
}
"""Which communities a list shows, by the word that the address says."""
STATE_OF = {number: CaseState(state) for state, number in STATES.items()}


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for: a key of SHOWS, words that name the community, an order.

    A sort key with a minus in front turns the order round.
    """

    show: str = "missing"
    text: str = ""
    sort: str = "place"


@dataclass(frozen=True)
class Line:
    """One community in a list. The numbers are fields; ``returned`` are those sent back and still open.

    ``needs_compound``: the round asks about compounds, and none is registered.
    """

    code: str
    name: str
    street: str
    progress: Progress
    state: CaseState
    asked: int
    known: int
    expired: int
    left: int
    lacking: int
    returned: int
    needs_compound: bool = False

    @property
    def must_act(self) -> Level | None:
        """At which level somebody must act next; None where nobody must."""
        return MUST_ACT[self.state]

    @property
    def who(self) -> str:
        """Who must act next, in words; empty where nobody must."""
        return str(self.must_act.label) if self.must_act is not None else ""


def listed(counts: Counts, path: str, wanted: Wanted) -> pl.DataFrame:
    """Return the communities asked for below a path, in the order asked for. One query for a text."""
    rows = counts.under(path).filter(SHOWS.get(wanted.show, SHOWS["missing"]))
    if wanted.text.strip():
        day = counts.recipe.reference_on
        named = matching(urban_communities(day, under=path), wanted.text, on=day)
        found = pl.Series(list(named.values_list("place_id", flat=True)), dtype=pl.Int64)
        rows = rows.filter(pl.col(COMMUNITY).is_in(found.implode()))
    key = wanted.sort.removeprefix("-")
    return rows.sort(SORTS.get(key, "path"), "path", descending=[wanted.sort.startswith("-"), False])


def lines(counts: Counts, rows: pl.DataFrame) -> list[Line]:
    """Return rows of :func:`listed` as lines with their names. Three queries."""
    names, streets, returned = _names(counts, rows), _streets(counts, rows), _returned(counts, rows)
    return [
        Line(
            code=names[row[COMMUNITY]][0],
            name=names[row[COMMUNITY]][1],
            street=streets.get(row["at2"], ""),
            progress=WORDS[row["progress"]],
            state=STATE_OF[row["case"]],
            asked=row["asked"],
            known=row["known"],
            expired=row["expired"],
            left=row["left"],
            lacking=row["lacking"],
            returned=returned.get(row[COMMUNITY], 0),
            needs_compound=counts.recipe.wants_compounds and not row["compounds"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _names(counts: Counts, rows: pl.DataFrame) -> Mapping[int, tuple[str, str]]:
    found = versions_on(counts.recipe.reference_on).filter(place__in=rows[COMMUNITY].to_list())
    return {pk: (code, name) for pk, code, name in found.values_list("place_id", "place__code", "name")}


def _streets(counts: Counts, rows: pl.DataFrame) -> Mapping[str, str]:
    codes = rows["at2"].unique().drop_nulls().to_list()
    found = versions_on(counts.recipe.reference_on).filter(place__code__in=codes)
    return dict(found.values_list("place__code", "short_name"))


def _returned(counts: Counts, rows: pl.DataFrame) -> Mapping[int, int]:
    returned = [STATES[CaseState.RETURNED.value]]
    communities = rows.filter(pl.col("case").is_in(returned))[COMMUNITY].to_list()
    waiting = ReturnedField.objects.filter(
        case__round=counts.recipe.round_id, case__place__in=communities, settled_at__isnull=True
    )
    return dict(waiting.values_list("case__place").annotate(number=Count("id")))
