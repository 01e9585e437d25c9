"""The definition behind every number, and the communities behind it."""

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.assessment.queries.attainment import (
    AttainmentRow,
    applicable_target,
    attainment,
    counted_frame,
)
from greenward.core.errors import NotFoundError
from greenward.programmes import queries as programmes


@dataclass(frozen=True)
class Measure:
    """Something that is counted: its title, what is counted over what, and which communities it takes."""

    slug: str
    title: StrOrPromise
    counts: StrOrPromise
    over: StrOrPromise
    takes: pl.Expr
    clause: str
    figure: str


_TAKES_PART = pl.col("participates").fill_null(value=False)
_MET = pl.col("verdict") == "met"
_OVER = _("城市社区，即城市社区居民委员会所辖的空间区域；一个社区可以有多个小区。")

MEASURES: dict[str, Measure] = {
    measure.slug: measure
    for measure in (
        Measure(
            "participating",
            _("参与创建"),
            _("登记参与创建行动、尚未退出的城市社区，不论是否达到创建要求。"),
            _OVER,
            _TAKES_PART,
            "1.2",
            "participating",
        ),
        Measure(
            "meeting",
            _("达到创建要求"),
            _("对照标准各项均达到（不适用的除外）的城市社区，不论是否登记参与。"),
            _OVER,
            _MET,
            "3.1.4",
            "meeting",
        ),
        Measure(
            "both",
            _("参与创建并达到要求"),
            _("既登记参与创建行动、又达到创建要求的城市社区：文件的目标以此计。"),
            _OVER,
            _MET & _TAKES_PART,
            "1.2",
            "both",
        ),
        Measure(
            "unmet",
            _("未达到创建要求"),
            _("至少有一项确定未达到的城市社区。"),
            _OVER,
            pl.col("verdict") == "unmet",
            "3.1.4",
            "unmet",
        ),
        Measure(
            "unknown",
            _("资料不全"),
            _("没有一项确定未达到、但有的项缺少资料的城市社区；缺少资料不等于未达到。"),
            _OVER,
            pl.col("verdict") == "unknown",
            "3.1.3",
            "unknown",
        ),
        Measure(
            "denominator",
            _("城市社区"),
            _("截至所示日期（分母已固定的，按固定之日的边界）计入的全部城市社区。"),
            _OVER,
            pl.lit(value=True),
            "1.1",
            "denominator",
        ),
    )
}


@dataclass(frozen=True)
class Listed:
    """A measure at a place as of a day: the row it belongs to, its number, and the communities behind it.

    ``communities`` has ``code, name, path, verdict, participates``, by path.
    """

    measure: Measure
    row: AttainmentRow
    number: int
    communities: pl.DataFrame


def measure(slug: str) -> Measure:
    """Return the measure; NotFoundError for a name that is none."""
    if slug not in MEASURES:
        raise NotFoundError(
            _("没有名为“%(name)s”的指标。") % {"name": slug},
            hint=_("可选：%(names)s。") % {"names": "、".join(MEASURES)},
        )
    return MEASURES[slug]


def listed(slug: str, code: str, as_of: date) -> Listed:
    """Return the number of a measure at the place with ``code``, and the communities that make it.

    Raises NotFoundError for an unknown measure and for a place that has no figures.
    """
    chosen = measure(slug)
    row = next((r for r in attainment(as_of) if r.code == code), None)
    if row is None:
        raise NotFoundError(_("这个地方没有汇总数字。"), hint=_("请选择市、区或街道（乡镇）。"), code=code)
    programme = programmes.current(as_of)
    level = "city" if row.level == "city" else "district"
    target = applicable_target(programmes.policy(programme), level, as_of)
    frame, _frozen_on = counted_frame(programme, target, as_of)
    behind = frame.filter(pl.col("path").str.starts_with(row.path) & chosen.takes).sort("path")
    columns = ("code", "name", "path", "verdict", "participates")
    return Listed(chosen, row, int(getattr(row, chosen.figure)), behind.select(columns))
