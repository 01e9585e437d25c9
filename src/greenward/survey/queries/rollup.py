"""Figures over a community's units. One unit without the answer leaves the figure unknown."""

import polars as pl

from greenward.packs.schema.facts import FromRows

COMMUNITY = "community_id"


def figure(origin: FromRows) -> pl.Expr:
    """Return the aggregation over a community's rows: a row that lacks its answer makes it null."""
    share = _share(origin)
    return pl.when(share.is_null().any()).then(None).otherwise(share.sum())


def lacks(origin: FromRows) -> pl.Expr:
    """Return, row by row, whether the row lacks an answer that the figure needs."""
    return _share(origin).is_null()


def _share(origin: FromRows) -> pl.Expr:
    """Return what each row adds to the figure, null where that is unknown."""
    chosen = _chosen(origin)
    if origin.aggregate == "sum":
        return pl.when(chosen).then(pl.col(str(origin.field))).when(chosen.not_()).then(0)
    if origin.aggregate == "count_true":
        return (chosen & pl.col(str(origin.field)).cast(pl.Boolean)).cast(pl.Int64)
    return chosen.cast(pl.Int64)


def _chosen(origin: FromRows) -> pl.Expr:
    if origin.where is None:
        return pl.col(COMMUNITY).is_not_null()
    return pl.col(origin.where.field).is_in(list(origin.where.any_of))
