"""Which edition a result is asked under: ``beijing-2021@2021.2``, or a pack's latest by its id alone."""

from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack


def edition_named(text: str) -> InstalledPack:
    """Return the installed edition that a text names; NotFoundError when there is none."""
    pack_id, _sign, edition = text.partition("@")
    return packs.installed(pack_id.strip(), edition.strip() or None)


def name_of(edition: InstalledPack) -> str:
    """Return the text that names an edition in addresses."""
    return f"{edition.pack_id}@{edition.edition}"
