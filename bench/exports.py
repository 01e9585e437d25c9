"""Taking out a nation: the community form's values of 127,337 communities, against reading them alone.

Reading alone is one query of all values as of a day into typed columns, held in memory at once. The exports
read block by block: each figure names the peak memory of the process so far, and only then all is read at
once. ``GREENWARD_BENCH_ROWS`` makes the nation smaller.
"""

import resource
import tempfile
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bench import coverage, database
from bench.figures import Figure

if TYPE_CHECKING:
    from greenward.survey.exports.chosen import Chosen

AIMS = {"csv": 3, "parquet": 3, "xlsx": 5}


def run() -> Iterable[Figure]:
    with database.opened(coverage.NAME):
        coverage.nation()
        from greenward.survey.exports.chosen import chosen_for  # noqa: PLC0415 - Django is set up by now

        chosen = chosen_for(None, as_of=coverage.AS_OF, subject="community")
        done = [(name, *written(chosen, name), peak()) for name in AIMS]
        reading = min(read(chosen) for _ in range(3))
        for name, taken, size, memory in done:
            label = f"{coverage.ROWS:,} × {len(chosen.subjects[0].fields)} as {name} / reading"
            yield Figure(f"{label} ({size // 2**20}, peak {memory} MiB)", taken, reading, AIMS[name])
        coverage.empty()


def peak() -> int:
    """Return the most memory that the process had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def read(chosen: "Chosen") -> float:
    """Read all values at once, into columns."""
    from greenward.survey.queries import values_frame  # noqa: PLC0415

    start = time.perf_counter()
    values_frame(chosen.subjects[0].form, chosen.as_of)
    return time.perf_counter() - start


def written(chosen: "Chosen", name: str) -> tuple[float, int]:
    """Write the file; return seconds and bytes."""
    from greenward.core import clock  # noqa: PLC0415
    from greenward.programmes import queries as programmes  # noqa: PLC0415
    from greenward.survey.actions.exports import take_out  # noqa: PLC0415
    from greenward.survey.exports.formats import FORMATS  # noqa: PLC0415

    pack = programmes.policy(programmes.current(chosen.as_of))
    with tempfile.TemporaryFile() as target:
        start = time.perf_counter()
        rows = take_out(chosen, pack, FORMATS[name], target, by=None, at=clock.now())
        taken = time.perf_counter() - start
        assert rows == coverage.ROWS
        return taken, target.tell()
