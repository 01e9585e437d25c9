"""The sheets of scores and of evidence: rows that belong to an item or an indicator by its number."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import did_you_mean
from greenward.packs.workbook.headings import Headed
from greenward.packs.workbook.rows import Entry, Reader

WORDS = {"what": "条件、度量或评判事实", "points": "给分或每步", "rounding": "不足一步"}


def read_scores(reader: Reader, page: Headed | None, named: Mapping[str, Entry]) -> None:
    """Add each row to the score of its item: rows of bands in one part follow each other."""
    if page is None:
        return
    parts: dict[tuple[str, int], dict[str, Any]] = {}
    for row in reader.entries(page):
        reader.require(page, row)
        owner = _owner(reader, row, named)
        if owner is None or "way" not in row.aside:
            continue
        key = (str(row.aside["of"]), int(row.aside.get("part", 1)))
        score = owner.data.setdefault("score", [])
        if key not in parts:
            parts[key] = {}
            score.append(parts[key])
        place = f"score/{next(n for n, each in enumerate(score) if each is parts[key])}"
        owner.cells.setdefault(place, row.at)
        add_part(reader, row, parts[key], owner, place)


def add_part(reader: Reader, row: Entry, part: dict[str, Any], owner: Entry, place: str) -> None:
    """Add a row of the sheet of scores to a part of a score, its cells to its owner's."""
    match row.aside["way"]:
        case "band" if _has(reader, row, "what", "points"):
            bands = part.setdefault("bands", [])
            bands.append({"when": row.aside["what"], "points": row.aside["points"]})
            here = f"{place}/bands/{len(bands) - 1}"
            owner.cells[f"{here}/when"] = row.asides["what"]
            owner.cells[f"{here}/points"] = row.asides["points"]
        case "otherwise" if _has(reader, row, "points"):
            part["otherwise"] = row.aside["points"]
            owner.cells[f"{place}/otherwise"] = row.asides["points"]
        case "steps" if _has(reader, row, "what", "points", "rounding"):
            _set(row, part, owner, place, {"what": "of", "points": "each", "rounding": "rounding"})
            _set(row, part, owner, place, {n: n for n in ("start", "every", "above", "below")})
        case "judged" if _has(reader, row, "what", "least", "most"):
            _set(row, part, owner, place, {"what": "judged", "least": "least", "most": "most"})


def _set(row: Entry, part: dict[str, Any], owner: Entry, place: str, keys: Mapping[str, str]) -> None:
    for column, key in keys.items():
        if column in row.aside:
            part[key] = row.aside[column]
            owner.cells[f"{place}/{key}"] = row.asides[column]


def _has(reader: Reader, row: Entry, *names: str) -> bool:
    missing = [name for name in names if name not in row.aside]
    for name in missing:
        heading = WORDS.get(name, {"least": "最少", "most": "最多"}.get(name, name))
        reader.fault(row.at, "blank_cell", _("请填写“{heading}”。").format(heading=heading))
    return not missing


def read_evidence(reader: Reader, page: Headed | None, named: Mapping[str, Entry]) -> None:
    """Add each row to the evidence that its item or indicator needs."""
    if page is None:
        return
    for row in reader.entries(page):
        reader.require(page, row)
        owner = _owner(reader, row, named)
        if owner is None:
            continue
        needed = owner.data.setdefault("evidence_needed", [])
        needed.append(row.data)
        here = f"evidence_needed/{row.data.get('id', '')}"
        owner.cells[here] = row.at
        owner.cells.update({f"{here}/{path}": cell for path, cell in row.cells.items()})


def _owner(reader: Reader, row: Entry, named: Mapping[str, Entry]) -> Entry | None:
    of = str(row.aside.get("of", ""))
    if of in named:
        return named[of]
    if of:
        sentence = _("“指标”表里没有编号 {of}。{hint}").format(of=of, hint=did_you_mean(of, named))
        reader.fault(row.asides["of"], "unknown_item", sentence)
    return None
