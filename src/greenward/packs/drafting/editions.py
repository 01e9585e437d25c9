"""The number of the edition to come."""

from collections.abc import Mapping

from greenward.packs.drafting import splicing
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack


def next_edition(pack_id: str, after: str) -> str:
    """Return the first free edition number after one: year and running number, such as ``2021.3``."""
    taken = set(InstalledPack.objects.filter(pack_id=pack_id).values_list("edition", flat=True))
    year, _dot, number = after.partition(".")
    running = int(number or 0) + 1
    while f"{year}.{running}" in taken:
        running += 1
    return f"{year}.{running}"


def renumbered(texts: Mapping[str, str], pack: Pack) -> dict[str, str]:
    """Return the files under the next free number of an edition."""
    number = next_edition(pack.manifest.id, pack.manifest.edition)
    card = splicing.set_key(texts["pack.yaml"], "pack.yaml", ("edition",), number)
    return {**texts, "pack.yaml": card}
