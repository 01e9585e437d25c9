"""What exports leave out of single figures (``survey/sensitivity.py``), and the sums they give instead.

Sums are per street (街道、乡镇): only of numbers that can be added up, only where at least
``GREENWARD_FEWEST_PLACES`` places have a value and the sum is at least ``GREENWARD_SMALLEST_SUM``.
"""

from collections.abc import Collection

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field
from greenward.survey.sensitivity import Sight, is_aggregate

SHARES = frozenset({"%", "％", "‰"})
PATH = "#path"


def without_hidden(rows: pl.DataFrame, fields: Collection[Field], sight: Sight) -> pl.DataFrame:
    """Return the rows (with :data:`PATH` and a column per field) without what the person does not see."""
    names = {one.id: sight.where(one) for one in fields if one.id in rows.columns}
    return rows.with_columns(
        pl.when(_below(paths)).then(pl.col(name)).alias(name)
        for name, paths in names.items()
        if "" not in paths
    )


def summable(fields: Collection[Field]) -> list[Field]:
    """Return the fields of which sums are shown: aggregate counts and amounts, not shares."""
    return [
        one
        for one in fields
        if is_aggregate(one) and one.type in {"count", "number"} and one.unit not in SHARES
    ]


def shown_sum(places: int, total: float | None) -> bool:
    """Tell whether a sum over so many places with a value may be shown; smaller ones could be traced back."""
    enough = places >= max(2, settings.GREENWARD_FEWEST_PLACES)
    return enough and total is not None and total >= settings.GREENWARD_SMALLEST_SUM


def rule_in_words() -> str:
    """Return the rule as people read it on the page and in the files."""
    return _(
        "人口类字段（仅汇总）：有权填报、核对或核验该地方的人，以及掌握这一项的部门，看到单个地方的数；"
        "其他人只得到按街道（乡镇）的合计，至少 %(places)d 个地方有数且合计不小于 %(sum)d 时才给出，"
        "否则留空；比例不作合计。"
    ) % {"places": max(2, settings.GREENWARD_FEWEST_PLACES), "sum": settings.GREENWARD_SMALLEST_SUM}


def _below(paths: Collection[str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *(pl.col(PATH).str.starts_with(path) for path in paths))
