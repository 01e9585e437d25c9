"""From the statistics bureau's list to places: what each row is, and whom it reports to.

Source of the rules: National Bureau of Statistics, 统计用区划代码编制规则 (township units 001–099 streets
and areas, 100–199 towns, 200–399 townships, 400–599 units like a township; village level 001–199 and 400–499
residents' committees, 200–399 and 500–599 villagers' committees), and 京建发〔2021〕315号, which addresses
the 经开区 beside the 16 districts.
"""

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Literal

SOURCE = "国家统计局《统计用区划代码》（截至2023-06-30，2023-09-11发布）；名单日期之前的情况按同一名单追溯"
FILE = "beijing-places-2023.csv.gz"
PLACEHOLDER = "虚拟社区"
CITY = "110000000000"
DEVELOPMENT_ZONE = "110115403000"
REPORTS_TO_ZONE = frozenset({"110115012000", "110115013000"})  # 荣华街道, 博兴街道

LevelSlug = Literal["city", "district", "subdistrict", "community"]
KindSlug = Literal[
    "city",
    "district",
    "development_zone",
    "street",
    "area",
    "town",
    "township",
    "special_unit",
    "residents_committee",
    "villagers_committee",
]

_TOWNSHIP_ENDINGS: tuple[tuple[str, tuple[int, int], KindSlug], ...] = (
    ("街道", (1, 99), "street"),
    ("地区", (1, 99), "area"),
    ("镇", (100, 199), "town"),
    ("乡", (200, 399), "township"),
)
_COMMITTEE_RANGES: tuple[tuple[int, int, KindSlug], ...] = (
    (1, 199, "residents_committee"),
    (200, 399, "villagers_committee"),
    (400, 499, "residents_committee"),
    (500, 599, "villagers_committee"),
)


@dataclass(frozen=True)
class Row:
    """One place of the list: 12-digit code, name, level, kind, code of the reporting parent."""

    code: str
    name: str
    level: LevelSlug
    kind: KindSlug
    parent: str | None


@dataclass(frozen=True)
class Listing:
    """The places, parents before children, and the codes of placeholders, which are no places."""

    rows: tuple[Row, ...]
    placeholders: tuple[str, ...]


def committee_kind(code: str) -> KindSlug:
    """Return the kind of committee that the last three digits of a 12-digit ``code`` name.

    ValueError for a number outside every range.
    """
    number = int(code[9:12])
    for first, last, kind in _COMMITTEE_RANGES:
        if first <= number <= last:
            return kind
    raise ValueError(f"{code}: {number:03} is no committee's number (001-599)")


def committee_range(code: str) -> str:
    """Return the range of numbers that decided :func:`committee_kind`, such as ``001–199``."""
    number = int(code[9:12])
    return next(
        f"{first:03}–{last:03}" for first, last, _kind in _COMMITTEE_RANGES if first <= number <= last
    )


def status_reason(code: str) -> str:
    """Return why a committee counts or not: the range that its code's last three digits fall in."""
    committee = "居委会" if committee_kind(code) == "residents_committee" else "村委会"
    return f"代码末三位 {code[9:12]} 在 {committee_range(code)}，为{committee}（统计用区划代码编制规则）"


def township_kind(code: str, name: str) -> KindSlug:
    """Return the kind of a township unit: its name's ending where the code's range agrees.

    Areas (地区) hold codes of the streets' range.
    """
    number = int(code[6:9])
    for ending, (first, last), kind in _TOWNSHIP_ENDINGS:
        if name.endswith(ending) and first <= number <= last:
            return kind
    return "special_unit"


def read() -> Listing:
    """Read the list that ships with this module."""
    data = resources.files("greenward.territories") / "data" / FILE
    with data.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8", newline="") as text:
        return listing(csv.DictReader(text))


def listing(lines: Iterable[dict[str, str]]) -> Listing:
    """Sort out ``lines`` with keys code, name, level, parent_code."""
    rows: list[Row] = []
    placeholders: list[str] = []
    for line in lines:
        if line["level"] == "community" and line["name"].endswith(PLACEHOLDER):
            placeholders.append(line["code"])
        else:
            rows.append(_row(line))
    order = {"city": 0, "district": 1, "subdistrict": 2, "community": 3}
    return Listing(tuple(sorted(rows, key=lambda r: (order[r.level], r.code))), tuple(placeholders))


def _row(line: dict[str, str]) -> Row:
    code, name, level = line["code"], line["name"], line["level"]
    if code == DEVELOPMENT_ZONE:
        return Row(code, name, "district", "development_zone", CITY)
    if level == "city":
        return Row(code, name, "city", "city", None)
    if level == "district":
        return Row(code, name, "district", "district", line["parent_code"])
    if level == "subdistrict":
        parent = DEVELOPMENT_ZONE if code in REPORTS_TO_ZONE else line["parent_code"]
        return Row(code, name, "subdistrict", township_kind(code, name), parent)
    return Row(code, name, "community", committee_kind(code), line["parent_code"])
