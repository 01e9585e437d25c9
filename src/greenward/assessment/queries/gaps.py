"""What holds communities back: items, responsible departments, and who is nearest to passing."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.assessment.queries.picture import picture
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Department
from greenward.packs.schema.standard import Item
from greenward.programmes import queries as programmes

LETTERS = {"met": "M", "unmet": "U", "unknown": "?", "not_applicable": "N"}


@dataclass(frozen=True)
class ItemGap:
    """An item of the standard, and in how many communities it stands how."""

    item: Item
    met: int
    unmet: int
    unknown: int
    not_applicable: int
    communities: int
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class DepartmentGap:
    """A department, and how many communities an item within its duties holds back.

    ``unmet`` communities miss at least one of its items, ``unknown`` miss none but lack data for one.
    """

    department: Department
    unmet: int
    unknown: int
    communities: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class NearMiss:
    """A community that does not meet the requirement yet, with what it lacks."""

    code: str
    name: str
    path: str
    verdict: str
    unmet: tuple[Item, ...]
    unknown: tuple[Item, ...]

    @property
    def lacking(self) -> int:
        """How many items stand between the community and the requirement."""
        return len(self.unmet) + len(self.unknown)


def gaps(path: str, as_of: date) -> list[ItemGap]:
    """Return the items below ``path``, those that hold most communities back first."""
    pack, frame = scene_at(path, as_of)
    counts = letters_of(pack, frame).select(
        pl.col(item.id).eq(letter).sum().alias(f"{item.id}/{status}")
        for item in pack.standard.items
        for status, letter in LETTERS.items()
    )
    number = counts.row(0, named=True)
    found = [
        ItemGap(
            item=item,
            **{status: int(number[f"{item.id}/{status}"]) for status in LETTERS},
            communities=frame.height,
            departments=tuple(pack.department_by_slug[slug] for slug in item.departments),
        )
        for item in pack.standard.items
    ]
    return sorted(found, key=lambda g: (-g.unmet, -g.unknown, found.index(g)))


def gaps_by_department(path: str, as_of: date) -> list[DepartmentGap]:
    """Return the responsible departments below ``path``, most communities held back first."""
    pack, frame = scene_at(path, as_of)
    letters = letters_of(pack, frame)
    found = []
    for department in pack.departments:
        items = tuple(i for i in pack.standard.items if department.slug in i.departments)
        if not items:
            continue
        unmet = pl.any_horizontal(pl.col(i.id) == "U" for i in items)
        unknown = pl.any_horizontal(pl.col(i.id) == "?" for i in items)
        row = letters.select(unmet.sum().alias("unmet"), (unknown & ~unmet).sum().alias("unknown"))
        number = row.row(0, named=True)
        found.append(
            DepartmentGap(department, int(number["unmet"]), int(number["unknown"]), frame.height, items)
        )
    return sorted(found, key=lambda g: (-g.unmet, -g.unknown, g.department.slug))


def nearest_to_passing(path: str, as_of: date, n: int = 10) -> list[NearMiss]:
    """Return the ``n`` communities below ``path`` that lack fewest items, unmet ones weighing more."""
    pack, frame = scene_at(path, as_of)
    lacking = pl.col("statuses").str.count_matches("U", literal=True).alias("misses")
    unknown = pl.col("statuses").str.count_matches("?", literal=True).alias("unknowns")
    near = (
        frame.filter(pl.col("verdict") != "met")
        .with_columns(lacking, unknown)
        .sort(pl.col("misses") + pl.col("unknowns"), "misses", "path")
        .head(n)
    )
    return [
        NearMiss(
            row["code"],
            row["name"],
            row["path"],
            row["verdict"],
            _items(pack, row["statuses"], "U"),
            _items(pack, row["statuses"], "?"),
        )
        for row in near.to_dicts()
    ]


def scene_at(path: str, as_of: date) -> tuple[Pack, pl.DataFrame]:
    """Return the policy in force and the picture of the communities below ``path``."""
    pack = programmes.policy(programmes.current(as_of))
    return pack, picture(as_of).filter(pl.col("path").str.starts_with(path))


def letters_of(pack: Pack, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a column of letters per item."""
    return frame.select(
        pl.col("statuses").str.slice(number, 1).alias(item.id)
        for number, item in enumerate(pack.standard.items)
    )


def _items(pack: Pack, statuses: str, letter: str) -> tuple[Item, ...]:
    return tuple(i for i, found in zip(pack.standard.items, statuses, strict=True) if found == letter)
