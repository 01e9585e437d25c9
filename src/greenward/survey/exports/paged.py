"""Pages of values as plain JSON, one place after the other by code path."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from greenward.packs.schema.forms import Field
from greenward.survey.exports.chosen import Chosen, Subject
from greenward.survey.exports.rows import ABOVE, Block, one_block, placed

MOST = 1000
"""Places on a page."""


@dataclass(frozen=True)
class Row:
    """One place: code, name, the codes above it by level, and what is known; unknown fields are absent.

    ``sources`` says where each value comes from; None where nobody asked.
    """

    code: str
    name: str
    above: Mapping[str, str]
    values: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]] | None


@dataclass(frozen=True)
class Page:
    """Rows, how many there are in all, and the code after which the next page begins; None on the last."""

    rows: list[Row]
    total: int
    next: str | None


def page_of(chosen: Chosen, subject: Subject, *, after: str = "", limit: int = MOST) -> Page:
    """Return at most ``limit`` places that come after the code ``after``. A fixed number of queries."""
    places = placed(chosen, subject)
    start = 0
    if after:
        found = places["#code"].index_of(after)
        start = places.height if found is None else found + 1
    part = places.slice(start, min(limit, MOST))
    if not part.height:
        return Page([], places.height, None)
    block = one_block(chosen, subject, part)
    more = start + part.height < places.height
    return Page(_rows(block), places.height, part["#code"][-1] if more else None)


def _rows(block: Block) -> list[Row]:
    sources = _sources(block)
    levels = ABOVE[block.subject.level]
    return [
        Row(
            code=row["#code"],
            name=row["#name"],
            above={level: row[f"#{level}_code"] for level in levels},
            values={
                field.id: _plain(field, row[field.id])
                for field in block.subject.fields
                if row[field.id] is not None
            },
            sources=sources.get(row["#id"], {}) if block.sources is not None else None,
        )
        for row in block.rows.iter_rows(named=True)
    ]


def _plain(field: Field, value: Any) -> Any:
    if field.type == "table":
        return [{name: cell for name, cell in row.items() if cell is not None} for row in value]
    return value.isoformat() if isinstance(value, date) else value


def _sources(block: Block) -> dict[int, dict[str, dict[str, Any]]]:
    found: dict[int, dict[str, dict[str, Any]]] = {}
    if block.sources is None:
        return found
    told = block.sources.with_columns(pl.col("on", "confirmed_on").cast(pl.String))
    for row in told.iter_rows(named=True):
        source = {name: row[name] for name in ("source", "on", "confirmed_on", "entry")}
        found.setdefault(row["place_id"], {})[row["field"]] = source
    return found
