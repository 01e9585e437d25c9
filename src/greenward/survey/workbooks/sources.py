"""From which columns of a block a field's cells come: its own, two of coordinates, or one per answer."""

import polars as pl

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import as_text
from greenward.survey.answers.single import CIRCLES, NO
from greenward.survey.answers.text import UNKNOWN
from greenward.survey.workbooks.blocks import Block
from greenward.survey.workbooks.meanings import LATITUDE, LONGITUDE, OPTION


def stands(one: Field, block: Block) -> str:
    """Return the column that a field is read from: a position may stand in two, a choice in several."""
    if one.id not in block.places and (options := _options(one, block)):
        return options[0]
    if one.type == "position" and one.id not in block.places and LATITUDE in block.places:
        return LONGITUDE
    return one.id


def cells_of(one: Field, block: Block) -> pl.Series:
    """Return what is written for a field in each row."""
    column = stands(one, block)
    if OPTION in column:
        return _ticked(one, block)
    if column != LONGITUDE:
        return block.rows[one.id]
    both = pl.concat_str(LONGITUDE, pl.lit(","), LATITUDE)
    either = pl.coalesce(LONGITUDE, LATITUDE)
    return block.rows.select(pl.coalesce(both, either).alias(one.id)).to_series()


def _options(one: Field, block: Block) -> list[str]:
    """Return the columns that each stand for one answer, to be ticked."""
    return [meaning for meaning in block.places if meaning.startswith(f"{one.id}{OPTION}")]


def _ticked(one: Field, block: Block) -> pl.Series:
    """Return the answer whose column is ticked; several in one row are written one after the other."""
    ticks = [
        pl.when(_is_tick(as_text(block.rows[meaning]))).then(pl.lit(meaning.partition(OPTION)[2]))
        for meaning in _options(one, block)
    ]
    both = pl.concat_str(ticks, separator="、", ignore_nulls=True)
    return block.rows.select(pl.when(both.str.len_bytes() > 0).then(both).alias(one.id)).to_series()


def _is_tick(cells: pl.Series) -> pl.Series:
    words = cells.str.strip_chars().str.to_lowercase()
    return (words.is_not_null() & ~words.is_in(list(NO | UNKNOWN | CIRCLES))).fill_null(value=False)
