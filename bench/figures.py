"""A figure, and the limit that was measured beside it in the same run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds for a piece of work, seconds for the least that any way of doing it must take, and our aim."""

    name: str
    value_s: float
    limit_s: float
    aim_ratio: float

    @property
    def ratio(self) -> float:
        """How many times the limit the work takes."""
        return self.value_s / self.limit_s


def seconds(work: Callable[[], object], *, repeats: int = 9) -> float:
    """Return the median of several runs, after one to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
