"""How each column writes its answers: units of the heading, shares, circles, months; what is said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import as_text
from greenward.survey.answers.dates import is_month, is_serial
from greenward.survey.answers.manner import Manner
from greenward.survey.answers.numbers import is_percent
from greenward.survey.answers.single import CIRCLES, NO, YES
from greenward.survey.answers.text import plain
from greenward.survey.answers.units import in_terms_of, is_unit
from greenward.survey.workbooks.blocks import Place
from greenward.survey.workbooks.spelling import unit_in

NUMBERS = frozenset({"count", "number"})
SHOWN_ROWS = 20


@dataclass(frozen=True)
class Unit:
    """What a heading says of a column's unit: how many of the field's, and a problem's code (else empty)."""

    factor: Decimal = Decimal(1)
    written: str = ""
    code: str = ""


def unit_of(one: Field, place: Place, over_all: Sequence[str]) -> Unit:
    """Return the unit of a column of numbers; ``over_all`` are the units said above the whole table."""
    if one.type not in NUMBERS:
        return Unit()
    said, understood = unit_in(place.remarks)
    if not understood and not place.given:
        return Unit(code="unit_unknown")
    if said:
        return _factor(said, one, place)
    fitting = {
        many: name for name in over_all if (many := in_terms_of(name, one.unit)) is not None and one.unit
    }
    if len(fitting) > 1 and Decimal(1) not in fitting:
        return Unit(code="unit_unclear")
    if fitting and Decimal(1) not in fitting:
        many, name = fitting.popitem()
        return Unit(many, name)
    return Unit()


def _factor(said: str, one: Field, place: Place) -> Unit:
    many = in_terms_of(said, one.unit)
    if many is not None:
        return Unit(many, said)
    if place.given:
        return Unit()
    return Unit(code="unit_other" if is_unit(said) else "unit_unknown")


def manner_of(one: Field, cells: pl.Series, unit: Unit, *, since_1904: bool) -> Manner:
    """Return how the column is to be read, by what stands in it."""
    return Manner(
        factor=unit.factor,
        share=is_percent(one) and one.type in NUMBERS and _are_shares(cells),
        circle=_circle(cells) if one.type == "bool" else None,
        months=one.type == "date",
        serials=one.type == "date",
        since_1904=since_1904,
    )


def notes_of(
    one: Field, cells: pl.Series, rows: pl.Series, *, manner: Manner, unit: Unit, title: str
) -> Iterator[str]:
    """Yield what the clerk should know of how the column was read. ``rows``: as Excel counts."""
    name = {"column": title}
    if unit.factor != 1:
        yield _("“%(column)s”按 1%(from)s = %(many)s%(to)s 换算。") % {
            **name, "from": unit.written.replace("m2", "㎡"), "many": _shown(unit.factor),
            "to": one.unit or "",
        }  # fmt: skip
    if manner.share:
        yield _("“%(column)s”的数都不大于 1，按比例读取：0.3 即 30%%。") % name
    elif one.type in NUMBERS and is_percent(one) and (small := _rows(rows, _below_one(cells))):
        yield _("“%(column)s”中小于 1 的数按百分数读取，如 0.8 即 0.8%%：第 %(rows)s 行。") % {
            **name, "rows": small,
        }  # fmt: skip
    if manner.circle is not None and as_text(cells).is_in(list(CIRCLES)).any():
        word = _("是") if manner.circle else _("否")
        yield _("“%(column)s”中的“○”读作“%(word)s”。") % {**name, "word": word}
    if one.type == "date":
        yield from _dates(cells, rows, name)


def _dates(cells: pl.Series, rows: pl.Series, name: dict[str, str]) -> Iterator[str]:
    texts = as_text(cells)
    if months := _rows(rows, _which(texts, is_month)):
        yield _("“%(column)s”只写到月的，按当月 1 日读取：第 %(rows)s 行。") % {**name, "rows": months}
    if serials := _rows(rows, _which(texts, is_serial)):
        yield _("“%(column)s”中的数字按 Excel 日期序号读取：第 %(rows)s 行。") % {**name, "rows": serials}


def _which(texts: pl.Series, test: object) -> pl.Series:
    unique = texts.drop_nulls().unique()
    fitting = [text for text in unique if callable(test) and test(plain(text))]
    return texts.is_in(pl.Series(fitting, dtype=pl.String()).implode()).fill_null(value=False)


def _numbers(cells: pl.Series) -> pl.Series:
    return cells.cast(pl.Float64(), strict=False).drop_nans()


def _are_shares(cells: pl.Series) -> bool:
    """Tell whether plain numbers are parts of one: none exceeds 1, and some are between 0 and 1."""
    numbers = _numbers(cells).drop_nulls()
    if not len(numbers):
        return False
    return bool((numbers.is_between(0, 1)).all()) and bool(((numbers > 0) & (numbers < 1)).any())


def _below_one(cells: pl.Series) -> pl.Series:
    numbers = cells.cast(pl.Float64(), strict=False)
    return ((numbers > 0) & (numbers < 1)).fill_null(value=False)


def _circle(cells: pl.Series) -> bool | None:
    """Return what ○ means: yes where the column says no otherwise, no where it says yes; else None."""
    words = {plain(str(word)).lower() for word in cells.drop_nulls().unique()}
    if not words & CIRCLES:
        return None
    yes, no = bool(words & YES), bool(words & NO)
    return no if yes != no else None


def _rows(rows: pl.Series, which: pl.Series) -> str:
    found = rows.filter(which).to_list()
    listed = "、".join(map(str, found[:SHOWN_ROWS]))
    more = _(" 等 %(n)d 行") % {"n": len(found)} if len(found) > SHOWN_ROWS else ""
    return f"{listed}{more}"


def _shown(many: Decimal) -> str:
    text = f"{many.normalize():f}"
    return f"{many:.4f}" if len(text) > 12 else text  # noqa: PLR2004 - a third has no end
