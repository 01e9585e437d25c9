"""JSON Schema for editors, one per kind of file, made from the shapes."""

from typing import Any

from pydantic import TypeAdapter

from greenward.packs.loader.sheets import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def editor_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file, by file name."""
    return {
        f"{kind.name}.schema.json": {"$schema": DIALECT} | TypeAdapter(kind.hint).json_schema()
        for kind in KINDS
    }
