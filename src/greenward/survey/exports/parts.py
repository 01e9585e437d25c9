"""The sheets and files beside the values: sums per street, and sources."""

import polars as pl
from django.utils.translation import gettext as _

from greenward.survey.exports.chosen import Chosen, Wording
from greenward.survey.exports.columns import Column, Kind
from greenward.survey.exports.rows import Block
from greenward.survey.exports.sums import sums_of

SUMS: tuple[tuple[str, Kind], ...] = (
    ("place_district", "text"),
    ("place_subdistrict_code", "text"),
    ("place_subdistrict", "text"),
    ("subject", "text"),
    ("field", "text"),
    ("label", "text"),
    ("unit", "text"),
    ("places", "whole"),
    ("known", "whole"),
    ("total", "number"),
    ("note", "text"),
)
SOURCES: tuple[tuple[str, Kind], ...] = (
    ("place_code", "text"),
    ("place_name", "text"),
    ("subject", "text"),
    ("field", "text"),
    ("label", "text"),
    ("source", "text"),
    ("on", "day"),
    ("confirmed_on", "day"),
    ("entry", "whole"),
)


def sum_columns(wording: Wording) -> list[Column]:
    """Return the columns of the sums."""
    titles = (
        _("区"), _("街道代码"), _("街道"), _("层级"), _("字段代码"), _("字段"), _("计量单位"),
        _("地方数"), _("有数的地方"), _("合计"), _("备注"),
    )  # fmt: skip
    return _columns(SUMS, titles, wording)


def source_columns(wording: Wording) -> list[Column]:
    """Return the columns of the sources."""
    titles = (
        _("代码"), _("名称"), _("层级"), _("字段代码"), _("字段"), _("来源"), _("数据日期"), _("最近确认"),
        _("记录号"),
    )  # fmt: skip
    return _columns(SOURCES, titles, wording)


def sums_frame(chosen: Chosen) -> pl.DataFrame:
    """Return the sums per street of everything withheld, a row per street and field."""
    rows = [
        (
            one.district,
            one.street_code,
            one.street,
            one.subject.title,
            one.field.id,
            str(one.field.label),
            one.field.unit or "",
            one.places,
            one.known,
            one.total,
            "" if one.total is not None else _("数据太少，不单独给出"),
        )
        for subject in chosen.subjects
        for one in sums_of(chosen, subject)
    ]
    kinds = {"text": pl.String(), "whole": pl.Int64(), "number": pl.Float64()}
    return pl.DataFrame(rows, {name: kinds[kind] for name, kind in SUMS}, orient="row")


def source_rows(block: Block) -> pl.DataFrame:
    """Return the sources of a block, a row per place and field, in the order of the places and fields."""
    if block.sources is None:
        raise ValueError("the block was made without sources")
    fields = pl.DataFrame(
        [(number, one.id, str(one.label)) for number, one in enumerate(block.subject.fields)],
        {"#order": pl.Int64(), "field": pl.String(), "label": pl.String()},
        orient="row",
    )
    places = block.rows.select("#id", place_code="#code", place_name="#name").with_row_index("#place")
    rows = block.sources.join(places, left_on="place_id", right_on="#id").join(fields, on="field")
    return rows.sort("#place", "#order").with_columns(subject=pl.lit(block.subject.title))


def _columns(shape: tuple[tuple[str, Kind], ...], titles: tuple[str, ...], wording: Wording) -> list[Column]:
    return [
        Column(name, name if wording == "codes" else title, kind, pl.col(name))
        for (name, kind), title in zip(shape, titles, strict=True)
    ]
