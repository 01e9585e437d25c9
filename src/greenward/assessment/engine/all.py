"""A standard on all places, in one pass over columns."""

from datetime import date

import polars as pl

from greenward.assessment.engine.facts import Range
from greenward.assessment.engine.frame import PLACE, clean
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.outcome import Assessment
from greenward.assessment.engine.standard import Standard
from greenward.assessment.engine.table import Table


def assess_all(standard: Standard, frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Apply a standard to all places as of a day.

    frame: a row per place, a column `place`, and a column per fact (null is unknown; a fact without a
    column is unknown everywhere; `fact.until`, of days: up to when its values count). Returns, row by row in
    the same order: `place`; `statuses`, a letter per item in the items' order; `verdict`, "met", "unmet" or
    "unknown"; where there are points, `least` and `most` of the total in thousandths; where there are levels,
    `level`: an id, "" for none, null while open.

    Raises RuleError when a column does not fit a rule.
    """
    return Table(standard, frame, as_of).results()


def assess_few(standard: Standard, frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the same for a standard that compares nobody, place by place.

    Quicker for a handful: planning the columns of sixty items takes longer than asking their rules.
    """
    schema = frame.schema
    named = [name for name in sorted(standard.facts) if schema.get(name, pl.Null) != pl.Null]
    facts = frame.lazy().select(PLACE, *(clean(name, schema, as_of) for name in named)).collect()
    shape = {PLACE: schema[PLACE], "statuses": pl.String(), "verdict": pl.String()}
    shape |= {"least": pl.Int64(), "most": pl.Int64()} if standard.scored else {}
    shape |= {"level": pl.String()} if standard.levels else {}
    rows = [_row(row[PLACE], assess_one(standard, row, as_of)) for row in facts.iter_rows(named=True)]
    return pl.DataFrame([[row[name] for name in shape] for row in rows], schema=shape, orient="row")


def _row(place: object, found: Assessment) -> dict[str, object]:
    least, most = found.total or (None, None)
    told = {"statuses": found.letters, "verdict": str(found.verdict), "level": found.level}
    return {PLACE: place, **told, "least": least, "most": most}


def beside(standard: Standard, frame: pl.DataFrame, as_of: date) -> list[dict[str, Range | bool]]:
    """Return for each place what it has from standing beside the others: facts for `one.assess_one`.

    Places in rankings, peers' means (in thousandths) and room in quotas; what is unknown is left out.
    """
    names = [peer.id for peer in standard.peers] + [each.mean for each in standard.averaged]
    rooms = [level.room for level in standard.levels if level.quota is not None]
    found: list[dict[str, Range | bool]] = []
    if not standard.compares:
        return [{} for _row in range(frame.height)]
    for row in Table(standard, frame, as_of).full().drop(PLACE).iter_rows(named=True):
        ends = {name: (row[f"{name}.least"], row[f"{name}.most"]) for name in names}
        ranges: dict[str, Range | bool] = {
            name: Range(low, high)
            for name, (low, high) in ends.items()
            if low is not None and high is not None
        }
        found.append(ranges | {room: row[room] for room in rooms if row[room] is not None})
    return found
