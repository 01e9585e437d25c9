"""Two thousand pictures, twenty of them used again: cut, mirrored, saved anew, turned; which are found.

The limit of taking a picture in is opening the same content once. What was found and what was asked for
nothing is printed: the pictures are drawn (`tests/factories/pictures.py`), so false alarms among real ones
may differ.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from bench.database import empty
from bench.figures import Figure

PICTURES = 2_000
AGAIN = 20
LAST = 500
"""The pictures that are timed: the last ones, when the most are stored."""
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """Keep them all, one after another, as people would hand them in."""
    with empty():
        from greenward.evidence.actions import keep_file  # noqa: PLC0415 - Django is set up by now
        from greenward.evidence.pictures.opening import read  # noqa: PLC0415 - the same

        taken, opened = [], []
        for name, content in _handed_in():
            start = time.perf_counter()
            read(content, 1024)
            middle = time.perf_counter()
            keep_file(f"{name}.jpg", content, by=None, at=AT)
            opened.append(middle - start)
            taken.append(time.perf_counter() - middle)
        _tell()
        yield Figure(
            f"take in a picture beside {PICTURES:,}", median(taken[-LAST:]), median(opened[-LAST:]), 60
        )


def _handed_in() -> Iterator[tuple[str, bytes]]:
    """Give name and content: of the fresh ones the number, of those used again also how they were changed."""
    from tests.factories.pictures import changes, jpeg, scene  # noqa: PLC0415 - needs Django's settings

    made = list(changes().items())
    used_again = range(0, PICTURES - AGAIN, (PICTURES - AGAIN) // AGAIN)[:AGAIN]
    for number in range(PICTURES - AGAIN):
        yield f"{number}", jpeg(scene(number))
    for turn, number in enumerate(used_again):
        change, apply = made[turn % len(made)]
        yield f"{number} {change}", apply(scene(number))


def _tell() -> None:
    """Print which pictures were found again, and how many questions were asked for nothing."""
    from greenward.evidence.models import Keeping, Resemblance  # noqa: PLC0415 - Django is set up by now

    names = dict(Keeping.objects.values_list("file_id", "name"))
    pairs = [
        (names[later].removesuffix(".jpg"), names[earlier].removesuffix(".jpg"))
        for later, earlier in Resemblance.objects.values_list("later_id", "earlier_id")
    ]
    found = {later for later, earlier in pairs if later.split(" ")[0] == earlier}
    for_nothing = [pair for pair in pairs if pair[0].split(" ")[0] != pair[1]]
    again = {name.removesuffix(".jpg") for name in names.values() if " " in name}
    print(f"used again: {len(found)} of {len(again)} found")
    print(f"asked for nothing: {len(for_nothing)} of {len(names):,} pictures")
    for missed in sorted(again - found):
        print(f"  not found: {missed}")
