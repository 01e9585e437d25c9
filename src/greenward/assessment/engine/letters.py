"""Columns of status codes to a text of letters and a verdict per place."""

from functools import cache
from itertools import product

import polars as pl

from greenward.assessment.engine.status import LETTERS, STATUSES, verdict

_WORD = 8
"""So many statuses of two bits make a word, whose letters a table of 4**8 rows holds."""


def _sizes(count: int) -> list[int]:
    """Return how many statuses each word holds."""
    return [min(_WORD, count - start) for start in range(0, count, _WORD)]


def words(count: int) -> list[pl.Expr]:
    """Pack the status columns `0`, `1`, … into words `w0`, `w1`, …: 60 columns of letters would be slow."""
    packed = []
    for index, size in enumerate(_sizes(count)):
        word = pl.col(f"{index * _WORD}")
        for offset in range(1, size):
            word = word * len(STATUSES) + pl.col(f"{index * _WORD + offset}")
        packed.append(word.alias(f"w{index}"))
    return packed


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


def verdicts(count: int) -> pl.Expr:
    """Return the standard's verdict, from which statuses occur."""
    seen = pl.lit(0, dtype=pl.UInt8)
    for index, size in enumerate(_sizes(count)):
        seen = seen | pl.lit(_table(size)["seen"]).gather(pl.col(f"w{index}"))
    sets = ([status for bit, status in enumerate(STATUSES) if bits >> bit & 1] for bits in range(16))
    return pl.lit(pl.Series([str(verdict(found)) for found in sets])).gather(seen)
