"""One item or indicator as a form: the columns of the workbook, filled from data and read back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from greenward.packs.workbook import labels
from greenward.packs.workbook.cells import Names, folded, written
from greenward.packs.workbook.columns import PARTS, ROUNDINGS, ROW, SCORES, SHAPED, YES_NO, Column
from greenward.packs.workbook.grid import Row
from greenward.packs.workbook.indicators import read_shape
from greenward.packs.workbook.reading import names_of
from greenward.packs.workbook.rows import Entry, Reader
from greenward.packs.workbook.scores import add_part
from greenward.packs.workbook.shapes import NAMES, told_of
from greenward.packs.workbook.writing import score_rows

BY_TEXT = "按规则文字"
SCORE = [column for column in SCORES if column.name != "of"]
SPARE = 2
"""Empty rows of scores below those that are filled in."""


@dataclass(frozen=True)
class Control:
    """A control: its name, label, kind, what it shows, what it offers, and what is wrong with it."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    required: bool = False

    @property
    def rows(self) -> int:
        """Lines of a long text's box."""
        return min(8, max(2, len(self.value) // 40 + 1))


def columns_of(*, indicator: bool) -> list[Column]:
    """Return the columns that an item, or an indicator, is asked."""
    asked = [column for column in ROW if not (indicator and column.item_only)]
    place = next(n for n, column in enumerate(asked) if column.name == "rule")
    return [*asked[:place], *SHAPED, *asked[place:]]


def shown(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what each control shows of an entry's data."""
    values = {column.name: _text(written(column, _at(entry, column.path))) for column in ROW}
    told = told_of(entry.get("rule"))
    if told is not None:
        values |= {
            "shape": NAMES[told.shape],
            "fact": told.fact,
            "over": told.over,
            "threshold": told.threshold,
        }
        values["rule"] = ""
    elif "rule" in entry:
        values["shape"] = BY_TEXT
    for number, row in enumerate(score_rows({"id": "", **entry})):
        cells = {name: _text(value) for name, value in row.items() if name != "of"}
        values |= {f"score-{number}-{name}": text for name, text in cells.items()}
    return values


def controls(
    values: Mapping[str, str], faults: Mapping[str, str], texts: Mapping[str, str], *, indicator: bool
) -> list[Control]:
    """Return the controls of the form, in order."""
    names = names_of(texts)
    return [
        Control(
            column.name,
            labels.shown(column.heading),
            column.kind,
            values.get(column.name, ""),
            _offered(column, names),
            faults.get(column.name, ""),
            column.needed(indicator=indicator),
        )
        for column in columns_of(indicator=indicator)
    ]


def score_controls(values: Mapping[str, str], faults: Mapping[str, str]) -> list[list[Control]]:
    """Return the rows of scores, with some to spare."""
    count = 0
    while any(f"score-{count}-{column.name}" in values for column in SCORE):
        count += 1
    filled = sum(1 for n in range(count) if any(values.get(f"score-{n}-{c.name}") for c in SCORE))
    return [
        [
            Control(
                f"score-{number}-{column.name}",
                labels.shown(column.heading),
                column.kind,
                values.get(f"score-{number}-{column.name}", ""),
                _offered(column, {}),
                faults.get(f"score-{number}-{column.name}", ""),
            )
            for column in SCORE
        ]
        for number in range(max(count, filled + SPARE))
    ]


def read_form(
    posted: Mapping[str, str], before: Mapping[str, Any], texts: Mapping[str, str], *, indicator: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the entry's data as the form has it, and what is wrong by control; the rest stays as before."""
    reader = Reader(names_of(texts))
    entry = Entry(Row(0, {}), "")
    for column in columns_of(indicator=indicator):
        text = posted.get(column.name, "").strip()
        if text:
            reader.take(entry, column, text, column.name)
        elif column.needed(indicator=indicator):
            reader.fault(column.name, "blank_cell", "—")
    if folded(posted.get("shape", "")) not in ("", BY_TEXT):
        entry.data.pop("rule", None)
        entry.cells.pop("rule", None)
    read_shape(reader, entry)
    _read_scores(reader, entry, posted)
    asked = {column.path[0] for column in columns_of(indicator=indicator) if column.path} | {"score", "rule"}
    kept = {key: value for key, value in before.items() if key not in asked}
    entry.data.setdefault("verified", False)
    return {**kept, **entry.data}, {fault.cell: fault.message for fault in reader.faults}


def _read_scores(reader: Reader, entry: Entry, posted: Mapping[str, str]) -> None:
    parts: dict[int, dict[str, Any]] = {}
    number = 0
    while any(f"score-{number}-{column.name}" in posted for column in SCORE):
        row = Entry(Row(number, {}), f"score-{number}-way")
        for column in SCORE:
            text = posted.get(f"score-{number}-{column.name}", "").strip()
            if text:
                reader.take(row, column, text, f"score-{number}-{column.name}")
        if "way" in row.aside:
            key = int(row.aside.get("part", 1))
            if key not in parts:
                parts[key] = {}
                entry.data.setdefault("score", []).append(parts[key])
            add_part(reader, row, parts[key], entry, "score")
        number += 1


def _offered(column: Column, names: Names) -> tuple[tuple[str, str], ...]:
    if column.name == "shape":
        return (("", "—"), (BY_TEXT, labels.shown(BY_TEXT)), *_both(NAMES.values()))
    if column.kind == "bool":
        return (("", "—"), *_both(YES_NO.values()))
    if column.kind == "choice":
        words = {"way": PARTS, "rounding": ROUNDINGS}.get(column.name, column.choices)
        return (("", "—"), *_both(words.values()))
    if column.refers and column.kind != "names":
        known = names.get(column.refers, {})
        return (("", "—"), *((name, f"{name} {words[:24]}".strip()) for name, words in known.items()))
    return ()


def _both(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return each choice with its words in the reader's language; what is sent stays the workbook's."""
    return [(word, labels.shown(word)) for word in words]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data
