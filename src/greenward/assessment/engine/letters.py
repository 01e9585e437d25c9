"""Columns of status codes to a text of letters and a verdict per place."""

import operator
from collections.abc import Sequence
from functools import cache, reduce
from itertools import product

import polars as pl

from greenward.assessment.engine.status import LETTERS, STATUSES, verdict

_HALF = 4
_WORD = 2 * _HALF
"""So many statuses of two bits make a word, whose letters a table of 4**8 rows holds."""


def _sizes(count: int) -> list[int]:
    """Return how many statuses each word holds."""
    return [min(_WORD, count - start) for start in range(0, count, _WORD)]


def words(codes: Sequence[str], prefix: str = "w") -> list[pl.Expr]:
    """Pack status columns into words `w0`, `w1`, …: 60 columns of letters would be slow."""
    packed = []
    for index, size in enumerate(_sizes(len(codes))):
        columns = [pl.col(codes[index * _WORD + offset]) for offset in range(size)]
        word = _joined(columns[:_HALF])
        if size > _HALF:
            low = len(STATUSES) ** (size - _HALF)
            word = word.cast(pl.UInt16) * low + _joined(columns[_HALF:]).cast(pl.UInt16)
        packed.append(word.alias(f"{prefix}{index}"))
    return packed


def _joined(columns: list[pl.Expr]) -> pl.Expr:
    """Pack up to four codes into a byte."""
    byte, *others = columns
    for column in others:
        byte = byte * len(STATUSES) + column
    return byte


@cache
def _table(size: int) -> pl.DataFrame:
    """Return, for each word of a size, its letters and which statuses are in it (a bit per status)."""
    words = list(product(range(len(STATUSES)), repeat=size))
    return pl.DataFrame(
        {
            "letters": ["".join(LETTERS[code] for code in word) for word in words],
            "seen": [sum(1 << code for code in set(word)) for word in words],
        },
        schema={"letters": pl.String, "seen": pl.UInt8},
    )


def letters(count: int) -> pl.Expr:
    """Return the letters of all items."""
    parts = [pl.lit(_table(size)["letters"]).gather(pl.col(f"w{n}")) for n, size in enumerate(_sizes(count))]
    return pl.concat_str(parts) if parts else pl.lit("")


def verdicts(count: int, prefix: str = "w") -> pl.Expr:
    """Return the verdict over the statuses packed into words, from which statuses occur."""
    if not count:
        return pl.lit(str(verdict(())))
    bits = [
        pl.lit(_table(size)["seen"]).gather(pl.col(f"{prefix}{n}")) for n, size in enumerate(_sizes(count))
    ]
    seen = reduce(operator.or_, bits)
    sets = ([status for bit, status in enumerate(STATUSES) if mask >> bit & 1] for mask in range(16))
    return pl.lit(pl.Series([str(verdict(found)) for found in sets])).gather(seen)
