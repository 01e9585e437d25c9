"""A feed as it was sent, and what is wrong in its rows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import gettext as _

MOST_ROWS = 5000
MOST_DETAILS = 1000
LONGEST_DATASET = 80


@dataclass(frozen=True)
class FeedRow:
    """One place's values: the place by its ``code``, or a community by ``name`` (and ``street``).

    ``unit`` is the name of a unit inside that community, where the feed's form is about units.
    """

    values: Mapping[str, object]
    code: str = ""
    name: str = ""
    street: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Delivery:
    """A feed: the dataset's name, the day on which it was true, the form whose places it is about, its rows.

    ``only_valid``: rows with problems may be left out. ``office``: the sender's office by name, where the
    sender feeds for several.
    """

    dataset: str
    observed_on: date
    rows: Sequence[FeedRow]
    form: str = "community"
    only_valid: bool = False
    office: str = ""

    def digest(self) -> str:
        """Return a digest of everything that was sent."""
        return hashlib.sha256(
            json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False).encode()
        ).hexdigest()


@dataclass(frozen=True)
class RowProblem:
    """Something about a row, counted from 1: of its ``field``, or (empty) of its place."""

    row: int
    field: str
    code: str
    message: str


@dataclass
class Outcome:
    """What came of the rows: counts, and in full the first thousand of each kind.

    ``older`` are values that were left aside, for the place has said something else since then.
    """

    rows: int
    written: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    older: list[RowProblem] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        """Return it as plain data."""
        lists = {"problems": self.problems, "warnings": self.warnings, "older": self.older}
        return {
            "rows": self.rows,
            "written": self.written,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            **{f"{name}_count": len(listed) for name, listed in lists.items()},
            **{name: [asdict(one) for one in listed[:MOST_DETAILS]] for name, listed in lists.items()},
        }


def said_of_place(code: str) -> str:
    """Return what is said of a row whose place is not certain."""
    return {
        "place_missing": _("没有写地方的代码或社区名称。"),
        "place_not_found": _("没有找到这个地方，或者它不在本单位的范围内；请核对代码或名称。"),
        "place_ambiguous": _("不止一个地方叫这个名称；请填代码，或补上街道。"),
        "unit_not_found": _("这个社区没有登记这个名称的对象；请核对名称，或先请社区登记。"),
        "other_level": _("这个代码不是所选的表要填的那一类地方。"),
        "row_twice": _("同一地方在前面已有一行；请合并为一行。"),
        "case_closed": _("这个社区的摸底已提交或核验，不能直接改；请联系街道退回，或由区更正。"),
    }[code]
