"""The number of the edition to come."""

from greenward.packs.models import InstalledPack


def next_edition(pack_id: str, after: str) -> str:
    """Return the first free edition number after one: year and running number, such as ``2021.3``."""
    taken = set(InstalledPack.objects.filter(pack_id=pack_id).values_list("edition", flat=True))
    year, _dot, number = after.partition(".")
    running = int(number or 0) + 1
    while f"{year}.{running}" in taken:
        running += 1
    return f"{year}.{running}"
