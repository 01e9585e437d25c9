"""What the charts read from a page: figures, targets and the reader's words."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from greenward.assessment.queries.curve import CurvePoint
from greenward.assessment.queries.gaps import ItemGap
from greenward.assessment.queries.goals import Goal


class Counted(Protocol):
    """A place with its figures, as maps and treemaps show it."""

    @property
    def code(self) -> str:
        """The place's code."""

    @property
    def name(self) -> str:
        """The place's name."""

    @property
    def both(self) -> int:
        """Communities that take part and meet."""

    @property
    def denominator(self) -> int:
        """Communities that count."""

    @property
    def distance(self) -> int:
        """Communities lacking to the target."""


def curve_data(points: Iterable[CurvePoint], goals: Sequence[Goal]) -> dict[str, object]:
    """Return what the curve reads: points, targets, words."""
    return {
        "points": [
            {
                "on": point.as_of.isoformat(),
                "participating": point.participating,
                "both": point.both,
                "denominator": point.denominator,
            }
            for point in points
        ],
        "targets": [
            {"due": goal.due.isoformat(), "number": goal.number, "label": _label(goal)} for goal in goals
        ],
        "words": {"both": _("参与并达标"), "participating": _("参与创建"), "target": _("目标")},
    }


def places_data(rows: Iterable[Counted], address: Callable[[str], str]) -> dict[str, object]:
    """Return what maps and treemaps read; ``address`` gives the page of a code, empty for none."""
    return {
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "both": row.both,
                "denominator": row.denominator,
                "share": 100 * row.both / row.denominator if row.denominator else None,
                "distance": row.distance,
                "url": address(row.code),
            }
            for row in rows
        ],
        "words": {"both": _("参与并达标"), "distance": _("还差社区"), "share": _("参与并达标率")},
    }


def gaps_data(gaps: Iterable[ItemGap]) -> dict[str, object]:
    """Return what the bars of gaps read: items with how many communities fail them or lack data."""
    return {
        "rows": [
            {"name": f"{gap.item.id} {gap.item.short}", "unmet": gap.unmet, "unknown": gap.unknown}
            for gap in gaps
        ],
        "words": {"unmet": _("未达标"), "unknown": _("资料不全")},
    }


def _label(goal: Goal) -> str:
    share = round(float(goal.share) * 100)
    return _("%(due)s 目标 %(number)s（%(share)s%%）") % {
        "due": f"{goal.due:%Y-%m}",
        "number": goal.number,
        "share": share,
    }
