"""The proof tree as JSON: the engine's tree with titles, clauses, facts and ways, for the reader's eyes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from greenward.assessment.engine.proof import Node, proof_of
from greenward.assessment.facts.values import FactValue
from greenward.assessment.reading.indicators import IndicatorReading, clause_text
from greenward.assessment.reading.lexicon import Lexicon

if TYPE_CHECKING:  # the query of readings makes what is told here
    from greenward.assessment.queries.reading import ItemReading, Reading

FIGURES = ("value", "between", "needs")


def proof_json(reading: "Reading") -> dict[str, Any]:
    """Return everything a page says of one community, as plain data.

    ``proof`` is the tree of `engine/proof.py` with titles and clauses; ``facts`` are the values it names, by
    id, with source and day; figures that the reader does not see are left out and ``withheld`` says so.
    ``own`` is what the district asks beyond, under the items of the standard; null where it asks nothing.
    """
    found = reading.found
    tree = proof_of(found.outcome, found.as_of)
    return {
        "place": found.place.place.code,
        "name": found.place.name,
        "as_of": found.as_of.isoformat(),
        "edition": found.edition,
        "digest": found.digest,
        "standard": {
            "id": found.pack.standard.id,
            "title": str(found.pack.standard.title),
            "verified": found.pack.standard.verified,
        },
        "verdict": str(found.verdict),
        "sentence": reading.sentence,
        "ages": reading.ages.as_dict(),
        "proof": _titled(_shown(tree, found.hidden)[0], reading),
        "own": _own(reading),
        "facts": {name: _fact(name, known, reading) for name, known in found.known.items()},
        "parameters": _parameters(reading),
        "clauses": _clauses(reading),
        "ways": [
            {
                "steps": [
                    {
                        "fact": step.fact,
                        "items": list(step.items),
                        "words": step.words,
                        "yuan": None if step.cost is None else float(step.cost),
                        "unknown_now": step.is_unknown,
                        "withheld": step.withheld,
                    }
                    for step in path.steps
                ],
                "yuan_known": float(path.cost) if path.has_cost else None,
                "steps_without_cost": path.without_cost,
            }
            for path in reading.paths
        ],
    }


def _shown(node: Node, hidden: frozenset[str]) -> tuple[Node, bool]:
    """Return a node without the figures that rest on hidden facts, and whether there are any in it.

    Whether a condition holds is the item's status, which everybody within reach sees; it stays.
    """
    parts = {name: _shown_part(part, hidden) for name, part in node.items()}
    kept = {name: part for name, (part, _withheld) in parts.items()}
    rests = node.get("fact") in hidden or any(withheld for _part, withheld in parts.values())
    if rests and "text" in node:
        told = isinstance(node.get("value"), bool) and node.get("fact") not in hidden
        kept = {
            name: part for name, part in kept.items() if name not in FIGURES or (name == "value" and told)
        }
        kept["withheld"] = True
    return kept, rests


def _shown_part(part: Any, hidden: frozenset[str]) -> tuple[Any, bool]:
    if isinstance(part, dict):
        return _shown(part, hidden)
    if isinstance(part, list) and part and isinstance(part[0], dict):
        found = [_shown(each, hidden) for each in part]
        return [each for each, _withheld in found], any(withheld for _each, withheld in found)
    return part, False


def _titled(tree: Node, reading: "Reading") -> Node:
    """Put titles, clauses and words beside the ids of areas, items, indicators and levels."""
    standard = reading.found.pack.standard
    levels = {level.id: str(level.title) for level in standard.levels}
    areas = {area.id: area for area in standard.areas}
    items = {item.found.id: item for item in reading.items}
    for level in tree.get("levels", []):
        level["title"] = levels[level["id"]]
    for node in tree.get("children", []):
        if node["kind"] == "area":
            node |= {"title": str(areas[node["id"]].title), "clause": areas[node["id"]].clause}
        for item in node["children"] if node["kind"] == "area" else [node]:
            _title_item(item, items[item["id"]])
    return tree


def _own(reading: "Reading") -> Node | None:
    """Return the district's own indicators by item; ``status`` and ``verdict``: the city's with them."""
    found, refinement = reading.found, reading.found.refinement
    if found.own is None or refinement is None:
        return None
    tree = _shown(proof_of(found.own, found.as_of), found.hidden)[0]
    tied = {item.found.id: item for item in reading.items}
    items = []
    for node in tree.get("children", []):
        own = tied[node["id"]].own
        if own is not None:
            _title_parts(node, own.indicators, "")
            parts = [part | {"stricter": part["id"] in own.stricter} for part in node["children"]]
            status = None if own.status is None else str(own.status)
            items.append({"item": node["id"], "status": status, "indicators": parts})
    return {
        "id": refinement.id,
        "district": refinement.district,
        "title": str(refinement.title),
        "verified": refinement.verified,
        "verdict": None if found.own_verdict is None else str(found.own_verdict),
        "items": items,
    }


def _title_item(node: Node, item: "ItemReading") -> None:
    schema = item.found.item
    node |= {
        "title": str(schema.title),
        "clause": schema.clause,
        "verified": schema.verified,
        "departments": [str(department.name) for department in item.found.departments],
    }
    _title_parts(node, item.indicators, str(schema.title))


def _title_parts(node: Node, found: Iterable[IndicatorReading], title: str) -> None:
    indicators = {each.id: each for each in found}
    for part in node.get("children", []):
        each = indicators[part["id"]]
        part |= {
            "title": each.title or title,
            "clause": each.clause,
            "verified": each.verified,
            "conditions": [
                {
                    "holds": one.holds,
                    "subject": one.subject,
                    "asked": one.asked,
                    "now": one.now,
                    "lacking": one.lacking,
                    "facts": list(one.facts),
                    "missing": [value.fact for value in one.missing],
                    "withheld": one.withheld,
                    "until": one.until.isoformat() if one.until else None,
                }
                for whole in each.conditions
                for one in whole.singles
            ],
        }


def _fact(name: str, known: FactValue, reading: "Reading") -> dict[str, Any]:
    withheld = name in reading.found.hidden
    value = known.value
    return {
        "label": known.label,
        "value": None if withheld or value is None else _plain(value),
        "withheld": withheld,
        "source": known.source,
        "on": known.on.isoformat() if known.on else None,
        "form": known.form or None,
        "field": known.field or None,
        "entry": None if withheld else known.entry,
        "expired_on": known.until.isoformat() if known.expired is not None and known.until else None,
        "fill_in": _gap(known),
    }


def _gap(known: FactValue) -> Mapping[str, Any] | None:
    gap = known.gap
    return None if gap is None else {"form": gap.form, "field": gap.field, "units": list(gap.compounds)}


def _parameters(reading: "Reading") -> dict[str, Any]:
    lexicon: Lexicon = reading.reader.lexicon
    return {
        one.id: {
            "label": str(one.label),
            "value": float(one.value),
            "unit": one.unit,
            "clause": one.clause,
            "own_rule": one.own_rule,
        }
        for one in lexicon.pack.parameters
    }


def _clauses(reading: "Reading") -> dict[str, str]:
    """Return the wording of every clause that an area, an item or a district's own indicator rests on."""
    standard, pack = reading.found.pack.standard, reading.found.pack
    named = [area.clause for area in standard.areas] + [item.clause for item in standard.items]
    named += [each.clause for item in reading.items if item.own for each in item.own.indicators]
    return {name: clause_text(pack, name) for name in dict.fromkeys(named)}


def _plain(value: object) -> Any:
    return value if isinstance(value, bool | int | float) else str(value)
