"""Who sees a single place's figure of a field that counts people (sensitivity ``aggregate``): one rule.

Who may survey a place sees its own figures. Everybody else who may read it gets the sum per street
(街道、乡镇) instead: only of numbers that can be added up, only where at least
``GREENWARD_FEWEST_PLACES`` places have a value and the sum is at least ``GREENWARD_SMALLEST_SUM``.
"""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field
from greenward.survey.exports.chosen import Person
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.roles import Permission

SHARES = frozenset({"%", "％", "‰"})
PATH = "#path"


@dataclass(frozen=True)
class Sight:
    """Below which paths a person sees single places' figures; the empty path is everywhere."""

    paths: tuple[str, ...]

    def covers(self, path: str) -> bool:
        """Tell whether single figures are shown at ``path`` and everywhere below."""
        return any(path.startswith(one) for one in self.paths)

    def hidden(self, rows: pl.DataFrame, fields: Collection[Field]) -> pl.DataFrame:
        """Return the rows (with :data:`PATH` and a column per field) without what the person may not see."""
        names = [field.id for field in fields if is_aggregate(field) and field.id in rows.columns]
        if not names or self.paths == ("",):
            return rows
        open_here = pl.any_horizontal(
            pl.lit(value=False), *(pl.col(PATH).str.starts_with(path) for path in self.paths)
        )
        return rows.with_columns(pl.when(open_here).then(pl.col(name)).alias(name) for name in names)


def sight_of(person: Person) -> Sight:
    """Return where the person sees single places' figures: where they may survey. None is the system."""
    return Sight(("",) if person is None else reach_of(person).paths(Permission.SURVEY))


def shows_single(person: Person, field: Field, place: PlaceVersion) -> bool:
    """Tell whether a field of one place is shown to the person as it is."""
    return not is_aggregate(field) or sight_of(person).covers(place.path)


def is_aggregate(field: Field) -> bool:
    """Tell whether a field is shown only as a sum over several places."""
    return field.sensitivity == "aggregate"


def summable(fields: Collection[Field]) -> list[Field]:
    """Return the fields of which sums are shown: aggregate counts and amounts, not shares."""
    return [
        field
        for field in fields
        if is_aggregate(field) and field.type in {"count", "number"} and field.unit not in SHARES
    ]


def shown_sum(places: int, total: float | None) -> bool:
    """Tell whether a sum over so many places with a value may be shown; smaller ones could be traced back."""
    enough = places >= max(2, settings.GREENWARD_FEWEST_PLACES)
    return enough and total is not None and total >= settings.GREENWARD_SMALLEST_SUM


def rule_in_words() -> str:
    """Return the rule as people read it on the page and in the files."""
    return _(
        "人口类字段（仅汇总）：有权填报该地方的人看到本地方的数；其他人只得到按街道（乡镇）的合计，"
        "至少 %(places)d 个地方有数且合计不小于 %(sum)d 时才给出，否则留空；比例不作合计。"
    ) % {"places": max(2, settings.GREENWARD_FEWEST_PLACES), "sum": settings.GREENWARD_SMALLEST_SUM}
