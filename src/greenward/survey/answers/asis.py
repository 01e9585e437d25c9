"""The short way for what programs send: JSON that is the answer already, as ``single.read`` would read it."""

from math import isfinite

from greenward.packs.schema.forms import Column, Field

LARGEST = 2**53


def as_it_is(field: Field | Column, raw: object) -> bool | float | str | None:
    """Return ``raw`` where it fits the field as it is; None for everything that needs a second look."""
    kind = type(raw)
    if kind is bool:
        return bool(raw) if field.type == "bool" else None
    if kind is int or kind is float:
        return _number(field, raw)  # type: ignore[arg-type]  # its type has just been looked at
    if kind is str and field.type == "choice":
        return next((choice.value for choice in field.choices if choice.value == raw), None)
    return None


def _number(field: Field | Column, raw: float) -> float | None:
    if field.type not in {"count", "number"} or not isfinite(raw) or abs(raw) > LARGEST:
        return None
    if (field.min is not None and raw < field.min) or (field.max is not None and raw > field.max):
        return None
    if field.type == "count":
        return int(raw) if raw >= 0 and raw == int(raw) else None
    rounded = round(float(raw), field.decimals) if field.decimals is not None else float(raw)
    return rounded if rounded == raw else None
