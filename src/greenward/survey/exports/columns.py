"""The columns of an export: what stands in each, under which heading, and of which kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Column as TableColumn
from greenward.packs.schema.forms import Field
from greenward.survey.exports.chosen import Subject, Wording
from greenward.survey.exports.rows import ABOVE
from greenward.territories.models import Level

Kind = Literal["text", "bool", "whole", "number", "day"]
KINDS: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "bool": pl.Boolean(),
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "day": pl.Date(),
}

PLAIN: dict[str, Kind] = {
    "bool": "bool",
    "count": "whole",
    "year": "whole",
    "number": "number",
    "date": "day",
}
"""The kind of cells by type of field; all others are text."""
IDENTITY = frozenset(
    {
        "place_district",
        "place_subdistrict",
        "place_community_code",
        "place_community",
        "place_code",
        "place_name",
    }
)
"""Which of a place's columns stand on the sheets of its tables."""


@dataclass(frozen=True)
class Column:
    """One column: a name for programs, a heading for people, the kind of its cells, and where they come from.

    ``expr`` is over the rows of a :class:`greenward.survey.exports.rows.Block`, or of a table's rows.
    """

    name: str
    heading: str
    kind: Kind
    expr: pl.Expr
    decimals: int | None = None

    def selected(self) -> pl.Expr:
        """Return the cells under the column's name, of the column's kind."""
        return self.expr.cast(KINDS[self.kind]).alias(self.name)


def columns_of(subject: Subject, wording: Wording, *, typed: bool = False) -> list[Column]:
    """Return the columns of a subject's sheet: what the place is, then every field.

    A position is two columns, a table the number of its rows. With ``wording`` both, a choice has a second
    column with the code. ``typed`` is for Parquet: codes as names, truth values for yes and no, a choice as
    its code, with its label beside unless only codes are wanted.
    """
    headings = _headings(subject.fields, wording)
    found = list(_place_columns(subject, "codes" if typed else wording))
    for field in subject.fields:
        found += _field_columns(field, headings[field.id], wording, typed=typed)
    return _distinct(found)


def table_columns(subject: Subject, field: Field, wording: Wording, *, typed: bool = False) -> list[Column]:
    """Return the columns of a table's sheet: the place, the number of the row, then the table's columns."""
    above = _place_columns(subject, "codes" if typed else wording)
    places = [one for one in above if one.name in IDENTITY]
    number = Column("row", "row" if wording == "codes" else _("行"), "whole", pl.col("#row"))
    headings = _headings(field.columns, wording)
    found = [*places, number]
    for one in field.columns:
        found += _field_columns(one, headings[one.id], wording, typed=typed)
    return _distinct(found)


def table_rows(rows: pl.DataFrame, field: Field) -> pl.DataFrame:
    """Return the rows of a table in long form: the places' columns, ``#row`` from 1, the table's columns."""
    above = [name for name in rows.columns if name.startswith("#")]
    known = rows.select(*above, pl.col(field.id).alias("#table")).filter(pl.col("#table").list.len() > 0)
    numbered = known.with_columns(pl.int_ranges(1, pl.col("#table").list.len() + 1).alias("#row"))
    return numbered.explode("#table", "#row").unnest("#table")


def _place_columns(subject: Subject, wording: Wording) -> Iterator[Column]:
    """Yield what the place is; headings are those that a workbook is read by when it comes back."""
    community = subject.level == Level.COMMUNITY
    titles = {
        "district_code": "",
        "district": _("区"),
        "subdistrict_code": "",
        "subdistrict": _("街道"),
        "community_code": _("社区代码"),
        "community": _("社区名称"),
        "compound_code": _("小区代码"),
        "compound": _("小区"),
        "code": _("社区代码") if community else _("名册代码"),
        "name": _("社区名称") if community else _("名册名称"),
    }
    parts = [part for level in ABOVE[subject.level] for part in (f"{level}_code", level)]
    for part in (*parts, "code", "name"):
        name = f"place_{part}"
        if wording == "codes":
            yield Column(name, name, "text", pl.col(f"#{part}"))
        elif titles[part]:
            yield Column(name, titles[part], "text", pl.col(f"#{part}"))


def _field_columns(one: Field | TableColumn, heading: str, wording: Wording, *, typed: bool) -> list[Column]:
    value = pl.col(one.id)
    if one.type == "choice":
        return _choice_columns(one, heading, wording, typed=typed)
    if one.type == "bool" and not typed:
        yes, no = ("true", "false") if wording == "codes" else (_("是"), _("否"))
        words = pl.when(value).then(pl.lit(yes)).when(value.not_()).then(pl.lit(no))
        return [Column(one.id, heading, "text", words)]
    if one.type == "position":
        return _position_columns(one, heading, wording)
    if one.type == "table":
        title = heading if wording == "codes" else _("%(title)s（行数）") % {"title": heading}
        return [Column(one.id, title, "whole", value.list.len())]
    if one.type == "date" and isinstance(one, TableColumn):
        value = value.str.to_date("%Y-%m-%d", strict=False)
    return [Column(one.id, heading, PLAIN.get(one.type, "text"), value, one.decimals)]


def _choice_columns(one: Field | TableColumn, heading: str, wording: Wording, *, typed: bool) -> list[Column]:
    code, label = Column(one.id, heading, "text", pl.col(one.id)), _labelled(one)
    if wording == "codes":
        return [code]
    if typed:
        return [code, Column(f"{one.id}_label", heading, "text", label)]
    title = _("%(title)s（代码）") % {"title": heading}
    beside = [replace(code, name=f"{one.id}_code", heading=title)] if wording == "both" else []
    return [Column(one.id, heading, "text", label), *beside]


def _position_columns(one: Field | TableColumn, heading: str, wording: Wording) -> list[Column]:
    parts = pl.col(one.id).str.split_exact(",", 1).struct
    return [
        Column(
            f"{one.id}_{suffix}",
            f"{one.id}_{suffix}" if wording == "codes" else f"{heading}{title}",
            "number",
            parts.field(f"field_{number}").cast(pl.Float64, strict=False),
            5,
        )
        for number, (suffix, title) in enumerate((("lon", _("经度")), ("lat", _("纬度"))))
    ]


def _distinct(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, no two of one name: a field may be called like another's code."""
    taken: set[str] = set()
    found = []
    for column in columns:
        name = column.name
        while name in taken:
            name += "_"
        taken.add(name)
        found.append(replace(column, name=name))
    return found


def _labelled(one: Field | TableColumn) -> pl.Expr:
    """Return a choice in words; a code that the pack does not have any more stays as it is."""
    labels = {choice.value: str(choice.label) for choice in one.choices}
    return pl.col(one.id).replace(labels)


def _headings(fields: Sequence[Field | TableColumn], wording: Wording) -> dict[str, str]:
    """Return a heading per field, no two the same."""
    if wording == "codes":
        return {field.id: field.id for field in fields}
    found: dict[str, str] = {}
    for field in fields:
        title = f"{field.label}（{field.unit}）" if field.unit else str(field.label)
        found[field.id] = f"{title} {field.id}" if title in found.values() else title
    return found
