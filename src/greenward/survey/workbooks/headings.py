"""Finding a table's headings and what each column means, whatever stands above and however it is spelt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from greenward.packs.schema.forms import Form
from greenward.survey.workbooks.grid import Sheet
from greenward.survey.workbooks.meanings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    COMPOUND_NAME,
    DISTRICT,
    IDENTIFYING,
    STREET,
    WHERE,
    Found,
    Meanings,
    path_key,
    weak_twice,
)
from greenward.survey.workbooks.spelling import key_of

__all__ = [
    "COMMUNITY_CODE", "COMMUNITY_NAME", "COMPOUND_NAME", "DISTRICT", "IDENTIFYING", "STREET", "Heading",
    "Headings", "find_headings", "key_of", "top_texts",
]  # fmt: skip

SEARCHED_ROWS = 40
DEEPEST = 3
FEWEST = 2
"""Fields that make a row a heading where no column says which community it is."""
Texts = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Heading:
    """A column's heading: where it stands, its texts from the top down, and what it was taken for.

    ``state``: ``known`` spelling, ``given`` by people, ``unknown``, ``repeated``, or ``unclear`` where the
    lowest heading stands below several groups.
    """

    column: int
    path: tuple[str, ...]
    found: Found
    state: str

    @property
    def title(self) -> str:
        """The heading in one line."""
        return " | ".join(" ".join(text.split()) for text in self.path)

    @property
    def key(self) -> str:
        """The heading's one spelling, by which it is remembered."""
        return path_key(self.path)


@dataclass(frozen=True)
class Headings:
    """The rows of the headings (0-based, ``top`` to ``row``), and every column that has one."""

    top: int
    row: int
    found: tuple[Heading, ...]
    columns: dict[str, int] = field(default_factory=dict)
    """The position of each column that is read, by meaning."""

    def of(self, state: str) -> tuple[Heading, ...]:
        """Return the headings in a state."""
        return tuple(one for one in self.found if one.state == state)

    @property
    def says_where(self) -> bool:
        """Whether a column says which community a row is about."""
        return not self.columns.keys().isdisjoint({COMMUNITY_CODE, COMMUNITY_NAME})

    @property
    def fields(self) -> int:
        """How many columns are answers."""
        return len(self.columns.keys() - WHERE)


def find_headings(sheet: Sheet, form: Form, given: Mapping[str, str] | None = None) -> Headings | None:
    """Return the headings that name most columns; None without one that names a field.

    ``given``: what people said of headings (by ``meanings.path_key``), empty for not to be read.
    """
    meanings = Meanings(form, given or {})
    texts = top_texts(sheet)
    spread = not any(area.top < len(texts) for area in sheet.merged)
    best: Headings | None = None
    for row in (row for row, line in enumerate(texts) if meanings.may_name(line)):
        for depth in range(1, min(DEEPEST, row + 1) + 1):
            one = _read(texts, row - depth + 1, row, meanings, spread=spread)
            if _is_heading(one) and (best is None or _worth(one) > _worth(best)):
                best = one
    return best


def top_texts(sheet: Sheet) -> Texts:
    """Return the texts of the first rows; merged cells say everywhere what they say."""
    rows: list[list[str | None]] = [list(row) for row in sheet.head(SEARCHED_ROWS).iter_rows()]
    for area in sheet.merged:
        if area.top >= len(rows):
            continue
        text = rows[area.top][area.left]
        for row in rows[area.top : area.bottom + 1]:
            row[area.left : area.right + 1] = [text] * (area.right + 1 - area.left)
    return rows


def _is_heading(one: Headings) -> bool:
    return one.fields >= 1 if one.says_where else one.fields >= FEWEST


def _worth(one: Headings) -> tuple[int, int, int]:
    """Return what makes a reading better than another: more columns, fewer twice, fewer rows."""
    named = len(one.columns) + len(one.of("unclear")) + 2 * one.says_where
    return named, -len(one.of("repeated")), one.top - one.row


def _read(texts: Texts, top: int, row: int, meanings: Meanings, *, spread: bool) -> Headings:
    paths = list(_paths(texts, top, row, spread=spread))
    found = [meanings.of(path) for _column, path in paths]
    unclear = weak_twice(found, [path for _column, path in paths])
    columns: dict[str, int] = {}
    headings = []
    for (column, path), one in zip(paths, found, strict=True):
        state = "given" if one.given else "known" if one.meaning else "unknown"
        if one.meaning and one.weak and one.meaning in unclear:
            state = "unclear"
        elif one.meaning and one.meaning in columns:
            state = "repeated"
        elif one.meaning:
            columns[one.meaning] = column
        headings.append(Heading(column, path, one, state))
    return Headings(top, row, tuple(headings), columns)


def _paths(texts: Texts, top: int, row: int, *, spread: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield every column that has a heading, with its texts from the top down, the same text once."""
    lines = [
        _spread(texts[number], texts[number + 1]) if spread else texts[number] for number in range(top, row)
    ]
    for column in range(len(texts[row])):
        path: list[str] = []
        for line in (*lines, texts[row]):
            text = line[column]
            if text is not None and text.strip() and (not path or path[-1] != text):
                path.append(text)
        if path:
            yield column, tuple(path)


def _spread(line: Sequence[str | None], below: Sequence[str | None]) -> list[str | None]:
    """Return a line of groups with each group over the blank cells to its right that head something.

    Files without merged cells (.csv) leave them blank.
    """
    spread, last = list(line), None
    for column, text in enumerate(line):
        if text is not None and text.strip():
            last = text
        elif last is not None and below[column] is not None:
            spread[column] = last
        else:
            last = None
    return spread
